/* This host's network cards and bridges, as the kernel shows them (way B). */
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/net.h"

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

static void read_link(const char *device, const char *file, char *out,
                      size_t size)
{
    g_autofree char *path =
        g_build_filename("/sys/class/net", device, file, NULL);
    g_autofree char *target = g_file_read_link(path, NULL);
    g_autofree char *name = target ? g_path_get_basename(target) : NULL;
    g_strlcpy(out, name ? name : "", size);
}

static enum net_kind kind_of(const char *device)
{
    g_autofree char *vlan = g_build_filename("/proc/net/vlan", device, NULL);
    if (has(device, "bridge"))
        return NET_BRIDGE;
    if (has(device, "bonding"))
        return NET_BOND;
    if (g_file_test(vlan, G_FILE_TEST_EXISTS))
        return NET_VLAN;
    return has(device, "device") ? NET_CARD : NET_OTHER;
}

static void read_pci(const char *device, char *out, size_t size)
{
    unsigned d, b, s, f;
    read_link(device, "device", out, size);
    if (sscanf(out, "%x:%x:%x.%x", &d, &b, &s, &f) != 4)
        read_link(device, "device/..", out, size);
    if (sscanf(out, "%x:%x:%x.%x", &d, &b, &s, &f) != 4)
        out[0] = '\0';
}

/* Interfaces of guests are no cards of this host. */
static bool is_guest_side(const char *device)
{
    return !strcmp(device, "lo") || g_str_has_prefix(device, "vif") ||
           g_str_has_prefix(device, "tap");
}

static void read_nic(const struct ifaddrs *all, struct nic_found *n)
{
    char state[16], duplex[16], master[NET_NAME];
    const char *device = n->device;
    n->kind = kind_of(device);
    n->is_bridge = n->kind == NET_BRIDGE;
    n->physical = n->kind == NET_CARD;
    read_text(device, "address", n->mac, sizeof n->mac);
    n->carrier = read_int(device, "carrier");
    n->mtu = read_int(device, "mtu");
    n->speed = MAX(read_int(device, "speed"), 0);
    read_text(device, "duplex", duplex, sizeof duplex);
    n->duplex = !strcmp(duplex, "full");
    read_text(device, "operstate", state, sizeof state);
    n->up = strcmp(state, "down");
    read_link(device, "brport/bridge", n->bridge, sizeof n->bridge);
    read_link(device, "master", master, sizeof master);
    if (has(device, "bonding_slave"))
        g_strlcpy(n->bond, master, sizeof n->bond);
    read_pci(device, n->pci, sizeof n->pci);
    read_address(all, n);
    read_gateway(n);
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
        read_nic(all, &n);
        g_array_append_val(found, n);
    }
    if (all)
        freeifaddrs(all);
    return found;
}

const struct nic_found *net_found(const GArray *nics, const char *device)
{
    for (guint i = 0; i < nics->len; i++) {
        const struct nic_found *n = &g_array_index(nics, struct nic_found, i);
        if (!strcmp(n->device, device))
            return n;
    }
    return NULL;
}

static bool read_count(const char *device, const char *file, uint64_t *out)
{
    char text[32];
    bool there = read_text(device, file, text, sizeof text);
    *out = there ? strtoull(text, NULL, 10) : 0;
    return there;
}

bool net_counters(const char *device, uint64_t *rx_out, uint64_t *tx_out)
{
    return read_count(device, "statistics/rx_bytes", rx_out) &&
           read_count(device, "statistics/tx_bytes", tx_out);
}

/* ---- who would be cut off
 * ------------------------------------------------------------------- */

/* The IPv4 address in 8 digits, or at the end of the 32 of a mapped one. */
static bool read_ipv4(const char *digits, char out[INET_ADDRSTRLEN])
{
    static const char mapped[] = "0000000000000000FFFF0000";
    size_t n = strlen(digits);
    if (n == 32 && g_str_has_prefix(digits, mapped))
        digits += strlen(mapped);
    else if (n != 8)
        return false;
    struct in_addr a = { (uint32_t)strtoul(digits, NULL, 16) };
    return inet_ntop(AF_INET, &a, out, INET_ADDRSTRLEN) != NULL;
}

char *net_connection_of(const char *proc_net_tcp, const GPtrArray *ips)
{
    enum { ESTABLISHED = 1 };
    g_auto(GStrv) lines = g_strsplit(proc_net_tcp, "\n", -1);
    for (int i = 1; lines[0] && lines[i]; i++) {
        unsigned port, state;
        char local[33], far[33], text[INET_ADDRSTRLEN];
        if (sscanf(lines[i], " %*u: %32[0-9A-F]:%4x %32[0-9A-F]:%*4x %x", local,
                   &port, far, &state) != 4 ||
            state != ESTABLISHED || !strcmp(local, far) ||
            !read_ipv4(local, text))
            continue;
        for (guint k = 0; k < ips->len; k++)
            if (!strcmp(ips->pdata[k], text))
                return g_strdup_printf("%s:%u", text, port);
    }
    return NULL;
}

static GPtrArray *addresses_of(const char *device)
{
    GPtrArray *ips = g_ptr_array_new_with_free_func(g_free);
    struct ifaddrs *all = NULL;
    if (getifaddrs(&all) < 0)
        return ips;
    for (struct ifaddrs *a = all; a; a = a->ifa_next) {
        char text[INET_ADDRSTRLEN];
        if (!a->ifa_addr || a->ifa_addr->sa_family != AF_INET ||
            strcmp(a->ifa_name, device))
            continue;
        const struct sockaddr_in *ip = (const void *)a->ifa_addr;
        inet_ntop(AF_INET, &ip->sin_addr, text, sizeof text);
        g_ptr_array_add(ips, g_strdup(text));
    }
    freeifaddrs(all);
    return ips;
}

char *net_in_use(const char *device)
{
    struct nic_found n = { 0 };
    g_autofree char *text = NULL, *connection = NULL;
    g_autoptr(GPtrArray) ips = addresses_of(device);
    g_strlcpy(n.device, device, sizeof n.device);
    read_gateway(&n);
    if (*n.gateway)
        return g_strdup_printf("the default route through %s", n.gateway);
    static const char *const tables[] = { "/proc/net/tcp", "/proc/net/tcp6" };
    for (int i = 0; i < 2 && !connection; i++) {
        g_clear_pointer(&text, g_free);
        if (g_file_get_contents(tables[i], &text, NULL, NULL))
            connection = net_connection_of(text, ips);
    }
    return connection ? g_strdup_printf("a connection to %s", connection)
                      : NULL;
}
