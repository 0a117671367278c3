/* XenAPI Bond: several cards as one (way B). */
#include <string.h>

#include "class/network.h"

/* ---- create
 * ------------------------------------------------------------------- */

static int check_member(struct ctx *c, struct txn *t, const char *ref)
{
    const struct record *pif = ctx_txn_find(c, t, CLASS_PIF, ref);
    if (!pif)
        return -1;
    if (strcmp(record_str(pif, F_PIF_bond_slave_of), REF_NULL))
        return ctx_fault(c, "PIF_ALREADY_BONDED", ref);
    if (record_count(pif, F_PIF_VLAN_slave_of) ||
        record_int(pif, F_PIF_VLAN) >= 0)
        return ctx_fault(c, "PIF_VLAN_STILL_EXISTS", ref);
    if (record_count(pif, F_PIF_tunnel_transport_PIF_of))
        return ctx_fault(c, "PIF_TUNNEL_STILL_EXISTS", ref);
    if (record_count(pif, F_PIF_bond_master_of) ||
        record_count(pif, F_PIF_tunnel_access_PIF_of))
        return ctx_fault(c, "PIF_IS_NOT_PHYSICAL", ref);
    return record_bool(pif, F_PIF_managed) ? 0
                                           : ctx_fault(c, "PIF_UNMANAGED", ref);
}

static int check_members(struct ctx *c, struct txn *t,
                         const struct value *members)
{
    if (value_count(members) < 2)
        return ctx_fault(c, "PIF_BOND_NEEDS_MORE_MEMBERS");
    for (size_t i = 0; i < value_count(members); i++)
        if (check_member(c, t, value_get_string(value_at(members, i))) < 0)
            return -1;
    return 0;
}

static int check_mode(struct ctx *c, const char *mode)
{
    bool linux_bridge = !strcmp(networks_backend(c->x), net_bridge.name);
    return linux_bridge && !strcmp(mode, "balance-slb")
               ? ctx_fault(c, "OPENVSWITCH_NOT_ACTIVE")
               : 0;
}

/* The first free name bond0, bond1, ... Caller frees. */
static char *free_name(struct txn *t)
{
    for (int i = 0;; i++) {
        g_autofree char *name = g_strdup_printf("bond%d", i);
        if (!pif_of_device(t, name) && !net_exists(name))
            return g_steal_pointer(&name);
    }
}

/* The one member with an address gives it to the bond, as XenServer does. */
static int take_address(struct ctx *c, struct txn *t, const char *master,
                        const struct value *members)
{
    static const enum field_id fields[] = { F_PIF_ip_configuration_mode,
                                            F_PIF_IP, F_PIF_netmask,
                                            F_PIF_gateway, F_PIF_DNS };
    bool taken = false;
    for (size_t i = 0; i < value_count(members); i++) {
        const struct record *m =
            txn_find(t, CLASS_PIF, value_get_string(value_at(members, i)));
        if (!strcmp(record_str(m, F_PIF_ip_configuration_mode), "None"))
            continue;
        if (taken)
            return ctx_fault(c, "PIF_BOND_MORE_THAN_ONE_IP");
        taken = true;
        for (size_t k = 0; k < G_N_ELEMENTS(fields); k++)
            store_set_str(t, master, fields[k], record_str(m, fields[k]));
    }
    return 0;
}

/* References of the bond and its PIF; the caller frees both. */
struct made {
    char *bond, *pif;
};

static void set_bond(struct ctx *c, struct txn *t, const struct made *m,
                     const struct value *members, const char *mode)
{
    const char *first = value_get_string(value_at(members, 0));
    store_set_str(t, m->bond, F_Bond_master, m->pif);
    store_set_str(t, m->bond, F_Bond_mode, mode);
    store_set_str(t, m->bond, F_Bond_primary_slave, first);
    store_set(t, m->bond, model_field(c->x->model, F_Bond_properties),
              arg(c, 4));
    for (size_t i = 0; i < value_count(members); i++)
        store_set_str(t, value_get_string(value_at(members, i)),
                      F_PIF_bond_slave_of, m->bond);
}

