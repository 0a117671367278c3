/* What guests may send, as text for nft and ovs-ofctl. Pure (way B). */
#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "net/internal.h"

static void add(GString *s, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* One line. */
static void add(GString *s, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    g_string_append_vprintf(s, fmt, ap);
    va_end(ap);
    g_string_append_c(s, '\n');
}

/* ---- nftables: a table for each card, so that nobody else's rules are
 * touched and it goes in one piece
 * ------------------------------------------------------------------- */

static char *table_name(const char *device)
{
    char *name = g_strconcat("xapi_lite_", device, NULL);
    return g_strdelimit(name, ".-", '_');
}

/* "{ a, b }"; NULL for an empty list. Caller frees. */
static char *braces(const char *const *list)
{
    if (!list || !list[0])
        return NULL;
    g_autofree char *all = g_strjoinv(", ", (char **)list);
    return g_strdup_printf("{ %s }", all);
}

/* Asking for addresses and DHCP are how a guest takes its own into use. */
static void nft_ipv4(GString *from, GString *to, const struct net_rule *r)
{
    g_autofree char *set = braces(r->ipv4);
    if (!set)
        return;
    add(from, "arp saddr ether %s arp saddr ip %s accept", r->mac, set);
    add(from, "arp saddr ether %s arp saddr ip 0.0.0.0 arp daddr ip %s accept",
        r->mac, set);
    add(from, "ip saddr 0.0.0.0 ip daddr 255.255.255.255 "
              "udp sport 68 udp dport 67 accept");
    add(from, "ip saddr %s accept", set);
    add(to, "arp daddr ip %s accept", set);
    add(to, "udp sport 67 udp dport 68 accept");
    add(to, "ip daddr %s accept", set);
    add(to, "ip daddr { 224.0.0.0/4, 255.255.255.255 } accept");
}

/* "{ 0xfd00..1, .. }": as a number of 128 bits. nft 1.0.6 has no name for the
 * address that a neighbour's message is about, only its place: 64 bits behind
 * the head (RFC 4861, 4.3 and 4.4). Caller frees. */
static char *targets(const char *const *list)
{
    struct in6_addr a;
    GString *s = g_string_new("{");
    for (int i = 0; list[i]; i++) {
        if (inet_pton(AF_INET6, list[i], &a) != 1)
            continue;
        g_string_append(s, s->len > 1 ? ", 0x" : " 0x");
        for (size_t k = 0; k < sizeof a.s6_addr; k++)
            g_string_append_printf(s, "%02x", a.s6_addr[k]);
    }
    return g_string_free(g_string_append(s, " }"), FALSE);
}

/* A neighbour's advertisement names the address in its target; router
 * advertisements are for routers. */
static void nft_ipv6(GString *from, GString *to, const struct net_rule *r)
{
    g_autofree char *set = braces(r->ipv6);
    if (!set)
        return;
    g_autofree char *target = targets(r->ipv6);
    add(from, "icmpv6 type { nd-router-advert, nd-redirect } drop");
    add(from, "icmpv6 type nd-neighbor-advert @th,64,128 != %s drop", target);
    add(from,
        "ip6 saddr :: icmpv6 type nd-neighbor-solicit @th,64,128 %s accept",
        target);
    add(from, "ip6 saddr :: icmpv6 type mld2-listener-report accept");
    add(from, "ip6 saddr %s accept", set);
    add(to, "ip6 daddr %s accept", set);
    add(to, "ip6 daddr ff00::/8 accept");
}

static void nft_chain(GString *s, const char *name, const char *hook,
                      const char *end, const char *device, const char *rules)
{
    add(s, "  chain %s {", name);
    add(s, "    type filter hook %s priority 0; policy accept;", hook);
    /* the emulated card of an HVM guest is the same card */
    add(s, "    %sifname != { \"%s\", \"%s-emu\" } accept", end, device,
        device);
    g_auto(GStrv) lines = g_strsplit(rules, "\n", -1);
    for (int i = 0; lines[i]; i++)
        if (*lines[i])
            add(s, "    %s", lines[i]);
    add(s, "    drop");
    add(s, "  }");
}

char *net_nft_drop(const char *device)
{
    g_autofree char *table = table_name(device);
    /* made first, so that deleting never fails */
    return g_strdup_printf("add table bridge %s\ndelete table bridge %s\n",
                           table, table);
}

char *net_nft_rules(const struct net_rule *r)
{
    g_autofree char *drop = net_nft_drop(r->device);
    g_autofree char *table = table_name(r->device);
    g_autoptr(GString) from = g_string_new(NULL);
    g_autoptr(GString) to = g_string_new(NULL);
    GString *s = g_string_new(drop);
    if (r->lock == NET_UNLOCKED)
        return g_string_free(s, FALSE);
    if (r->lock == NET_LOCKED) {
        add(from, "ether saddr != %s drop", r->mac);
        nft_ipv4(from, to, r);
        nft_ipv6(from, to, r);
    }
    add(s, "table bridge %s {", table);
    nft_chain(s, "from_guest", "prerouting", "i", r->device, from->str);
    nft_chain(s, "to_guest", "postrouting", "o", r->device, to->str);
    add(s, "}");
    return g_string_free(s, FALSE);
}

/* ---- Open vSwitch
 * ------------------------------------------------------------------- */

/* The cookie of a card's flows: they are found by it when the card has gone and
 * its port's number is somebody else's. */
uint64_t net_ovs_cookie(const char *device)
{
    unsigned domid = 0, devid = 0;
    sscanf(device, "vif%u.%u", &domid, &devid);
    return 0x7861706900000000ULL | (uint64_t)domid << 8 | (devid & 0xff);
}

static void flow(GString *s, const struct net_rule *r, unsigned port,
                 unsigned priority, const char *match, const char *action)
{
    add(s,
        "add cookie=0x%" G_GINT64_MODIFIER
        "x,priority=%u,in_port=%u%s%s,actions=%s",
        net_ovs_cookie(r->device), priority, port, *match ? "," : "", match,
        action);
}

static void flows_ipv4(GString *s, const struct net_rule *r, unsigned port)
{
    for (int i = 0; r->ipv4 && r->ipv4[i]; i++) {
        g_autofree char *arp = g_strdup_printf(
            "dl_src=%s,arp,arp_sha=%s,arp_spa=%s", r->mac, r->mac, r->ipv4[i]);
        g_autofree char *probe = g_strdup_printf(
            "dl_src=%s,arp,arp_sha=%s,arp_spa=0.0.0.0,arp_tpa=%s", r->mac,
            r->mac, r->ipv4[i]);
        g_autofree char *ip =
            g_strdup_printf("dl_src=%s,ip,nw_src=%s", r->mac, r->ipv4[i]);
        flow(s, r, port, 2100, arp, "normal");
        flow(s, r, port, 2100, probe, "normal");
        flow(s, r, port, 2100, ip, "normal");
    }
    if (r->ipv4 && r->ipv4[0]) {
        g_autofree char *dhcp = g_strdup_printf(
            "dl_src=%s,udp,nw_src=0.0.0.0,nw_dst=255.255.255.255,tp_src=68,"
            "tp_dst=67",
            r->mac);
        flow(s, r, port, 2100, dhcp, "normal");
    }
}

/* Without the code Open vSwitch 3.1 leaves the target out of what it caches of
 * its decision (lib/odp-util.c), and lets the next target pass. */
static void flows_ipv6(GString *s, const struct net_rule *r, unsigned port)
{
    for (int i = 0; r->ipv6 && r->ipv6[i]; i++) {
        const char *ip = r->ipv6[i], *mac = r->mac;
        g_autofree char *advert = g_strdup_printf(
            "dl_src=%s,icmp6,icmp_type=136,icmp_code=0,nd_target=%s", mac, ip);
        g_autofree char *probe =
            g_strdup_printf("dl_src=%s,icmp6,ipv6_src=::,icmp_type=135,icmp_"
                            "code=0,nd_target=%s",
                            mac, ip);
        g_autofree char *any =
            g_strdup_printf("dl_src=%s,ipv6,ipv6_src=%s", mac, ip);
        flow(s, r, port, 2300, advert, "normal");
        flow(s, r, port, 2100, probe, "normal");
        flow(s, r, port, 2100, any, "normal");
    }
    if (r->ipv6 && r->ipv6[0]) {
        flow(s, r, port, 2200, "icmp6,icmp_type=134", "drop");
        flow(s, r, port, 2200, "icmp6,icmp_type=136", "drop");
        flow(s, r, port, 2200, "icmp6,icmp_type=137", "drop");
    }
}

char *net_ovs_flows(const struct net_rule *r, unsigned port)
{
    GString *s = g_string_new(NULL);
    add(s, "delete cookie=0x%" G_GINT64_MODIFIER "x/-1",
        net_ovs_cookie(r->device));
    if (r->lock == NET_UNLOCKED)
        return g_string_free(s, FALSE);
    if (r->lock == NET_LOCKED) {
        /* to Open vSwitch a frame of another VLAN is as good as one without */
        flow(s, r, port, 2400, "vlan_tci=0x1000/0x1000", "drop");
        flows_ipv4(s, r, port);
        flows_ipv6(s, r, port);
    }
    flow(s, r, port, 2000, "", "drop");
    return g_string_free(s, FALSE);
}
