// The lab's lab-host: runs in Dom0 and makes a resumed machine host NUMBER of
// COUNT: clock, host name, address on the network of the Dom0s, names of the
// others. Outside ways A, B and C. One program without libraries, since `lab
// up` waits for it and every program costs 0.1 s in a Dom0 that just resumed.
#include <arpa/inet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static void need(int result, const char *what)
{
    if (result >= 0)
        return;
    perror(what);
    exit(1);
}

static void set_clock(double seconds)
{
    struct timeval now = { .tv_sec = (time_t)seconds };
    now.tv_usec = (suseconds_t)((seconds - (double)now.tv_sec) * 1e6);
    need(settimeofday(&now, NULL), "lab-host: clock");
}

static FILE *replaced(const char *path)
{
    FILE *f = fopen(path, "w");
    need(f ? 0 : -1, path);
    return f;
}

static void set_names(int number, int count)
{
    char name[32];
    int length = snprintf(name, sizeof(name), "host%d", number);
    need(sethostname(name, (size_t)length), "lab-host: host name");
    FILE *f = replaced("/etc/hostname");
    fprintf(f, "%s\n", name);
    need(fclose(f), "/etc/hostname");
    f = replaced("/etc/hosts");
    fputs("127.0.0.1 localhost\n", f);
    for (int i = 1; i <= count; i++)
        fprintf(f, "192.168.129.%d host%d\n", i, i);
    need(fclose(f), "/etc/hosts");
}

static struct ifreq address(const char *text)
{
    struct ifreq r = { .ifr_name = "eth0" };
    struct sockaddr_in in = { .sin_family = AF_INET };
    inet_pton(AF_INET, text, &in.sin_addr);
    memcpy(&r.ifr_addr, &in, sizeof(in));
    return r;
}

// netdevice(7): a card has to be down for a new hardware address.
static void set_network(int number)
{
    int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    need(s, "lab-host: socket");
    struct ifreq r = { .ifr_name = "eth0" };
    r.ifr_hwaddr.sa_family = ARPHRD_ETHER;
    unsigned char mac[6] = { 0x52, 0x54, 0, 0x1a, 0xb0, (unsigned char)number };
    memcpy(r.ifr_hwaddr.sa_data, mac, sizeof(mac));
    need(ioctl(s, SIOCSIFHWADDR, &r), "lab-host: hardware address");
    char text[INET_ADDRSTRLEN];
    snprintf(text, sizeof(text), "192.168.129.%d", number);
    r = address(text);
    need(ioctl(s, SIOCSIFADDR, &r), "lab-host: address");
    r = address("255.255.255.0");
    need(ioctl(s, SIOCSIFNETMASK, &r), "lab-host: netmask");
    r = (struct ifreq){ .ifr_name = "eth0" };
    need(ioctl(s, SIOCGIFFLAGS, &r), "lab-host: flags");
    r.ifr_flags |= IFF_UP;
    need(ioctl(s, SIOCSIFFLAGS, &r), "lab-host: up");
    close(s);
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: lab-host NUMBER COUNT SECONDS\n", stderr);
        return 2;
    }
    int number = atoi(argv[1]);
    set_clock(atof(argv[3]));
    set_names(number, atoi(argv[2]));
    set_network(number);
    return 0;
}