static int make(struct ctx *c, struct txn *t, const char *mode,
                struct made *out)
{
    const char *network = arg_str(c, 0), *mac = arg_str(c, 2);
    const struct value *members = arg(c, 1);
    if (check_members(c, t, members) < 0 ||
        pif_check_network(c, t, network) < 0)
        return -1;
    g_autofree char *name = free_name(t);
    const struct record *first =
        txn_find(t, CLASS_PIF, value_get_string(value_at(members, 0)));
    out->pif = g_strdup(pif_new(c->x, t, name, network));
    out->bond = g_strdup(store_create(t, CLASS_Bond, NULL, NULL));
    store_set_str(t, out->pif, F_PIF_MAC,
                  *mac ? mac : record_str(first, F_PIF_MAC));
    if (take_address(c, t, out->pif, members) < 0)
        return -1;
    set_bond(c, t, out, members, mode);
    return 0;
}

/* Members are no ports of bridges of their own any more. Those that carry
 * somebody's connection refuse. */
static int unplug_members(struct ctx *c, const struct value *members)
{
    for (size_t i = 0; i < value_count(members); i++)
        if (pif_unplug(c->x, value_get_string(value_at(members, i)), false,
                       c->fault) < 0)
            return -1;
    return 0;
}

static int forget(struct ctx *c, const char *bond)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = snapshot_find(s, CLASS_Bond, bond);
    struct txn *t = store_begin(c->x->store);
    for (size_t i = 0; r && i < record_count(r, F_Bond_slaves); i++)
        if (txn_find(t, CLASS_PIF, record_item(r, F_Bond_slaves, i)))
            store_set_str(t, record_item(r, F_Bond_slaves, i),
                          F_PIF_bond_slave_of, REF_NULL);
    if (r) {
        pif_drop(t, record_str(r, F_Bond_master));
        store_delete(t, CLASS_Bond, bond);
    }
    return ctx_commit(c, t);
}

static int create(struct ctx *c, const char *mode, struct made *m)
{
    struct txn *t = store_begin(c->x->store);
    if (check_members(c, t, arg(c, 1)) < 0) {
        store_rollback(t);
        return -1;
    }
    store_rollback(t);
    if (unplug_members(c, arg(c, 1)) < 0)
        return -1;
    t = store_begin(c->x->store);
    if (make(c, t, mode, m) < 0) {
        store_rollback(t);
        return -1;
    }
    if (ctx_commit(c, t) < 0)
        return -1;
    if (pif_plug(c->x, m->pif, false, c->fault) == 0)
        return 0;
    forget(c, m->bond);
    return -1;
}

int handle_Bond_create(struct ctx *c, struct value **result_out)
{
    struct made m = { 0 };
    const char *mode = arg_str(c, 3);
    if (check_mode(c, mode) < 0)
        return -1;
    int r = create(c, mode, &m);
    if (r == 0)
        *result_out = value_string(m.bond);
    g_free(m.bond);
    g_free(m.pif);
    return r;
}

/* ---- destroy
 * ------------------------------------------------------------------- */

int handle_Bond_destroy(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    const char *ref = arg_str(c, 0);
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *bond = ctx_find(c, s, CLASS_Bond, ref);
    const struct record *pif =
        bond ? ctx_find(c, s, CLASS_PIF, record_str(bond, F_Bond_master))
             : NULL;
    if (!pif)
        return -1;
    if (record_count(pif, F_PIF_VLAN_slave_of))
        return ctx_fault(c, "PIF_VLAN_STILL_EXISTS", record_ref(pif));
    return pif_unplug(c->x, record_ref(pif), false, c->fault) < 0
               ? -1
               : forget(c, ref);
}

/* A bond's mode can only be set while it has no legs: down, and up again. */
int handle_Bond_set_mode(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    const char *ref = arg_str(c, 0);
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *bond = ctx_find(c, s, CLASS_Bond, ref);
    if (!bond || check_mode(c, arg_str(c, 1)) < 0)
        return -1;
    const char *pif = record_str(bond, F_Bond_master);
    const struct record *r = snapshot_find(s, CLASS_PIF, pif);
    bool plugged = r && record_bool(r, F_PIF_currently_attached);
    if (plugged && pif_unplug(c->x, pif, false, c->fault) < 0)
        return -1;
    struct txn *t = store_begin(c->x->store);
    store_set_str(t, ref, F_Bond_mode, arg_str(c, 1));
    if (ctx_commit(c, t) < 0)
        return -1;
    return plugged ? pif_plug(c->x, pif, false, c->fault) : 0;
}

int handle_Bond_set_property(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    struct txn *t = store_begin(c->x->store);
    if (!ctx_txn_find(c, t, CLASS_Bond, arg_str(c, 0))) {
        store_rollback(t);
        return -1;
    }
    store_map_put(t, arg_str(c, 0), F_Bond_properties, arg_str(c, 1),
                  arg_str(c, 2));
    return ctx_commit(c, t);
}
