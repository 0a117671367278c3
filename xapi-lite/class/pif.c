/* XenAPI PIF: introduced and forgotten (way B). */
#include <string.h>
#include <strings.h>

#include "class/network.h"

struct search {
    const char *device;
    const struct record *hit;
};

static void look(struct txn *t, const struct record *r, void *user)
{
    struct search *q = user;
    (void)t;
    if (!strcmp(record_str(r, F_PIF_device), q->device) &&
        record_int(r, F_PIF_VLAN) < 0)
        q->hit = r;
}

const struct record *pif_of_device(struct txn *t, const char *device)
{
    struct search q = { device, NULL };
    txn_each(t, CLASS_PIF, look, &q);
    return q.hit;
}

const char *pif_new(struct xapi *x, struct txn *t, const char *device,
                    const char *network)
{
    const char *pif = store_create(t, CLASS_PIF, NULL, NULL);
    const char *metrics = store_create(t, CLASS_PIF_metrics, NULL, NULL);
    const struct record *net = txn_find(t, CLASS_network, network);
    store_set_str(t, pif, F_PIF_device, device);
    store_set_str(t, pif, F_PIF_host, x->host_ref);
    store_set_str(t, pif, F_PIF_network, network);
    store_set_int(t, pif, F_PIF_MTU,
                  net ? record_int(net, F_network_MTU) : 1500);
    store_set_int(t, pif, F_PIF_VLAN, -1);
    store_set_bool(t, pif, F_PIF_managed, true);
    store_set_bool(t, pif, F_PIF_currently_attached, false);
    store_set_str(t, pif, F_PIF_metrics, metrics);
    store_set_bool(t, metrics, F_PIF_metrics_carrier, true);
    return pif;
}

void pif_drop(struct txn *t, const char *pif)
{
    const struct record *r = txn_find(t, CLASS_PIF, pif);
    if (!r)
        return;
    g_autofree char *metrics = g_strdup(record_str(r, F_PIF_metrics));
    if (txn_find(t, CLASS_PIF_metrics, metrics))
        store_delete(t, CLASS_PIF_metrics, metrics);
    store_delete(t, CLASS_PIF, pif);
}

int pif_check_network(struct ctx *c, struct txn *t, const char *network)
{
    const struct record *net = ctx_txn_find(c, t, CLASS_network, network);
    if (!net)
        return -1;
    if (record_count(net, F_network_PIFs))
        return ctx_fault(c, "NETWORK_ALREADY_CONNECTED", c->x->host_ref,
                         record_item(net, F_network_PIFs, 0));
    return record_bool(net, F_network_managed)
               ? 0
               : ctx_fault(c, "NETWORK_UNMANAGED", network);
}

/* ---- introduce
 * ------------------------------------------------------------------- */

static const struct nic_found *by_mac(const GArray *nics, const char *mac)
{
    for (guint i = 0; i < nics->len; i++) {
        const struct nic_found *n = &g_array_index(nics, struct nic_found, i);
        if (!strcasecmp(n->mac, mac) && n->kind != NET_BRIDGE &&
            n->kind != NET_VLAN)
            return n;
    }
    return NULL;
}

/* By name or, without one, by MAC address. */
static const struct nic_found *find_card(struct ctx *c, const GArray *nics,
                                         const char *device, const char *mac)
{
    const struct nic_found *n =
        *device ? net_found(nics, device) : by_mac(nics, mac);
    if (!n && *device)
        ctx_fault(c, "PIF_DEVICE_NOT_FOUND");
    else if (!n)
        ctx_fault(c, "MAC_DOES_NOT_EXIST", mac);
    else if (*mac && strcasecmp(n->mac, mac)) {
        ctx_fault(c, "MAC_DOES_NOT_EXIST", mac);
        return NULL;
    } else if (n->is_bridge) {
        ctx_fault(c, "INVALID_VALUE", "device", device);
        return NULL;
    }
    return n;
}

/* The addresses it has now are what it shall have as a port of its bridge. */
static void take_address(struct txn *t, const char *pif,
                         const struct nic_found *n)
{
    if (!*n->ip)
        return;
    store_set_str(t, pif, F_PIF_ip_configuration_mode, "Static");
    store_set_str(t, pif, F_PIF_IP, n->ip);
    store_set_str(t, pif, F_PIF_netmask, n->netmask);
    store_set_str(t, pif, F_PIF_gateway, n->gateway);
}

