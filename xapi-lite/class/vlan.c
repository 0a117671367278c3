/* XenAPI VLAN: a PIF that sees one tag of another (way B). */
#include <string.h>

#include "class/network.h"

enum { TAG_MAX = 4094 };

static int bad_tag(struct ctx *c, int64_t tag)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, tag);
    return ctx_fault(c, "VLAN_TAG_INVALID", text);
}

static int check(struct ctx *c, struct txn *t, const struct record *pif,
                 int64_t tag)
{
    const char *ref = record_ref(pif);
    if (tag < 0 || tag > TAG_MAX)
        return bad_tag(c, tag);
    if (strcmp(record_str(pif, F_PIF_VLAN_master_of), REF_NULL))
        return ctx_fault(c, "PIF_IS_VLAN", ref);
    if (strcmp(record_str(pif, F_PIF_bond_slave_of), REF_NULL))
        return ctx_fault(c, "CANNOT_ADD_VLAN_TO_BOND_SLAVE", ref);
    if (record_count(pif, F_PIF_tunnel_access_PIF_of))
        return ctx_fault(c, "IS_TUNNEL_ACCESS_PIF", ref);
    for (size_t i = 0; i < record_count(pif, F_PIF_VLAN_slave_of); i++) {
        const struct record *v =
            txn_find(t, CLASS_VLAN, record_item(pif, F_PIF_VLAN_slave_of, i));
        if (v && record_int(v, F_VLAN_tag) == tag)
            return ctx_fault(c, "PIF_VLAN_EXISTS", ref);
    }
    return 0;
}

/* References of the VLAN and its PIF; the caller frees both. */
struct made {
    char *vlan, *pif;
};

static int make(struct ctx *c, struct txn *t, const char *tagged, int64_t tag,
                const char *network, struct made *out)
{
    const struct record *on = ctx_txn_find(c, t, CLASS_PIF, tagged);
    if (!on || check(c, t, on, tag) < 0 || pif_check_network(c, t, network) < 0)
        return -1;
    out->pif =
        g_strdup(pif_new(c->x, t, record_str(on, F_PIF_device), network));
    out->vlan = g_strdup(store_create(t, CLASS_VLAN, NULL, NULL));
    store_set_int(t, out->pif, F_PIF_VLAN, tag);
    store_set_str(t, out->pif, F_PIF_MAC, record_str(on, F_PIF_MAC));
    store_set_str(t, out->pif, F_PIF_VLAN_master_of, out->vlan);
    store_set_str(t, out->vlan, F_VLAN_tagged_PIF, tagged);
    store_set_str(t, out->vlan, F_VLAN_untagged_PIF, out->pif);
    store_set_int(t, out->vlan, F_VLAN_tag, tag);
    return 0;
}

/* It is plugged when the PIF below it is; when that fails nothing is left. */
static int create(struct ctx *c, const char *tagged, int64_t tag,
                  const char *network, struct made *out)
{
    struct txn *t = store_begin(c->x->store);
    if (make(c, t, tagged, tag, network, out) < 0) {
        store_rollback(t);
        return -1;
    }
    if (ctx_commit(c, t) < 0)
        return -1;
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *on = snapshot_find(s, CLASS_PIF, tagged);
    if (!on || !record_bool(on, F_PIF_currently_attached) ||
        pif_plug(c->x, out->pif, false, c->fault) == 0)
        return 0;
    t = store_begin(c->x->store);
    store_delete(t, CLASS_VLAN, out->vlan);
    pif_drop(t, out->pif);
    store_commit(t, NULL);
    return -1;
}

int handle_VLAN_create(struct ctx *c, struct value **result_out)
{
    struct made m = { 0 };
    int r = create(c, arg_str(c, 0), arg_int(c, 1), arg_str(c, 2), &m);
    if (r == 0)
        *result_out = value_string(m.vlan);
    g_free(m.vlan);
    g_free(m.pif);
    return r;
}

/* The old form: a card's name instead of its PIF, the PIF as answer. */
int handle_PIF_create_VLAN(struct ctx *c, struct value **result_out)
{
    struct made m = { 0 };
    struct txn *t = store_begin(c->x->store);
    const struct record *on = pif_of_device(t, arg_str(c, 0));
    g_autofree char *tagged = on ? g_strdup(record_ref(on)) : NULL;
    store_rollback(t);
    if (!tagged)
        return ctx_fault(c, "PIF_DEVICE_NOT_FOUND");
    int r = create(c, tagged, arg_int(c, 3), arg_str(c, 1), &m);
    if (r == 0)
        *result_out = value_string(m.pif);
    g_free(m.vlan);
    g_free(m.pif);
    return r;
}

/* pool: the same on every host, of which there is one; the PIFs as answer. */
static int on_pool(struct ctx *c, const char *tagged, struct value **result_out)
{
    struct made m = { 0 };
    int r = create(c, tagged, arg_int(c, 2), arg_str(c, 1), &m);
    if (r == 0) {
        *result_out = value_array();
        value_push(*result_out, value_string(m.pif));
    }
    g_free(m.vlan);
    g_free(m.pif);
    return r;
}

int handle_pool_create_VLAN_from_PIF(struct ctx *c, struct value **result_out)
{
    return on_pool(c, arg_str(c, 0), result_out);
}

int handle_pool_create_VLAN(struct ctx *c, struct value **result_out)
{
    struct txn *t = store_begin(c->x->store);
    const struct record *on = pif_of_device(t, arg_str(c, 0));
    g_autofree char *tagged = on ? g_strdup(record_ref(on)) : NULL;
    store_rollback(t);
    return tagged ? on_pool(c, tagged, result_out)
                  : ctx_fault(c, "PIF_DEVICE_NOT_FOUND");
}

int vlan_destroy(struct ctx *c, const char *ref)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vlan = ctx_find(c, s, CLASS_VLAN, ref);
    if (!vlan)
        return -1;
    const char *pif = record_str(vlan, F_VLAN_untagged_PIF);
    if (snapshot_find(s, CLASS_PIF, pif) &&
        pif_unplug(c->x, pif, false, c->fault) < 0)
        return -1;
    struct txn *t = store_begin(c->x->store);
    store_delete(t, CLASS_VLAN, ref);
    pif_drop(t, pif);
    return ctx_commit(c, t);
}

int handle_VLAN_destroy(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return vlan_destroy(c, arg_str(c, 0));
}
