/* XenAPI network and PIF: what this host has configured, adopted as it is
 * (way B). */
#include <string.h>

#include "class/management.h"
#include "class/network.h"

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

/* ---- PIFs
 * ---------------------------------------------------------------------- */

static void set_pci(struct txn *t, const char *pif, const char *metrics,
                    const char *address)
{
    const struct snapshot *s = txn_snapshot(t);
    store_set_str(t, metrics, F_PIF_metrics_pci_bus_path, address);
    for (size_t i = 0; *address && i < snapshot_count(s, CLASS_PCI); i++) {
        const struct record *p = snapshot_at(s, CLASS_PCI, i);
        if (strcmp(record_str(p, F_PCI_pci_id), address))
            continue;
        store_set_str(t, pif, F_PIF_PCI, record_ref(p));
        store_set_str(t, metrics, F_PIF_metrics_vendor_name,
                      record_str(p, F_PCI_vendor_name));
        store_set_str(t, metrics, F_PIF_metrics_device_name,
                      record_str(p, F_PCI_device_name));
    }
}

static void set_metrics(struct txn *t, const char *pif,
                        const struct nic_found *n)
{
    const struct record *r = txn_find(t, CLASS_PIF, pif);
    g_autofree char *m = g_strdup(record_str(r, F_PIF_metrics));
    if (!txn_find(t, CLASS_PIF_metrics, m)) {
        g_free(m);
        m = g_strdup(store_create(t, CLASS_PIF_metrics, NULL, NULL));
        store_set_str(t, pif, F_PIF_metrics, m);
    }
    store_set_bool(t, m, F_PIF_metrics_carrier, n->carrier);
    store_set_int(t, m, F_PIF_metrics_speed, n->speed);
    store_set_bool(t, m, F_PIF_metrics_duplex, n->duplex);
    store_set_str(t, m, F_PIF_metrics_device_name, n->device);
    set_pci(t, pif, m, n->pci);
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
    store_set_bool(t, pif, F_PIF_management,
                   management_is(t, pif, *holder->gateway));
}

/* Somebody else has configured this card: its record only tells so. */
static bool is_foreign(const struct nic_found *n)
{
    return *n->bridge || *n->bond || *n->ip;
}

/* A card nobody uses is ours to configure, with a network of its own. */
static char *new_managed(struct xapi *x, struct txn *t,
                         const struct nic_found *n)
{
    g_autofree char *bridge = network_free_bridge(t);
    g_autofree char *name =
        g_strdup_printf("Network associated with %s", n->device);
    g_autofree char *net = g_strdup(store_create(t, CLASS_network, NULL, NULL));
    store_set_str(t, net, F_network_name_label, name);
    store_set_str(t, net, F_network_bridge, bridge);
    store_set_int(t, net, F_network_MTU, n->mtu);
    char *pif = g_strdup(pif_new(x, t, n->device, net));
    store_set_bool(t, pif, F_PIF_physical, true);
    return pif;
}

static void update_foreign(struct txn *t, const GArray *nics, const char *pif,
                           const struct nic_found *n)
{
    const struct nic_found *holder =
        *n->bridge ? net_found(nics, n->bridge) : n;
    g_autofree char *net =
        *n->bridge ? settle_network(t, n->bridge, n->mtu) : NULL;
    store_set_bool(t, pif, F_PIF_currently_attached, n->up);
    store_set_int(t, pif, F_PIF_MTU, n->mtu);
    if (net)
        store_set_str(t, pif, F_PIF_network, net);
    set_address(t, pif, holder ? holder : n);
}

static void settle_card(struct xapi *x, struct txn *t, const GArray *nics,
                        const struct nic_found *n)
{
    const struct record *known = pif_of_device(t, n->device);
    g_autofree char *pif = known ? g_strdup(record_ref(known)) : NULL;
    bool foreign = known ? !record_bool(known, F_PIF_managed) : is_foreign(n);
    if (!pif && foreign) {
        pif = g_strdup(pif_new(x, t, n->device, REF_NULL));
        store_set_bool(t, pif, F_PIF_physical, true);
        store_set_bool(t, pif, F_PIF_managed, false);
    } else if (!pif) {
        pif = new_managed(x, t, n);
    }
    store_set_str(t, pif, F_PIF_MAC, n->mac);
    if (foreign)
        update_foreign(t, nics, pif, n);
}

/* ---- what changes by itself
 * ------------------------------------------------------------------- */

/* Setters that write only what differs: each write is an event to clients. */
static void put_str(struct txn *t, const struct record *r, enum field_id f,
                    const char *text)
{
    if (strcmp(record_str(r, f), text))
        store_set_str(t, record_ref(r), f, text);
}

static void put_bool(struct txn *t, const struct record *r, enum field_id f,
                     bool on)
{
    if (record_bool(r, f) != on)
        store_set_bool(t, record_ref(r), f, on);
}