static char *add(struct ctx *c, struct txn *t, const struct nic_found *n,
                 bool managed)
{
    g_autofree char *name =
        g_strdup_printf("Network associated with %s", n->device);
    g_autofree char *bridge = network_free_bridge(t);
    g_autofree char *net = g_strdup(store_create(t, CLASS_network, NULL, NULL));
    store_set_str(t, net, F_network_name_label, name);
    store_set_str(t, net, F_network_bridge, bridge);
    store_set_int(t, net, F_network_MTU, n->mtu);
    store_set_bool(t, net, F_network_managed, managed);
    char *pif = g_strdup(pif_new(c->x, t, n->device, net));
    const struct record *r = txn_find(t, CLASS_PIF, pif);
    store_set_bool(t, record_str(r, F_PIF_metrics), F_PIF_metrics_carrier,
                   n->carrier);
    store_set_bool(t, pif, F_PIF_physical, true);
    store_set_bool(t, pif, F_PIF_managed, managed);
    store_set_str(t, pif, F_PIF_MAC, n->mac);
    take_address(t, pif, n);
    return pif;
}

int handle_PIF_introduce(struct ctx *c, struct value **result_out)
{
    const char *mac = arg_str(c, 1), *device = arg_str(c, 2);
    g_autoptr(GArray) nics = net_scan();
    const struct nic_found *n = find_card(c, nics, device, mac);
    if (!n)
        return -1;
    struct txn *t = store_begin(c->x->store);
    if (!ctx_txn_find(c, t, CLASS_host, arg_str(c, 0))) {
        store_rollback(t);
        return -1;
    }
    if (pif_of_device(t, n->device)) {
        store_rollback(t);
        return ctx_fault(c, "DUPLICATE_PIF_DEVICE_NAME", n->device);
    }
    g_autofree char *pif = add(c, t, n, arg_bool(c, 3));
    *result_out = value_string(pif);
    return ctx_commit(c, t);
}

/* ---- forget
 * ------------------------------------------------------------------- */

static int check_riders(struct ctx *c, const struct record *pif)
{
    const char *ref = record_ref(pif);
    if (record_count(pif, F_PIF_VLAN_slave_of))
        return ctx_fault(c, "PIF_VLAN_STILL_EXISTS", ref);
    if (record_count(pif, F_PIF_tunnel_transport_PIF_of))
        return ctx_fault(c, "PIF_TUNNEL_STILL_EXISTS", ref);
    if (strcmp(record_str(pif, F_PIF_bond_slave_of), REF_NULL) ||
        record_count(pif, F_PIF_bond_master_of))
        return ctx_fault(c, "PIF_ALREADY_BONDED", ref);
    if (strcmp(record_str(pif, F_PIF_VLAN_master_of), REF_NULL))
        return ctx_fault(c, "PIF_IS_VLAN", ref);
    return 0;
}

/* The network that came with the card goes with it, unless guests use it. */
static void drop_network(struct txn *t, const char *ref)
{
    const struct record *net = txn_find(t, CLASS_network, ref);
    if (net && !record_count(net, F_network_VIFs) &&
        record_count(net, F_network_PIFs) <= 1 &&
        g_str_has_prefix(record_str(net, F_network_name_label),
                         "Network associated with "))
        store_delete(t, CLASS_network, ref);
}

int handle_PIF_forget(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    const char *ref = arg_str(c, 0);
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *pif = ctx_find(c, s, CLASS_PIF, ref);
    if (!pif || check_riders(c, pif) < 0)
        return -1;
    if (!record_bool(pif, F_PIF_physical))
        return ctx_fault(c, "PIF_IS_NOT_PHYSICAL", ref);
    if (record_bool(pif, F_PIF_managed) &&
        pif_unplug(c->x, ref, false, c->fault) < 0)
        return -1;
    struct txn *t = store_begin(c->x->store);
    drop_network(t, record_str(pif, F_PIF_network));
    pif_drop(t, ref);
    return ctx_commit(c, t);
}

/* Only the record, whatever the kernel does. */
int handle_PIF_db_forget(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *pif = ctx_find(c, s, CLASS_PIF, arg_str(c, 0));
    if (!pif || check_riders(c, pif) < 0)
        return -1;
    struct txn *t = store_begin(c->x->store);
    pif_drop(t, arg_str(c, 0));
    return ctx_commit(c, t);
}

/* The old name: only for what is no card. */
int handle_PIF_destroy(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *pif = ctx_find(c, s, CLASS_PIF, arg_str(c, 0));
    if (!pif)
        return -1;
    if (record_bool(pif, F_PIF_physical))
        return ctx_fault(c, "PIF_IS_PHYSICAL", arg_str(c, 0));
    return vlan_destroy(c, record_str(pif, F_PIF_VLAN_master_of));
}
