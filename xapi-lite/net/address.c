/* Addresses, routes and name servers of this host's links (way B). */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netlink/route/addr.h>
#include <netlink/route/nexthop.h>
#include <netlink/route/route.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/internal.h"

/* ---- texts
 * ------------------------------------------------------------------- */

int net_prefix_of_mask(const char *mask)
{
    struct in_addr a;
    if (inet_pton(AF_INET, mask, &a) != 1)
        return -1;
    uint32_t bits = ntohl(a.s_addr);
    int n = __builtin_popcount(bits);
    /* the ones must come first */
    return bits == (n ? ~0u << (32 - n) : 0) ? n : -1;
}

bool net_is_ip(int family, const char *text, bool with_prefix)
{
    unsigned char buf[sizeof(struct in6_addr)];
    long most = family == AF_INET ? 32 : 128;
    g_autofree char *ip = g_strdup(text);
    char *slash = strchr(ip, '/'), *end;
    if (!!slash != with_prefix)
        return false;
    if (slash) {
        *slash++ = '\0';
        long n = strtol(slash, &end, 10);
        if (!g_ascii_isdigit(*slash) || *end || n < 0 || n > most)
            return false;
    }
    return inet_pton(family, ip, buf) == 1;
}

/* ---- addresses
 * ------------------------------------------------------------------- */

static int address_add(struct nl_sock *s, int index, const char *ip, int prefix,
                       int family, struct err *err)
{
    struct nl_addr *a = NULL;
    int r = nl_addr_parse(ip, family, &a);
    if (r == 0) {
        struct rtnl_addr *address = rtnl_addr_alloc();
        if (prefix >= 0)
            nl_addr_set_prefixlen(a, prefix);
        rtnl_addr_set_ifindex(address, index);
        rtnl_addr_set_local(address, a);
        r = rtnl_addr_add(s, address, NLM_F_REPLACE);
        rtnl_addr_put(address);
        nl_addr_put(a);
    }
    return net_nl_result(r, err, "cannot use the address %s", ip);
}

static bool is_the_one(struct rtnl_addr *a, const char *keep)
{
    char text[80];
    if (!keep)
        return false;
    nl_addr2str(rtnl_addr_get_local(a), text, sizeof text);
    return !strcmp(text, keep);
}

/* Link-local addresses of IPv6 are the kernel's own. */
static bool is_kernels(struct rtnl_addr *a)
{
    return rtnl_addr_get_family(a) == AF_INET6 &&
           rtnl_addr_get_scope(a) == RT_SCOPE_LINK;
}

/* Deletes all but `keep`, "10.0.0.1/24". */
static int addresses_clear(struct nl_sock *s, int index, int family,
                           const char *keep, struct err *err)
{
    struct nl_cache *all = NULL;
    int r = rtnl_addr_alloc_cache(s, &all);
    if (r < 0)
        return net_nl_result(r, err, "cannot list addresses");
    for (struct nl_object *o = nl_cache_get_first(all); o && r >= 0;
         o = nl_cache_get_next(o)) {
        struct rtnl_addr *a = (struct rtnl_addr *)o;
        if (rtnl_addr_get_ifindex(a) != index ||
            rtnl_addr_get_family(a) != family || is_kernels(a) ||
            is_the_one(a, keep))
            continue;
        r = rtnl_addr_delete(s, a, 0);
        if (r == -NLE_NOADDR) /* went with its first of the same network */
            r = 0;
    }
    nl_cache_put(all);
    return net_nl_result(r, err, "cannot take an address away");
}

static int gateway_set(struct nl_sock *s, int index, int family,
                       const char *gateway, struct err *err)
{
    struct nl_addr *via = NULL, *any = NULL;
    int r = nl_addr_parse(gateway, family, &via);
    if (r == 0)
        r = nl_addr_parse("default", family, &any);
    if (r == 0) {
        struct rtnl_route *route = rtnl_route_alloc();
        struct rtnl_nexthop *hop = rtnl_route_nh_alloc();
        rtnl_route_nh_set_ifindex(hop, index);
        rtnl_route_nh_set_gateway(hop, via);
        rtnl_route_set_family(route, (uint8_t)family);
        rtnl_route_set_dst(route, any);
        rtnl_route_add_nexthop(route, hop);
        r = rtnl_route_add(s, route, NLM_F_CREATE | NLM_F_REPLACE);
        rtnl_route_put(route);
    }
    nl_addr_put(any);
    nl_addr_put(via);
    return net_nl_result(r, err, "cannot route through %s", gateway);
}

/* ---- name servers
 * ------------------------------------------------------------------- */

