/* This host's network cards and bridges, as the kernel shows them (way B). */
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver/driver.h"

static bool read_text(const char *device, const char *file, char *out,
                      size_t size)
{
    g_autofree char *path =
        g_build_filename("/sys/class/net", device, file, NULL);
    g_autofree char *text = NULL;
    out[0] = '\0';
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return false;
    g_strlcpy(out, g_strstrip(text), size);
    return true;
}

static int read_int(const char *device, const char *file)
{
    char text[32];
    return read_text(device, file, text, sizeof text) ? atoi(text) : 0;
}

static bool has(const char *device, const char *file)
{
    g_autofree char *path =
        g_build_filename("/sys/class/net", device, file, NULL);
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* The bridge of which it is a port. */
static void read_bridge(const char *device, char *out, size_t size)
{
    g_autofree char *path =
        g_build_filename("/sys/class/net", device, "brport/bridge", NULL);
    g_autofree char *target = g_file_read_link(path, NULL);
    g_autofree char *name = target ? g_path_get_basename(target) : NULL;
    g_strlcpy(out, name ? name : "", size);
}

static void read_address(const struct ifaddrs *all, struct nic_found *n)
{
    for (const struct ifaddrs *a = all; a; a = a->ifa_next) {
        if (strcmp(a->ifa_name, n->device) || !a->ifa_addr ||
            a->ifa_addr->sa_family != AF_INET)
            continue;
        const struct sockaddr_in *ip = (const void *)a->ifa_addr;
        const struct sockaddr_in *mask = (const void *)a->ifa_netmask;
        inet_ntop(AF_INET, &ip->sin_addr, n->ip, sizeof n->ip);
        if (mask)
            inet_ntop(AF_INET, &mask->sin_addr, n->netmask, sizeof n->netmask);
        return;
    }
}

/* /proc/net/route: the default route has destination 0. */
static void read_gateway(struct nic_found *n)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents("/proc/net/route", &text, NULL, NULL))
        return;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (int i = 1; lines[0] && lines[i]; i++) {
        char device[32];
        unsigned to, via;
        if (sscanf(lines[i], "%31s %x %x", device, &to, &via) != 3 || to ||
            strcmp(device, n->device))
            continue;
        struct in_addr a = { via };
        inet_ntop(AF_INET, &a, n->gateway, sizeof n->gateway);
    }
}

/* Interfaces of guests are no cards of this host. */
static bool is_guest_side(const char *device)
{
    return !strcmp(device, "lo") || g_str_has_prefix(device, "vif") ||
           g_str_has_prefix(device, "tap");
}

GArray *net_scan(void)
{
    GArray *found = g_array_new(FALSE, TRUE, sizeof(struct nic_found));
    g_autoptr(GDir) dir = g_dir_open("/sys/class/net", 0, NULL);
    struct ifaddrs *all = NULL;
    const char *device;
    if (getifaddrs(&all) < 0)
        all = NULL;
    while (dir && (device = g_dir_read_name(dir))) {
        struct nic_found n = { 0 };
        if (is_guest_side(device) || strlen(device) >= sizeof n.device)
            continue;
        g_strlcpy(n.device, device, sizeof n.device);
        read_text(device, "address", n.mac, sizeof n.mac);
        n.is_bridge = has(device, "bridge");
        n.physical = has(device, "device");
        n.carrier = read_int(device, "carrier");
        n.mtu = read_int(device, "mtu");
        n.speed = MAX(read_int(device, "speed"), 0);
        char state[16];
        read_text(device, "operstate", state, sizeof state);
        n.up = strcmp(state, "down");
        read_bridge(device, n.bridge, sizeof n.bridge);
        read_address(all, &n);
        read_gateway(&n);
        g_array_append_val(found, n);
    }
    if (all)
        freeifaddrs(all);
    return found;
}
