/* Open vSwitch as back end, through ovs-vsctl and ovs-ofctl (way B). */
#include <stdlib.h>
#include <string.h>

#include "net/internal.h"

/* Ask no longer than this: without ovs-vswitchd it would wait for ever. */
#define VSCTL "ovs-vsctl", "--timeout=20"

static bool ovs_has(const char *bridge)
{
    g_autofree char *list = NULL;
    return g_file_test("/run/openvswitch/db.sock", G_FILE_TEST_EXISTS) &&
           NET_RUN(&list, NULL, VSCTL, "list-br") == 0 &&
           net_has_line(list, bridge);
}

/* A link of the kernel with this name would stand in the way in silence. */
static int bridge_is_free(const char *bridge, struct err *err)
{
    if (net_bridge.has(bridge))
        return err_set(err, ERR_EXISTS, "%s is a Linux bridge", bridge);
    return 0;
}

static int ovs_bridge_up(const char *bridge, const char *mac, int mtu,
                         struct err *err)
{
    g_autofree char *hwaddr =
        g_strconcat("other-config:hwaddr=\"", mac, "\"", NULL);
    g_autofree char *request = g_strdup_printf("mtu_request=%d", mtu);
    if (bridge_is_free(bridge, err) < 0 ||
        NET_RUN(NULL, err, VSCTL, "--may-exist", "add-br", bridge) < 0)
        return -1;
    if (mac && *mac &&
        NET_RUN(NULL, err, VSCTL, "set", "Bridge", bridge, hwaddr) < 0)
        return -1;
    if (mtu > 0 &&
        NET_RUN(NULL, err, VSCTL, "set", "Interface", bridge, request) < 0)
        return -1;
    return net_link_up(bridge, true, err);
}

static int ovs_bridge_down(const char *bridge, struct err *err)
{
    g_autofree char *ports = NULL;
    if (!ovs_has(bridge))
        return 0;
    if (NET_RUN(&ports, err, VSCTL, "list-ports", bridge) < 0)
        return -1;
    if (*g_strstrip(ports))
        return 0;
    return NET_RUN(NULL, err, VSCTL, "--if-exists", "del-br", bridge);
}

static int ovs_port_add(const char *bridge, const char *device, struct err *err)
{
    if (NET_RUN(NULL, err, VSCTL, "--may-exist", "add-port", bridge, device) <
        0)
        return -1;
    return net_link_up(device, true, err);
}

static int ovs_port_remove(const char *bridge, const char *device,
                           struct err *err)
{
    (void)bridge;
    return NET_RUN(NULL, err, VSCTL, "--if-exists", "del-port", device);
}

/* ---- VLANs: a bridge that is a view of its trunk with one tag
 * ------------------------------------------------------------------- */

static int ovs_vlan_up(const struct net_vlan *v, struct err *err)
{
    char tag[12];
    g_snprintf(tag, sizeof tag, "%d", v->tag);
    if (bridge_is_free(v->bridge, err) < 0 ||
        NET_RUN(NULL, err, VSCTL, "--may-exist", "add-br", v->bridge, v->trunk,
                tag) < 0)
        return -1;
    return net_link_up(v->bridge, true, err);
}

static int ovs_vlan_down(const struct net_vlan *v, struct err *err)
{
    return ovs_bridge_down(v->bridge, err);
}

/* ---- bonds
 * ------------------------------------------------------------------- */

static int ovs_bond_up(const struct net_bond *b, struct err *err)
{
    bool lacp = !strcmp(b->mode, "lacp");
    g_autofree char *mode =
        g_strconcat("bond_mode=", lacp ? "balance-tcp" : b->mode, NULL);
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    const char *const head[] = { VSCTL, "--may-exist", "add-bond", b->bridge,
                                 b->name };
    for (size_t i = 0; i < G_N_ELEMENTS(head); i++)
        g_ptr_array_add(argv, (char *)head[i]);
    for (int i = 0; b->members[i]; i++)
        g_ptr_array_add(argv, (char *)b->members[i]);
    g_ptr_array_add(argv, NULL);
    if (net_run((const char *const *)argv->pdata, NULL, err) < 0)
        return -1;
    if (NET_RUN(NULL, err, VSCTL, "set", "Port", b->name, mode,
                lacp ? "lacp=active" : "lacp=off", "bond_updelay=200") < 0)
        return -1;
    for (int i = 0; b->members[i]; i++)
        if (net_link_up(b->members[i], true, err) < 0)
            return -1;
    return 0;
}

