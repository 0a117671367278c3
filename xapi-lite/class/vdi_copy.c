/* XenAPI VDI: full copies, and disks that are there already (way B). */
#include <string.h>

#include "class/storage.h"
#include "class/vdi.h"

static int set_finished(struct ctx *c, const char *vdi)
{
    struct txn *t = store_begin(c->x->store);
    if (txn_find(t, CLASS_VDI, vdi))
        store_map_remove(t, vdi, F_VDI_sm_config, VDI_UNFINISHED);
    return ctx_commit(c, t);
}

static int copy_data(struct ctx *c, const char *from, const char *to)
{
    ERR_AUTO err = { 0 };
    struct sr_parts none = { 0 };
    struct vdi_attached a = { 0 }, b = { 0 };
    int r = vdi_attach(c->x, from, false, &a, c->fault);
    if (r == 0 && (r = vdi_attach(c->x, to, true, &b, c->fault)) == 0) {
        if (driver_disk_copy(&a, &b, COPY_FRESH, NULL, NULL, &err) < 0)
            r = sr_failed(&none, &err, c->fault);
        vdi_detach(c->x, to);
    }
    if (a.path)
        vdi_detach(c->x, from);
    g_free(a.path);
    g_free(b.path);
    return r;
}

char *vdi_copy(struct ctx *c, const char *ref, const char *sr, bool finished)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vdi = ctx_find(c, s, CLASS_VDI, ref);
    struct vdi_spec spec;
    if (!vdi)
        return NULL;
    vdi_spec_of(s, vdi, &spec);
    if (spec.live) {
        ctx_fault(c, "VDI_IN_USE", ref, "copy");
        return NULL;
    }
    const char *to = strcmp(sr, REF_NULL) ? sr : record_str(vdi, F_VDI_SR);
    VALUE_AUTO *mark = value_object();
    value_set(mark, VDI_UNFINISHED, value_string("true"));
    g_autofree char *made = vdi_create(c, to, record_str(vdi, F_VDI_name_label),
                                       record_str(vdi, F_VDI_name_description),
                                       record_int(vdi, F_VDI_virtual_size),
                                       record_str(vdi, F_VDI_type), mark);
    if (!made)
        return NULL;
    if (copy_data(c, ref, made) == 0 &&
        (!finished || set_finished(c, made) == 0)) {
        sr_refresh(c->x, to);
        return g_steal_pointer(&made);
    }
    vdi_remove(c->x, made, NULL);
    return NULL;
}

/* Into a VDI that is there: it must be large enough. */
static int copy_into(struct ctx *c, const char *from, const char *to)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *a = ctx_find(c, s, CLASS_VDI, from);
    const struct record *b = ctx_find(c, s, CLASS_VDI, to);
    char need[24];
    if (!a || !b)
        return -1;
    g_snprintf(need, sizeof need, "%" G_GINT64_FORMAT,
               record_int(a, F_VDI_virtual_size));
    if (record_bool(b, F_VDI_read_only))
        return ctx_fault(c, "VDI_READONLY", to);
    if (vdi_is_plugged(s, b))
        return ctx_fault(c, "VDI_IN_USE", to, "copy");
    if (record_int(b, F_VDI_virtual_size) < record_int(a, F_VDI_virtual_size))
        return ctx_fault(c, "VDI_TOO_SMALL", to, need);
    return copy_data(c, from, to);
}

int handle_VDI_copy(struct ctx *c, struct value **result_out)
{
    const char *into = arg_str(c, 3);
    g_autofree char *made = NULL;
    if (*into && strcmp(into, REF_NULL))
        made = copy_into(c, arg_str(c, 0), into) < 0 ? NULL : g_strdup(into);
    else
        made = vdi_copy(c, arg_str(c, 0), arg_str(c, 1), true);
    if (made)
        *result_out = value_string(made);
    return made ? 0 : -1;
}

/* ---- introduce
 * -------------------------------------------------------------------- */

static const struct record *at_location(struct txn *t, const char *sr,
                                        const char *location)
{
    const struct record *r = txn_find(t, CLASS_SR, sr);
    for (size_t i = 0; r && i < record_count(r, F_SR_VDIs); i++) {
        const struct record *v =
            txn_find(t, CLASS_VDI, record_item(r, F_SR_VDIs, i));
        if (v && !strcmp(record_str(v, F_VDI_location), location))
            return v;
    }
    return NULL;
}

/* A scan finds it; the names and marks are those that were given. */
int handle_VDI_introduce(struct ctx *c, struct value **result_out)
{
    const char *location = arg_str(c, 8);
    if (sr_scan(c->x, arg_str(c, 3), c->fault) < 0)
        return -1;
    struct txn *t = store_begin(c->x->store);
    const struct record *vdi = at_location(t, arg_str(c, 3), location);
    if (!vdi) {
        store_rollback(t);
        return ctx_fault(c, "VDI_LOCATION_MISSING", arg_str(c, 3), location);
    }
    g_autofree char *ref = g_strdup(record_ref(vdi));
    const struct record *other = txn_find_uuid(t, CLASS_VDI, arg_str(c, 0));
    if (other && other != vdi) {
        store_rollback(t);
        return ctx_fault(c, "INVALID_VALUE", "uuid", arg_str(c, 0));
    }
    if (*arg_str(c, 0))
        store_set_str(t, ref, F_VDI_uuid, arg_str(c, 0));
    store_set_str(t, ref, F_VDI_name_label, arg_str(c, 1));
    store_set_str(t, ref, F_VDI_name_description, arg_str(c, 2));
    store_set_str(t, ref, F_VDI_type, arg_str(c, 4));
    store_set_bool(t, ref, F_VDI_sharable, arg_bool(c, 5));
    store_set_bool(t, ref, F_VDI_read_only, arg_bool(c, 6));
    store_set(t, ref, model_field(c->x->model, F_VDI_other_config), arg(c, 7));
    *result_out = value_string(ref);
    return ctx_commit(c, t);
}