static void refresh_metrics(struct txn *t, const struct record *pif,
                            const struct nic_found *n)
{
    const struct record *m =
        txn_find(t, CLASS_PIF_metrics, record_str(pif, F_PIF_metrics));
    if (m && record_bool(m, F_PIF_metrics_carrier) == n->carrier &&
        record_int(m, F_PIF_metrics_speed) == n->speed &&
        *record_str(m, F_PIF_metrics_device_name))
        return;
    g_autofree char *ref = g_strdup(record_ref(pif));
    set_metrics(t, ref, n);
}

static void refresh_pif(struct txn *t, const struct record *r, void *user)
{
    const GArray *nics = user;
    const struct nic_found *n = net_found(nics, record_str(r, F_PIF_device));
    const struct nic_found *b = NULL;
    const struct record *net =
        txn_find(t, CLASS_network, record_str(r, F_PIF_network));
    if (net)
        b = net_found(nics, record_str(net, F_network_bridge));
    if (b && record_bool(r, F_PIF_managed)) {
        if (!strcmp(record_str(r, F_PIF_ip_configuration_mode), "DHCP")) {
            put_str(t, r, F_PIF_IP, b->ip);
            put_str(t, r, F_PIF_netmask, b->netmask);
            put_str(t, r, F_PIF_gateway, b->gateway);
        }
        put_bool(t, r, F_PIF_management,
                 management_is(t, record_ref(r), *b->gateway));
    }
    if (n)
        refresh_metrics(t, r, n);
}

struct legs {
    char *bond; /* reference */
    int up;
};

static int links_up(const struct snapshot *s, const struct record *bond,
                    const char *host)
{
    struct net_bond_state state;
    const struct record *pif =
        snapshot_find(s, CLASS_PIF, record_str(bond, F_Bond_master));
    if (!pif)
        return 0;
    const struct net_backend *b = net_backend_of(pif_bridge(s, pif), host);
    return b->bond_state(record_str(pif, F_PIF_device), &state) < 0
               ? 0
               : state.links_up;
}

/* Asked before the transaction: it may take a while. */
static GArray *ask_bonds(struct xapi *x)
{
    GArray *all = g_array_new(FALSE, TRUE, sizeof(struct legs));
    SNAPSHOT_AUTO *s = store_read(x->store);
    for (size_t i = 0; i < snapshot_count(s, CLASS_Bond); i++) {
        const struct record *r = snapshot_at(s, CLASS_Bond, i);
        struct legs l = { g_strdup(record_ref(r)),
                          links_up(s, r, networks_backend(x)) };
        g_array_append_val(all, l);
    }
    return all;
}

static int refresh(struct xapi *x, GArray *nics, struct err *err)
{
    g_autoptr(GArray) bonds = ask_bonds(x);
    struct txn *t = store_begin(x->store);
    const struct snapshot *s = txn_snapshot(t);
    for (guint i = 0; i < bonds->len; i++) {
        struct legs *l = &g_array_index(bonds, struct legs, i);
        const struct record *r = txn_find(t, CLASS_Bond, l->bond);
        if (r && record_int(r, F_Bond_links_up) != l->up)
            store_set_int(t, l->bond, F_Bond_links_up, l->up);
        g_free(l->bond);
    }
    for (size_t i = 0; i < snapshot_count(s, CLASS_PIF); i++)
        refresh_pif(t, snapshot_at(s, CLASS_PIF, i), nics);
    return store_commit(t, err);
}

void network_refresh(struct xapi *x)
{
    g_autoptr(GArray) nics = net_scan();
    refresh(x, nics, NULL);
}

static int add_bridges(struct xapi *x, const GArray *nics, struct err *err)
{
    struct txn *t = store_begin(x->store);
    for (guint i = 0; i < nics->len; i++) {
        const struct nic_found *n = &g_array_index(nics, struct nic_found, i);
        if (n->is_bridge)
            g_free(settle_network(t, n->device, n->mtu));
    }
    return store_commit(t, err);
}

int network_scan(struct xapi *x, struct err *err)
{
    networks_lock(x);
    g_autoptr(GArray) nics = net_scan();
    int r = add_bridges(x, nics, err);
    for (guint i = 0; r == 0 && i < nics->len; i++) {
        const struct nic_found *n = &g_array_index(nics, struct nic_found, i);
        if (!n->physical)
            continue;
        struct txn *t = store_begin(x->store);
        settle_card(x, t, nics, n);
        r = store_commit(t, err);
    }
    if (r == 0)
        r = refresh(x, nics, err);
    networks_unlock(x);
    return r;
}

int handle_PIF_scan(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    ERR_AUTO err = { 0 };
    return network_scan(c->x, &err) < 0 ? ctx_err(c, &err) : 0;
}
