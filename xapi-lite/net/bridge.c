/* The Linux bridge as back end: bridges, VLANs, bonds and tunnels are links of
 * the kernel (way B). */
#include <arpa/inet.h>
#include <net/if.h>
#include <netlink/route/link/bonding.h>
#include <netlink/route/link/bridge.h>
#include <netlink/route/link/ipgre.h>
#include <netlink/route/link/vlan.h>
#include <netlink/route/link/vxlan.h>
#include <string.h>

#include "net/internal.h"

enum { VXLAN_PORT = 4789 }; /* RFC 7348 */

static bool bridge_has(const char *bridge)
{
    g_autofree char *path =
        g_build_filename("/sys/class/net", bridge, "bridge", NULL);
    return g_file_test(path, G_FILE_TEST_IS_DIR);
}

/* A name that belongs to something else must not be taken for a bridge. */
static int bridge_make(const char *bridge, const char *mac, struct err *err)
{
    if (bridge_has(bridge))
        return 0;
    if (net_exists(bridge))
        return err_set(err, ERR_EXISTS,
                       "%s is a network link that is no bridge", bridge);
    if (net_nl_add(rtnl_link_bridge_alloc(), bridge, err) < 0)
        return -1;
    /* guests shall not wait until it has learned: there is no STP */
    net_sysfs_write(bridge, "bridge/forward_delay", "0", NULL);
    return mac && *mac ? net_link_mac(bridge, mac, err) : 0;
}

static int bridge_up(const char *bridge, const char *mac, int mtu,
                     struct err *err)
{
    return bridge_make(bridge, mac, err) < 0 ||
                   net_link_mtu(bridge, mtu, err) < 0 ||
                   net_link_up(bridge, true, err) < 0
               ? -1
               : 0;
}

