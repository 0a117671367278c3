/* XenAPI SR and PBD: what storage there is and where it is plugged (way B). */
#include <string.h>

#include "class/handler.h"
#include "class/storage.h"

int handle_SR_get_supported_types(struct ctx *c, struct value **result_out)
{
    (void)c;
    const struct sr_driver *const *all = sr_driver_all();
    *result_out = value_array();
    for (int i = 0; all[i]; i++)
        value_push(*result_out, value_string(all[i]->type));
    return 0;
}

int handle_SR_introduce(struct ctx *c, struct value **result_out)
{
    const char *uuid = arg_str(c, 0);
    if (!sr_driver_find(arg_str(c, 3)))
        return ctx_fault(c, "SR_UNKNOWN_DRIVER", arg_str(c, 3));
    struct txn *t = store_begin(c->x->store);
    if (*uuid && txn_find_uuid(t, CLASS_SR, uuid)) {
        store_rollback(t);
        return ctx_fault(c, "SR_UUID_EXISTS", uuid);
    }
    g_autofree char *ref =
        g_strdup(store_create(t, CLASS_SR, NULL, *uuid ? uuid : NULL));
    store_set_str(t, ref, F_SR_name_label, arg_str(c, 1));
    store_set_str(t, ref, F_SR_name_description, arg_str(c, 2));
    store_set_str(t, ref, F_SR_type, arg_str(c, 3));
    store_set_str(t, ref, F_SR_content_type, arg_str(c, 4));
    store_set_bool(t, ref, F_SR_shared, arg_bool(c, 5));
    store_set(t, ref, model_field(c->x->model, F_SR_sm_config), arg(c, 6));
    *result_out = value_string(ref);
    return ctx_commit(c, t);
}

/* The records of an SR whose PBDs are unplugged. */
int handle_SR_forget(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    const char *sr = arg_str(c, 0);
    struct txn *t = store_begin(c->x->store);
    const struct record *r = ctx_txn_find(c, t, CLASS_SR, sr);
    for (size_t i = 0; r && i < record_count(r, F_SR_PBDs); i++) {
        const struct record *pbd =
            txn_find(t, CLASS_PBD, record_item(r, F_SR_PBDs, i));
        if (pbd && record_bool(pbd, F_PBD_currently_attached))
            ctx_fault(c, "SR_HAS_PBD", sr);
    }
    if (c->fault->code) {
        store_rollback(t);
        return -1;
    }
    while ((r = txn_find(t, CLASS_SR, sr)) && record_count(r, F_SR_PBDs)) {
        g_autofree char *pbd = g_strdup(record_item(r, F_SR_PBDs, 0));
        store_delete(t, CLASS_PBD, pbd);
    }
    while ((r = txn_find(t, CLASS_SR, sr)) && record_count(r, F_SR_VDIs)) {
        g_autofree char *vdi = g_strdup(record_item(r, F_SR_VDIs, 0));
        store_delete(t, CLASS_VDI, vdi);
    }
    store_delete(t, CLASS_SR, sr);
    return ctx_commit(c, t);
}

/* ---- PBD
 * -------------------------------------------------------------------------- */

static int set_attached(struct xapi *x, const char *pbd, bool on,
                        struct fault *f)
{
    ERR_AUTO err = { 0 };
    struct txn *t = store_begin(x->store);
    if (txn_find(t, CLASS_PBD, pbd))
        store_set_bool(t, pbd, F_PBD_currently_attached, on);
    return store_commit(t, &err) < 0 ? fault_from_err(f, &err) : 0;
}

/* A VDI of the SR that a guest uses, or NULL. */
static const char *busy_vdi(const struct snapshot *s, const char *sr)
{
    const struct record *r = snapshot_find(s, CLASS_SR, sr);
    for (size_t i = 0; r && i < record_count(r, F_SR_VDIs); i++) {
        const struct record *v =
            snapshot_find(s, CLASS_VDI, record_item(r, F_SR_VDIs, i));
        for (size_t k = 0; v && k < record_count(v, F_VDI_VBDs); k++) {
            const struct record *vbd =
                snapshot_find(s, CLASS_VBD, record_item(v, F_VDI_VBDs, k));
            if (vbd && record_bool(vbd, F_VBD_currently_attached))
                return record_ref(v);
        }
    }
    return NULL;
}

int pbd_plug(struct xapi *x, const char *ref, bool on, struct fault *f)
{
    ERR_AUTO err = { 0 };
    SR_PARTS_AUTO p = { 0 };
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *pbd = snapshot_find(s, CLASS_PBD, ref);
    if (!pbd)
        return fault_set(f, "HANDLE_INVALID", "PBD", ref, NULL);
    if (record_bool(pbd, F_PBD_currently_attached) == on)
        return 0;
    const char *sr = record_str(pbd, F_PBD_SR);
    const char *busy = on ? NULL : busy_vdi(s, sr);
    if (busy)
        return fault_set(f, "VDI_IN_USE", busy, "unplug", NULL);
    if (sr_parts_build(s, sr, false, &p, f) < 0)
        return -1;
    sr_parts_lock(x, &p);
    int (*fn)(const struct sr_spec *spec, struct err *e) =
        on ? p.driver->attach : p.driver->detach;
    if (fn && fn(&p.spec, &err) < 0)
        return sr_failed(&p, &err, f);
    return set_attached(x, ref, on, f);
}

int handle_PBD_plug(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return pbd_plug(c->x, arg_str(c, 0), true, c->fault);
}

int handle_PBD_unplug(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return pbd_plug(c->x, arg_str(c, 0), false, c->fault);
}

int handle_PBD_destroy(struct ctx *c, struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *pbd = ctx_find(c, s, CLASS_PBD, arg_str(c, 0));
    if (!pbd)
        return -1;
    if (record_bool(pbd, F_PBD_currently_attached))
        return ctx_fault(c, "OPERATION_NOT_ALLOWED",
                         "the PBD is plugged; unplug it first");
    return ctx_implicit(c, result_out);
}

int handle_PBD_set_device_config(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    struct txn *t = store_begin(c->x->store);
    const struct record *pbd = ctx_txn_find(c, t, CLASS_PBD, arg_str(c, 0));
    if (pbd && record_bool(pbd, F_PBD_currently_attached))
        ctx_fault(c, "OPERATION_NOT_ALLOWED",
                  "the PBD is plugged; unplug it first");
    if (c->fault->code) {
        store_rollback(t);
        return -1;
    }
    store_set(t, arg_str(c, 0), model_field(c->x->model, F_PBD_device_config),
              arg(c, 1));
    return ctx_commit(c, t);
}
