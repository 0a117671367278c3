/* XenAPI tunnel: a network that goes through another one to a host elsewhere
 * (way B). */
#include <string.h>

#include "class/network.h"

static int check(struct ctx *c, const struct record *pif)
{
    const char *ref = record_ref(pif);
    if (record_count(pif, F_PIF_tunnel_access_PIF_of))
        return ctx_fault(c, "IS_TUNNEL_ACCESS_PIF", ref);
    if (strcmp(record_str(pif, F_PIF_bond_slave_of), REF_NULL))
        return ctx_fault(c, "CANNOT_ADD_TUNNEL_TO_BOND_SLAVE", ref);
    return strcmp(record_str(pif, F_PIF_ip_configuration_mode), "None")
               ? 0
               : ctx_fault(c, "TRANSPORT_PIF_NOT_CONFIGURED", ref);
}

static char *free_name(struct txn *t)
{
    for (int i = 0;; i++) {
        g_autofree char *name = g_strdup_printf("tunnel%d", i);
        if (!pif_of_device(t, name) && !net_exists(name))
            return g_steal_pointer(&name);
    }
}

/* Its other end is not known yet: it is plugged when that has been set. */
int handle_tunnel_create(struct ctx *c, struct value **result_out)
{
    struct txn *t = store_begin(c->x->store);
    const struct record *on = ctx_txn_find(c, t, CLASS_PIF, arg_str(c, 0));
    if (!on || check(c, on) < 0 || pif_check_network(c, t, arg_str(c, 1)) < 0) {
        store_rollback(t);
        return -1;
    }
    g_autofree char *name = free_name(t);
    g_autofree char *pif = g_strdup(pif_new(c->x, t, name, arg_str(c, 1)));
    g_autofree char *ref = g_strdup(store_create(t, CLASS_tunnel, NULL, NULL));
    store_set_str(t, ref, F_tunnel_access_PIF, pif);
    store_set_str(t, ref, F_tunnel_transport_PIF, arg_str(c, 0));
    store_set_str(t, ref, F_tunnel_protocol, arg_str(c, 2));
    *result_out = value_string(ref);
    return ctx_commit(c, t);
}

int handle_tunnel_destroy(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *tunnel = ctx_find(c, s, CLASS_tunnel, arg_str(c, 0));
    if (!tunnel)
        return -1;
    const char *pif = record_str(tunnel, F_tunnel_access_PIF);
    if (snapshot_find(s, CLASS_PIF, pif) &&
        pif_unplug(c->x, pif, false, c->fault) < 0)
        return -1;
    struct txn *t = store_begin(c->x->store);
    store_delete(t, CLASS_tunnel, arg_str(c, 0));
    pif_drop(t, pif);
    return ctx_commit(c, t);
}
