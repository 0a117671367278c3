/* The DHCP client of a link: the first of those that Debian has. It outlives
 * this program and is found again by its pid file (way B). */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/internal.h"

#define RUN_DIR "/run/xapi-lite/net"

/* busybox's client leaves setting the address to a script. */
static const char udhcpc_script[] =
    "#!/bin/sh\n"
    "case $1 in\n"
    "deconfig) ip -4 addr flush dev \"$interface\";"
    " ip link set \"$interface\" up ;;\n"
    "bound | renew)\n"
    "    ip -4 addr flush dev \"$interface\"\n"
    "    ip addr add \"$ip/${mask:-24}\" dev \"$interface\"\n"
    "    for r in $router; do\n"
    "        ip route replace default via \"$r\" dev \"$interface\"\n"
    "        break\n"
    "    done\n"
    "    if [ -n \"$dns\" ] && [ ! -L /etc/resolv.conf ]; then\n"
    "        { grep -v ^nameserver /etc/resolv.conf 2>/dev/null\n"
    "          for d in $dns; do echo \"nameserver $d\"; done\n"
    "        } >/etc/resolv.conf.new\n"
    "        mv /etc/resolv.conf.new /etc/resolv.conf\n"
    "    fi ;;\n"
    "esac\n";

static char *pid_path(const char *device)
{
    return g_strdup_printf("%s/dhcp-%s.pid", RUN_DIR, device);
}

/* The client's process, or 0. A number alone could be anybody's by now. */
static pid_t client(const char *device)
{
    g_autofree char *path = pid_path(device), *text = NULL, *line = NULL;
    gsize n = 0;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return 0;
    pid_t pid = (pid_t)atoi(text);
    g_autofree char *proc = g_strdup_printf("/proc/%d/cmdline", (int)pid);
    if (pid <= 1 || !g_file_get_contents(proc, &line, &n, NULL))
        return 0;
    for (gsize i = 0; i + 1 < n; i++)
        if (!line[i])
            line[i] = ' ';
    return strstr(line, device) ? pid : 0;
}

static int write_script(const char *path, struct err *err)
{
    g_mkdir_with_parents(RUN_DIR, 0755);
    if (!g_file_set_contents(path, udhcpc_script, -1, NULL) ||
        chmod(path, 0755) < 0)
        return err_errno(err, ERR_IO, errno, "cannot write %s", path);
    return 0;
}

int net_dhcp_start(const char *device, struct err *err)
{
    static const char script[] = RUN_DIR "/udhcpc";
    g_autofree char *pid = pid_path(device);
    g_autofree char *dhclient = g_find_program_in_path("dhclient");
    g_autofree char *udhcpc = g_find_program_in_path("udhcpc");
    g_autofree char *busybox = g_find_program_in_path("busybox");
    if (client(device))
        return 0;
    if (write_script(script, err) < 0)
        return -1;
    if (dhclient)
        return NET_RUN(NULL, err, "dhclient", "-4", "-nw", "-pf", pid, device);
    if (!udhcpc && !busybox)
        return err_set(err, ERR_UNSUPPORTED,
                       "there is no DHCP client: install isc-dhcp-client or "
                       "udhcpc");
    const char *argv[] = { busybox ? "busybox" : "udhcpc",
                           "udhcpc",
                           "-b",
                           "-S",
                           "-t",
                           "5",
                           "-T",
                           "2",
                           "-i",
                           device,
                           "-p",
                           pid,
                           "-s",
                           script,
                           NULL };
    return net_run(busybox ? argv : argv + 1, NULL, err);
}

void net_dhcp_stop(const char *device)
{
    g_autofree char *path = pid_path(device);
    pid_t pid = client(device);
    if (pid)
        kill(pid, SIGTERM);
    unlink(path);
}
