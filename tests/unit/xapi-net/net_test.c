/* The pure parts of the networks: rules as text, what programs print. */
#include <string.h>
#include <sys/socket.h>

#include "net/pure.h"
#include "tests/unit/unit.h"

static bool has(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

static const char *const no_ips[] = { NULL };
static const char *const ips[] = { "10.0.0.1", "10.0.0.2", NULL };
static const char *const ips6[] = { "fd00::1", NULL };

static struct net_rule rule(enum net_lock lock)
{
    return (struct net_rule){ .device = "vif5.0",
                              .bridge = "xapi0",
                              .mac = "00:16:3e:00:00:01",
                              .lock = lock,
                              .ipv4 = no_ips,
                              .ipv6 = no_ips };
}

static void unlocked_has_no_rules(void)
{
    struct net_rule r = rule(NET_UNLOCKED);
    g_autofree char *nft = net_nft_rules(&r);
    g_autofree char *flows = net_ovs_flows(&r, 3);
    UNIT_EQUAL(nft, "add table bridge xapi_lite_vif5_0\n"
                    "delete table bridge xapi_lite_vif5_0\n");
    CU_ASSERT(g_str_has_prefix(flows, "delete cookie=0x7861706900000500/-1"));
    CU_ASSERT(!has(flows, "add "));
}

static void disabled_drops_everything(void)
{
    struct net_rule r = rule(NET_DISABLED);
    g_autofree char *nft = net_nft_rules(&r);
    g_autofree char *flows = net_ovs_flows(&r, 3);
    CU_ASSERT(has(nft, "iifname != { \"vif5.0\", \"vif5.0-emu\" } accept\n"
                       "    drop\n"));
    CU_ASSERT(has(nft, "oifname != { \"vif5.0\", \"vif5.0-emu\" } accept\n"
                       "    drop\n"));
    CU_ASSERT(has(flows, "priority=2000,in_port=3,actions=drop"));
    CU_ASSERT(!has(flows, "normal"));
}

static void locked_without_address_passes_nothing(void)
{
    struct net_rule r = rule(NET_LOCKED);
    g_autofree char *nft = net_nft_rules(&r);
    g_autofree char *flows = net_ovs_flows(&r, 3);
    CU_ASSERT(!has(nft, "saddr ip"));
    CU_ASSERT(!has(nft, "udp"));
    CU_ASSERT(!has(flows, "normal"));
}

static void locked_passes_its_addresses(void)
{
    struct net_rule r = rule(NET_LOCKED);
    r.ipv4 = ips;
    r.ipv6 = ips6;
    g_autofree char *nft = net_nft_rules(&r);
    g_autofree char *flows = net_ovs_flows(&r, 3);
    CU_ASSERT(has(nft, "ether saddr != 00:16:3e:00:00:01 drop"));
    CU_ASSERT(has(nft, "ip saddr { 10.0.0.1, 10.0.0.2 } accept"));
    CU_ASSERT(has(nft, "ip6 saddr { fd00::1 } accept"));
    CU_ASSERT(has(nft, "nd-router-advert, nd-redirect } drop"));
    CU_ASSERT(has(nft, "nd-neighbor-advert @th,64,128 != "
                       "{ 0xfd000000000000000000000000000001 } drop"));
    CU_ASSERT(has(flows, "in_port=3,dl_src=00:16:3e:00:00:01,ip,"
                         "nw_src=10.0.0.2,actions=normal"));
    CU_ASSERT(has(flows, "arp_spa=10.0.0.1,actions=normal"));
    CU_ASSERT(has(
        flows, "icmp_type=136,icmp_code=0,nd_target=fd00::1,actions=normal"));
}

static void cookies_differ_by_card(void)
{
    CU_ASSERT(net_ovs_cookie("vif5.0") != net_ovs_cookie("vif5.1"));
    CU_ASSERT(net_ovs_cookie("vif5.0") != net_ovs_cookie("vif6.0"));
}

static void bond_show_is_understood(void)
{
    static const char text[] = "---- bond0 ----\n"
                               "bond_mode: balance-slb\n"
                               "active-backup primary: <none>\n"
                               "lacp_status: off\n"
                               "active member mac: 02:00:00:00:00:01(leg1)\n"
                               "\n"
                               "member leg1: enabled\n"
                               "  active member\n"
                               "  may_enable: true\n"
                               "\n"
                               "member leg2: disabled\n"
                               "  may_enable: false\n";
    static const char old[] = "bond_mode: active-backup\n"
                              "slave eth0: enabled\n"
                              "slave eth1: enabled\n"
                              "\tactive slave\n";
    struct net_bond_state s;
    CU_ASSERT(net_ovs_bond_parse(text, &s));
    CU_ASSERT_EQUAL(s.links_up, 1);
    UNIT_EQUAL(s.active, "leg1");
    CU_ASSERT(net_ovs_bond_parse(old, &s));
    CU_ASSERT_EQUAL(s.links_up, 2);
    UNIT_EQUAL(s.active, "eth1");
    CU_ASSERT(!net_ovs_bond_parse("no such bond\n", &s));
}

static void list_has_whole_lines(void)
{
    CU_ASSERT(net_has_line("br0\nxapi10\n", "xapi10"));
    CU_ASSERT(!net_has_line("br0\nxapi10\n", "xapi1"));
    CU_ASSERT(!net_has_line(NULL, "br0"));
}

static void masks_become_lengths(void)
{
    CU_ASSERT_EQUAL(net_prefix_of_mask("255.255.255.0"), 24);
    CU_ASSERT_EQUAL(net_prefix_of_mask("255.255.255.255"), 32);
    CU_ASSERT_EQUAL(net_prefix_of_mask("0.0.0.0"), 0);
    CU_ASSERT_EQUAL(net_prefix_of_mask("255.0.255.0"), -1);
    CU_ASSERT_EQUAL(net_prefix_of_mask("24"), -1);
}

static void addresses_are_checked(void)
{
    CU_ASSERT(net_is_ip(AF_INET, "10.0.0.1", false));
    CU_ASSERT(net_is_ip(AF_INET, "10.0.0.1/8", true));
    CU_ASSERT(net_is_ip(AF_INET6, "fd00::1/64", true));
    CU_ASSERT(!net_is_ip(AF_INET, "10.0.0.1/33", true));
    CU_ASSERT(!net_is_ip(AF_INET, "10.0.0.1/", true));
    CU_ASSERT(!net_is_ip(AF_INET, "10.0.0.1/8", false));
    CU_ASSERT(!net_is_ip(AF_INET, "10.0.0.300", false));
    CU_ASSERT(!net_is_ip(AF_INET, "10.0.0.1; drop", false));
    CU_ASSERT(!net_is_ip(AF_INET6, "10.0.0.1", false));
}

/* Lines of /proc/net/tcp: 10.0.0.2:22 with 10.0.0.9, and one that listens. */
static void connections_protect_their_address(void)
{
    static const char tcp[] =
        "  sl  local_address rem_address   st tx_queue rx_queue\n"
        "   0: 0100000A:0016 00000000:0000 0A 00000000:00000000 00:00000000\n"
        "   1: 0200000A:0016 0900000A:C350 01 00000000:00000000 00:00000000\n";
    g_autoptr(GPtrArray) mine = g_ptr_array_new();
    g_ptr_array_add(mine, (char *)"10.0.0.1");
    CU_ASSERT_PTR_NULL(net_connection_of(tcp, mine));
    g_ptr_array_add(mine, (char *)"10.0.0.2");
    g_autofree char *found = net_connection_of(tcp, mine);
    UNIT_EQUAL(found, "10.0.0.2:22");
}

static void mapped_connections_count(void)
{
    static const char tcp6[] =
        "  sl  local_address                         remote_address\n"
        "   0: 0000000000000000FFFF00000200000A:01BB "
        "0000000000000000FFFF00000900000A:C350 01 00000000:00000000\n";
    g_autoptr(GPtrArray) mine = g_ptr_array_new();
    g_ptr_array_add(mine, (char *)"10.0.0.2");
    g_autofree char *found = net_connection_of(tcp6, mine);
    UNIT_EQUAL(found, "10.0.0.2:443");
}

static void connections_of_ipv6_count(void)
{
    static const char tcp6[] =
        "  sl  local_address                         remote_address\n"
        "   0: 000000FD000000000000000001000000:0016 "
        "000000FD000000000000000002000000:C350 01 00000000:00000000\n";
    g_autoptr(GPtrArray) mine = g_ptr_array_new();
    g_ptr_array_add(mine, (char *)"fd00::2");
    CU_ASSERT_PTR_NULL(net_connection_of(tcp6, mine));
    g_ptr_array_add(mine, (char *)"fd00::1");
    g_autofree char *found = net_connection_of(tcp6, mine);
    UNIT_EQUAL(found, "[fd00::1]:22");
}

static void default_routes_are_found(void)
{
    static const char v4[] =
        "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n"
        "eth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\n"
        "eth1\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\n";
    static const char v6[] =
        "fd000000000000000000000000000000 40 "
        "00000000000000000000000000000000 00 "
        "00000000000000000000000000000000 00000100 00000001 00000000 00000001 "
        "    eth0\n"
        "00000000000000000000000000000000 00 "
        "00000000000000000000000000000000 00 "
        "fe800000000000000000000000000001 00000400 00000001 00000000 00000003 "
        "    eth1\n"
        "00000000000000000000000000000000 00 "
        "00000000000000000000000000000000 00 "
        "00000000000000000000000000000000 ffffffff 00000001 00000000 00200200 "
        "      lo\n";
    g_autofree char *four = net_gateway4_of(v4, "eth0");
    g_autofree char *six = net_gateway6_of(v6, "eth1");
    UNIT_EQUAL(four, "10.0.0.1");
    UNIT_EQUAL(six, "fe80::1");
    CU_ASSERT_PTR_NULL(net_gateway4_of(v4, "eth1"));
    CU_ASSERT_PTR_NULL(net_gateway6_of(v6, "eth0"));
    CU_ASSERT_PTR_NULL(net_gateway6_of(v6, "lo"));
}

static void locked_card_sends_no_tags(void)
{
    struct net_rule r = rule(NET_LOCKED);
    r.ipv4 = ips;
    g_autofree char *flows = net_ovs_flows(&r, 3);
    CU_ASSERT(has(flows, "priority=2400,in_port=3,vlan_tci=0x1000/0x1000,"
                         "actions=drop"));
}

const struct unit_test unit_tests[] = {
    { "an unlocked card has no rules", unlocked_has_no_rules },
    { "a disabled card passes nothing in either direction",
      disabled_drops_everything },
    { "a locked card without an address passes nothing",
      locked_without_address_passes_nothing },
    { "a locked card passes its MAC and IP addresses",
      locked_passes_its_addresses },
    { "flows of different cards have different cookies",
      cookies_differ_by_card },
    { "ovs-appctl bond/show is understood, old and new",
      bond_show_is_understood },
    { "a bridge is found by its whole name", list_has_whole_lines },
    { "a netmask becomes a length, or is refused", masks_become_lengths },
    { "addresses are told from other text", addresses_are_checked },
    { "an established connection protects its address",
      connections_protect_their_address },
    { "so does one through a socket of IPv6", mapped_connections_count },
    { "and one of IPv6 itself", connections_of_ipv6_count },
    { "default routes are found, of both families", default_routes_are_found },
    { "a locked card cannot reach another VLAN by tags of its own",
      locked_card_sends_no_tags },
    { 0 }
};