/* The lines of resolv.conf with other name servers. Caller frees. */
static char *resolv_text(const char *old, const char *dns)
{
    GString *s = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(old, "\n", -1);
    g_auto(GStrv) servers = g_strsplit_set(dns, ", ", -1);
    for (int i = 0; lines[i]; i++)
        if (*lines[i] && !g_str_has_prefix(lines[i], "nameserver"))
            g_string_append_printf(s, "%s\n", lines[i]);
    for (int i = 0; servers[i]; i++)
        if (*servers[i])
            g_string_append_printf(s, "nameserver %s\n", servers[i]);
    return g_string_free(s, FALSE);
}

static int dns_apply(const char *device, const char *dns, struct err *err)
{
    static const char path[] = "/etc/resolv.conf";
    g_autofree char *old = NULL;
    if (!*dns)
        return 0;
    if (g_file_test(path, G_FILE_TEST_IS_SYMLINK)) {
        g_auto(GStrv) servers = g_strsplit(dns, ",", -1);
        g_autoptr(GPtrArray) argv = g_ptr_array_new();
        g_ptr_array_add(argv, (char *)"resolvectl");
        g_ptr_array_add(argv, (char *)"dns");
        g_ptr_array_add(argv, (char *)device);
        for (int i = 0; servers[i]; i++)
            g_ptr_array_add(argv, servers[i]);
        g_ptr_array_add(argv, NULL);
        return net_run((const char *const *)argv->pdata, NULL, err);
    }
    g_file_get_contents(path, &old, NULL, NULL);
    g_autofree char *text = resolv_text(old ? old : "", dns);
    if (!g_file_set_contents(path, text, -1, NULL))
        return err_errno(err, ERR_IO, errno, "cannot write %s", path);
    return 0;
}

/* ---- all of a link
 * ------------------------------------------------------------------- */

static int apply4(struct nl_sock *s, const char *device, int index,
                  const struct net_ip *ip, struct err *err)
{
    if (ip->mode == NET_IP_DHCP)
        return net_dhcp_start(device, err);
    net_dhcp_stop(device);
    if (ip->mode == NET_IP_NONE)
        return addresses_clear(s, index, AF_INET, NULL, err);
    int prefix = net_prefix_of_mask(ip->netmask);
    g_autofree char *keep = g_strdup_printf("%s/%d", ip->ip, prefix);
    if (addresses_clear(s, index, AF_INET, keep, err) < 0 ||
        address_add(s, index, ip->ip, prefix, AF_INET, err) < 0)
        return -1;
    return ip->gateway && *ip->gateway
               ? gateway_set(s, index, AF_INET, ip->gateway, err)
               : 0;
}

static int apply6(struct nl_sock *s, const char *device, int index,
                  const struct net_ip *ip, struct err *err)
{
    g_autofree char *path =
        g_build_filename("/proc/sys/net/ipv6/conf", device, "accept_ra", NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return ip->mode6 == NET_IP_NONE
                   ? 0
                   : err_set(err, ERR_UNSUPPORTED, "this host has no IPv6");
    FILE *f = fopen(path, "we");
    if (f) {
        fputs(ip->mode6 == NET_IP_AUTO ? "1" : "0", f);
        fclose(f);
    }
    if (ip->mode6 == NET_IP_AUTO)
        return 0;
    bool fixed = ip->mode6 == NET_IP_STATIC;
    if (addresses_clear(s, index, AF_INET6, fixed ? ip->ip6 : NULL, err) < 0)
        return -1;
    if (fixed && address_add(s, index, ip->ip6, -1, AF_INET6, err) < 0)
        return -1;
    return fixed && ip->gateway6 && *ip->gateway6
               ? gateway_set(s, index, AF_INET6, ip->gateway6, err)
               : 0;
}

int net_ip_apply(const char *device, const struct net_ip *ip, struct err *err)
{
    NET_NL_AUTO *s = net_nl_open(err);
    int index = (int)if_nametoindex(device);
    if (!s)
        return -1;
    if (!index)
        return err_set(err, ERR_NOENT, "there is no network link %s", device);
    if (net_link_up(device, true, err) < 0 ||
        apply4(s, device, index, ip, err) < 0 ||
        apply6(s, device, index, ip, err) < 0)
        return -1;
    return ip->mode == NET_IP_STATIC && ip->dns
               ? dns_apply(device, ip->dns, err)
               : 0;
}

int net_ip_clear(const char *device, struct err *err)
{
    NET_NL_AUTO *s = net_nl_open(err);
    int index = (int)if_nametoindex(device);
    net_dhcp_stop(device);
    if (!s)
        return -1;
    if (!index)
        return 0;
    return addresses_clear(s, index, AF_INET, NULL, err) < 0
               ? -1
               : addresses_clear(s, index, AF_INET6, NULL, err);
}