static int ovs_bond_down(const struct net_bond *b, struct err *err)
{
    return ovs_port_remove(b->bridge, b->name, err);
}

bool net_ovs_bond_parse(const char *text, struct net_bond_state *out)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    char last[NET_NAME] = "";
    *out = (struct net_bond_state){ 0 };
    for (int i = 0; lines[i]; i++) {
        char *line = g_strstrip(lines[i]), *colon = strchr(line, ':');
        if ((g_str_has_prefix(line, "member ") ||
             g_str_has_prefix(line, "slave ")) &&
            colon) {
            char *name = strchr(line, ' ') + 1;
            *colon = '\0';
            g_strlcpy(last, name, sizeof last);
            out->links_up += !strcmp(colon + 1, " enabled");
        } else if (!strcmp(line, "active member") ||
                   !strcmp(line, "active slave")) {
            g_strlcpy(out->active, last, sizeof out->active);
        }
    }
    return strstr(text, "bond_mode:") || *last;
}

static int ovs_bond_state(const char *name, struct net_bond_state *out)
{
    g_autofree char *text = NULL;
    if (NET_RUN(&text, NULL, "ovs-appctl", "--timeout=10", "bond/show", name) <
        0)
        return -1;
    return net_ovs_bond_parse(text, out) ? 0 : -1;
}

/* ---- tunnels
 * ------------------------------------------------------------------- */

static int ovs_tunnel_up(const struct net_tunnel *t, struct err *err)
{
    g_autofree char *type = g_strconcat("type=", t->protocol, NULL);
    g_autofree char *remote =
        g_strconcat("options:remote_ip=", t->remote, NULL);
    g_autofree char *local = g_strconcat("options:local_ip=", t->local, NULL);
    g_autofree char *key = g_strdup_printf("options:key=%u", t->key);
    if (ovs_bridge_up(t->bridge, NULL, 0, err) < 0)
        return -1;
    return NET_RUN(NULL, err, VSCTL, "--may-exist", "add-port", t->bridge,
                   t->name, "--", "set", "Interface", t->name, type, remote,
                   local, key);
}

static int ovs_tunnel_down(const struct net_tunnel *t, struct err *err)
{
    return ovs_port_remove(t->bridge, t->name, err);
}

/* ---- what guests may send
 * ------------------------------------------------------------------- */

/* Number of the card's port; 0 when it has none. */
static unsigned port_number(const char *device)
{
    g_autofree char *text = NULL;
    if (NET_RUN(&text, NULL, VSCTL, "get", "Interface", device, "ofport") < 0)
        return 0;
    int n = atoi(text);
    return n > 0 ? (unsigned)n : 0;
}

static int ovs_lock(const struct net_rule *r, struct err *err)
{
    g_autofree char *parent = NULL;
    char number[12];
    unsigned port = port_number(r->device);
    /* a VLAN's bridge is a view: flows are those of its trunk */
    if (NET_RUN(&parent, err, VSCTL, "br-to-parent", r->bridge) < 0)
        return -1;
    if (!port && r->lock != NET_UNLOCKED)
        return err_set(err, ERR_IO, "Open vSwitch has not taken %s in",
                       r->device);
    g_autofree char *flows = net_ovs_flows(r, port);
    if (NET_RUN_TEXT(flows, err, "ovs-ofctl", "--bundle", "add-flows",
                     g_strstrip(parent)) < 0)
        return -1;
    g_snprintf(number, sizeof number, "%u", port);
    return port ? NET_RUN(NULL, err, "ovs-ofctl", "mod-port", parent, number,
                          r->lock == NET_DISABLED ? "no-forward" : "forward")
                : 0;
}

const struct net_backend net_ovs = {
    .name = "openvswitch",
    .vif_script = "vif-openvswitch",
    .has = ovs_has,
    .bridge_up = ovs_bridge_up,
    .bridge_down = ovs_bridge_down,
    .port_add = ovs_port_add,
    .port_remove = ovs_port_remove,
    .vlan_up = ovs_vlan_up,
    .vlan_down = ovs_vlan_down,
    .bond_up = ovs_bond_up,
    .bond_down = ovs_bond_down,
    .bond_state = ovs_bond_state,
    .tunnel_up = ovs_tunnel_up,
    .tunnel_down = ovs_tunnel_down,
    .lock = ovs_lock,
};
