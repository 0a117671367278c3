/* XenAPI network and PIF: what this host has configured, adopted as it is
 * (way B). */
#include "class/network.h"

#include <string.h>

#include "class/handler.h"
#include "class/vm.h"
#include "driver/driver.h"

/* ---- finding
 * ------------------------------------------------------------------- */

static char *network_of_bridge(struct txn *t, const char *bridge)
{
    const struct snapshot *s = txn_snapshot(t);
    for (size_t i = 0; i < snapshot_count(s, CLASS_network); i++) {
        const struct record *r = snapshot_at(s, CLASS_network, i);
        if (!strcmp(record_str(r, F_network_bridge), bridge))
            return g_strdup(record_ref(r));
    }
    return NULL;
}

/* The network of a bridge, made when there is none. Caller frees. */
static char *settle_network(struct txn *t, const char *bridge, int mtu)
{
    char *ref = network_of_bridge(t, bridge);
    if (ref)
        return ref;
    g_autofree char *name = g_strdup_printf("Network of %s", bridge);
    ref = g_strdup(store_create(t, CLASS_network, NULL, NULL));
    store_set_str(t, ref, F_network_name_label, name);
    store_set_str(t, ref, F_network_bridge, bridge);
    store_set_int(t, ref, F_network_MTU, mtu > 0 ? mtu : 1500);
    store_set_bool(t, ref, F_network_managed, false);
    return ref;
}

static const struct record *pif_of_device(struct txn *t, const char *device)
{
    const struct snapshot *s = txn_snapshot(t);
    for (size_t i = 0; i < snapshot_count(s, CLASS_PIF); i++) {
        const struct record *r = snapshot_at(s, CLASS_PIF, i);
        if (!strcmp(record_str(r, F_PIF_device), device))
            return txn_find(t, CLASS_PIF, record_ref(r));
    }
    return NULL;
}

static const struct nic_found *by_name(const GArray *nics, const char *device)
{
    for (guint i = 0; i < nics->len; i++) {
        const struct nic_found *n = &g_array_index(nics, struct nic_found, i);
        if (!strcmp(n->device, device))
            return n;
    }
    return NULL;
}

/* ---- PIFs
 * ---------------------------------------------------------------------- */

static void set_metrics(struct txn *t, const char *pif,
                        const struct nic_found *n)
{
    const struct record *r = txn_find(t, CLASS_PIF, pif);
    const char *m = record_str(r, F_PIF_metrics);
    if (!txn_find(t, CLASS_PIF_metrics, m)) {
        m = store_create(t, CLASS_PIF_metrics, NULL, NULL);
        store_set_str(t, pif, F_PIF_metrics, m);
    }
    store_set_bool(t, m, F_PIF_metrics_carrier, n->carrier);
    store_set_int(t, m, F_PIF_metrics_speed, n->speed);
    store_set_str(t, m, F_PIF_metrics_device_name, n->device);
    store_set_time(t, m, F_PIF_metrics_last_updated,
                   g_get_real_time() / G_USEC_PER_SEC);
}

/* The address stands on the bridge when the card is a port of one. */
static void set_address(struct txn *t, const char *pif,
                        const struct nic_found *holder)
{
    store_set_str(t, pif, F_PIF_IP, holder->ip);
    store_set_str(t, pif, F_PIF_netmask, holder->netmask);
    store_set_str(t, pif, F_PIF_gateway, holder->gateway);
    store_set_str(t, pif, F_PIF_ip_configuration_mode,
                  *holder->ip ? "Static" : "None");
    store_set_bool(t, pif, F_PIF_management, *holder->gateway);
}

static void settle_pif(struct xapi *x, struct txn *t, const GArray *nics,
                       const struct nic_found *n)
{
    const struct nic_found *holder = *n->bridge ? by_name(nics, n->bridge) : n;
    const struct record *known = pif_of_device(t, n->device);
    g_autofree char *pif = g_strdup(
        known ? record_ref(known) : store_create(t, CLASS_PIF, NULL, NULL));
    g_autofree char *net =
        *n->bridge ? settle_network(t, n->bridge, n->mtu) : NULL;
    store_set_str(t, pif, F_PIF_device, n->device);
    store_set_str(t, pif, F_PIF_host, x->host_ref);
    store_set_str(t, pif, F_PIF_MAC, n->mac);
    store_set_int(t, pif, F_PIF_MTU, n->mtu);
    store_set_int(t, pif, F_PIF_VLAN, -1);
    store_set_bool(t, pif, F_PIF_physical, n->physical);
    store_set_bool(t, pif, F_PIF_managed, false);
    store_set_bool(t, pif, F_PIF_currently_attached, n->up);
    if (net)
        store_set_str(t, pif, F_PIF_network, net);
    set_address(t, pif, holder ? holder : n);
    set_metrics(t, pif, n);
}

int network_scan(struct xapi *x, struct err *err)
{
    g_autoptr(GArray) nics = net_scan();
    struct txn *t = store_begin(x->store);
    for (guint i = 0; i < nics->len; i++) {
        const struct nic_found *n = &g_array_index(nics, struct nic_found, i);
        if (n->is_bridge)
            g_free(settle_network(t, n->device, n->mtu));
    }
    if (store_commit(t, err) < 0)
        return -1;
    t = store_begin(x->store);
    for (guint i = 0; i < nics->len; i++) {
        const struct nic_found *n = &g_array_index(nics, struct nic_found, i);
        if (n->physical)
            settle_pif(x, t, nics, n);
    }
    return store_commit(t, err);
}

int handle_PIF_scan(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    ERR_AUTO err = { 0 };
    return network_scan(c->x, &err) < 0 ? ctx_err(c, &err) : 0;
}

/* ---- network
 * ------------------------------------------------------------------- */

int handle_network_destroy(struct ctx *c, struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *net = ctx_find(c, s, CLASS_network, arg_str(c, 0));
    if (!net)
        return -1;
    if (record_count(net, F_network_PIFs))
        return ctx_fault(c, "NETWORK_CONTAINS_PIF",
                         record_item(net, F_network_PIFs, 0));
    if (record_count(net, F_network_VIFs))
        return ctx_fault(c, "NETWORK_CONTAINS_VIF",
                         record_item(net, F_network_VIFs, 0));
    return ctx_implicit(c, result_out);
}