static bool has_ports(const char *bridge)
{
    g_autofree char *path =
        g_build_filename("/sys/class/net", bridge, "brif", NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    return dir && g_dir_read_name(dir);
}

static int bridge_down(const char *bridge, struct err *err)
{
    return bridge_has(bridge) && !has_ports(bridge)
               ? net_link_delete(bridge, err)
               : 0;
}

static bool is_port_of(const char *bridge, const char *device)
{
    g_autofree char *path =
        g_build_filename("/sys/class/net", bridge, "brif", device, NULL);
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static int bridge_port_add(const char *bridge, const char *device,
                           struct err *err)
{
    if (net_link_up(device, true, err) < 0)
        return -1;
    return is_port_of(bridge, device) ? 0
                                      : net_link_master(device, bridge, err);
}

static int bridge_port_remove(const char *bridge, const char *device,
                              struct err *err)
{
    return is_port_of(bridge, device) ? net_link_master(device, NULL, err) : 0;
}

/* ---- VLANs: eth0.100 as a port of the VLAN's bridge
 * ------------------------------------------------------------------- */

static void vlan_name(const struct net_vlan *v, char out[32])
{
    g_snprintf(out, 32, "%s.%d", v->device, v->tag);
}

static int bridge_vlan_up(const struct net_vlan *v, struct err *err)
{
    char name[32];
    vlan_name(v, name);
    if (strlen(name) >= IFNAMSIZ)
        return err_set(err, ERR_CONFIG, "the name %s is too long for a link",
                       name);
    struct rtnl_link *l = rtnl_link_vlan_alloc();
    rtnl_link_set_link(l, (int)if_nametoindex(v->device));
    rtnl_link_vlan_set_id(l, (uint16_t)v->tag);
    if (net_nl_add(l, name, err) < 0 ||
        bridge_up(v->bridge, v->mac, v->mtu, err) < 0)
        return -1;
    net_link_up(v->device, true, NULL);
    return bridge_port_add(v->bridge, name, err);
}

static int bridge_vlan_down(const struct net_vlan *v, struct err *err)
{
    char name[32];
    vlan_name(v, name);
    return net_link_delete(name, err);
}

/* ---- bonds
 * ------------------------------------------------------------------- */

struct bond_mode {
    const char *name, *kernel;
};
static const struct bond_mode bond_modes[] = {
    { "active-backup", "active-backup" },
    { "lacp", "802.3ad" },
};

static const char *kernel_mode(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(bond_modes); i++)
        if (!strcmp(bond_modes[i].name, name))
            return bond_modes[i].kernel;
    return NULL;
}

static bool is_leg_of(const char *bond, const char *device)
{
    g_autofree char *link = g_strconcat("lower_", device, NULL);
    g_autofree char *path =
        g_build_filename("/sys/class/net", bond, link, NULL);
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* A card must be down when it becomes a leg; the bond brings it up. */
static int add_leg(const char *bond, const char *device, struct err *err)
{
    if (is_leg_of(bond, device))
        return 0;
    if (net_link_up(device, false, err) < 0 ||
        net_link_master(device, bond, err) < 0)
        return -1;
    return net_link_up(device, true, err);
}

/* The mode of a bond can only be set while it is down and has no legs. */
static int bond_make(const struct net_bond *b, const char *mode,
                     struct err *err)
{
    if (net_exists(b->name))
        return 0;
    if (net_nl_add(rtnl_link_bond_alloc(), b->name, err) < 0 ||
        net_sysfs_write(b->name, "bonding/mode", mode, err) < 0 ||
        net_sysfs_write(b->name, "bonding/miimon", "100", err) < 0)
        return -1;
    if (!strcmp(mode, "802.3ad"))
        net_sysfs_write(b->name, "bonding/lacp_rate", "fast", NULL);
    return b->mac && *b->mac ? net_link_mac(b->name, b->mac, err) : 0;
}

static int bridge_bond_up(const struct net_bond *b, struct err *err)
{
    const char *mode = kernel_mode(b->mode);
    if (!mode)
        return err_set(err, ERR_UNSUPPORTED,
                       "Linux bonds have no mode %s; Open vSwitch has it",
                       b->mode);
    if (bond_make(b, mode, err) < 0)
        return -1;
    for (int i = 0; b->members[i]; i++)
        if (add_leg(b->name, b->members[i], err) < 0)
            return -1;
    return net_link_mtu(b->name, b->mtu, err) < 0
               ? -1
               : bridge_port_add(b->bridge, b->name, err);
}

static int bridge_bond_down(const struct net_bond *b, struct err *err)
{
    return net_link_delete(b->name, err);
}

static bool leg_is_up(const char *device)
{
    g_autofree char *text = NULL;
    g_autofree char *path = g_build_filename("/sys/class/net", device,
                                             "bonding_slave/mii_status", NULL);
    return g_file_get_contents(path, &text, NULL, NULL) &&
           !strcmp(g_strstrip(text), "up");
}

static int bridge_bond_state(const char *name, struct net_bond_state *out)
{
    g_autofree char *path =
        g_build_filename("/sys/class/net", name, "bonding", NULL);
    g_autofree char *legs = g_build_filename(path, "slaves", NULL);
    g_autofree char *active = g_build_filename(path, "active_slave", NULL);
    g_autofree char *text = NULL, *which = NULL;
    *out = (struct net_bond_state){ 0 };
    if (!g_file_get_contents(legs, &text, NULL, NULL))
        return -1;
    if (g_file_get_contents(active, &which, NULL, NULL))
        g_strlcpy(out->active, g_strstrip(which), sizeof out->active);
    g_auto(GStrv) words = g_strsplit(g_strstrip(text), " ", -1);
    for (int i = 0; words[i]; i++)
        out->links_up += leg_is_up(words[i]);
    return 0;
}

/* ---- tunnels
 * ------------------------------------------------------------------- */

static int set_vxlan(struct rtnl_link *l, const struct net_tunnel *t)
{
    struct nl_addr *local = NULL, *remote = NULL;
    int r = nl_addr_parse(t->local, AF_INET, &local);
    if (r == 0)
        r = nl_addr_parse(t->remote, AF_INET, &remote);
    if (r == 0) {
        rtnl_link_vxlan_set_id(l, t->key);
        rtnl_link_vxlan_set_local(l, local);
        rtnl_link_vxlan_set_group(l, remote);
        rtnl_link_vxlan_set_port(l, VXLAN_PORT);
    }
    nl_addr_put(local);
    nl_addr_put(remote);
    return r;
}

static int set_gre(struct rtnl_link *l, const struct net_tunnel *t)
{
    struct in_addr local, remote;
    if (inet_pton(AF_INET, t->local, &local) != 1 ||
        inet_pton(AF_INET, t->remote, &remote) != 1)
        return -NLE_INVAL;
    rtnl_link_ipgre_set_local(l, local.s_addr);
    rtnl_link_ipgre_set_remote(l, remote.s_addr);
    if (t->key) {
        rtnl_link_ipgre_set_ikey(l, htonl(t->key));
        rtnl_link_ipgre_set_okey(l, htonl(t->key));
        rtnl_link_ipgre_set_iflags(l, htons(0x2000)); /* GRE_KEY */
        rtnl_link_ipgre_set_oflags(l, htons(0x2000));
    }
    return 0;
}

static int bridge_tunnel_up(const struct net_tunnel *t, struct err *err)
{
    bool vxlan = !strcmp(t->protocol, "vxlan");
    struct rtnl_link *l =
        vxlan ? rtnl_link_vxlan_alloc() : rtnl_link_ipgretap_alloc();
    int r = vxlan ? set_vxlan(l, t) : set_gre(l, t);
    if (r < 0) {
        rtnl_link_put(l);
        return net_nl_result(r, err, "no tunnel goes from %s to %s", t->local,
                             t->remote);
    }
    if (net_nl_add(l, t->name, err) < 0 ||
        bridge_up(t->bridge, NULL, 0, err) < 0)
        return -1;
    return bridge_port_add(t->bridge, t->name, err);
}

static int bridge_tunnel_down(const struct net_tunnel *t, struct err *err)
{
    return net_link_delete(t->name, err);
}

static int bridge_lock(const struct net_rule *r, struct err *err)
{
    g_autofree char *text = net_nft_rules(r);
    return NET_RUN_TEXT(text, err, "nft", "-f");
}

const struct net_backend net_bridge = {
    .name = "bridge",
    .has = bridge_has,
    .bridge_up = bridge_up,
    .bridge_down = bridge_down,
    .port_add = bridge_port_add,
    .port_remove = bridge_port_remove,
    .vlan_up = bridge_vlan_up,
    .vlan_down = bridge_vlan_down,
    .bond_up = bridge_bond_up,
    .bond_down = bridge_bond_down,
    .bond_state = bridge_bond_state,
    .tunnel_up = bridge_tunnel_up,
    .tunnel_down = bridge_tunnel_down,
    .lock = bridge_lock,
};
