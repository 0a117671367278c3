/* This host's network cards and bridges, as the kernel shows them (way B). */
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/pure.h"

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

static void read_gateway(struct nic_found *n)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents("/proc/net/route", &text, NULL, NULL))
        return;
    g_autofree char *via = net_gateway4_of(text, n->device);
    g_strlcpy(n->gateway, via ? via : "", sizeof n->gateway);
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
