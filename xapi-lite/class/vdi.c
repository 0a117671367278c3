/* XenAPI VDI: disks, by the drivers of their SRs (way B). */
#include "class/vdi.h"

#include <string.h>

#include "class/storage.h"

/* ---- records
 * ----------------------------------------------------------------------- */

void vdi_set_found(struct txn *t, const char *vdi,
                   const struct vdi_found *found)
{
    store_set_str(t, vdi, F_VDI_location,
                  found->location ? found->location : found->uuid);
    store_set_int(t, vdi, F_VDI_virtual_size, (int64_t)found->virtual_size);
    store_set_int(t, vdi, F_VDI_physical_utilisation,
                  (int64_t)found->physical_utilisation);
    store_set_bool(t, vdi, F_VDI_managed, true);
    store_set_bool(t, vdi, F_VDI_missing, false);
    if (found->format)
        store_map_put(t, vdi, F_VDI_sm_config, "image-format", found->format);
}

struct attempt {
    struct sr_parts parts;
    struct vdi_spec spec;
    struct vdi_found found;
    char *uuid; /* of the new VDI */
};

static void attempt_dispose(struct attempt *a)
{
    sr_parts_dispose(&a->parts);
    vdi_found_dispose(&a->found);
    g_free(a->uuid);
}
#define ATTEMPT_AUTO __attribute__((cleanup(attempt_dispose))) struct attempt

/* Somebody may have been faster while we waited for the SR. */
static int look_again(struct xapi *x, struct attempt *a, const char *ref,
                      struct fault *f)
{
    struct vdi_spec now;
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *vdi = snapshot_find(s, CLASS_VDI, ref);
    if (!vdi)
        return fault_set(f, "HANDLE_INVALID", "VDI", ref, NULL);
    vdi_spec_of(s, vdi, &now);
    a->spec.virtual_size = now.virtual_size;
    a->spec.live = now.live;
    a->spec.user = now.user;
    return 0;
}

static int begin(struct ctx *c, const struct snapshot *s, const char *ref,
                 struct attempt *a, const struct record **vdi_out)
{
    const struct record *vdi = ctx_find(c, s, CLASS_VDI, ref);
    *vdi_out = vdi;
    if (!vdi || sr_parts_build(s, record_str(vdi, F_VDI_SR), true, &a->parts,
                               c->fault) < 0)
        return -1;
    vdi_spec_of(s, vdi, &a->spec);
    a->uuid = g_uuid_string_random();
    sr_parts_lock(c->x, &a->parts);
    return look_again(c->x, a, ref, c->fault);
}

/* The record of what the driver has made; the disk is removed when it cannot be
 * written. */
static char *keep(struct ctx *c, struct attempt *a, struct txn *t, char *made)
{
    int r = ctx_commit(c, t);
    if (r < 0 && a->parts.driver->vdi_destroy) {
        const struct vdi_spec spec = { .uuid = a->uuid,
                                       .location = a->found.location,
                                       .name = "",
                                       .user = -1 };
        a->parts.driver->vdi_destroy(&a->parts.spec, &spec, NULL);
    }
    sr_intent_end(c->x, &a->parts);
    if (r == 0)
        return made;
    g_free(made);
    return NULL;
}

/* The program that failed, or was killed, may have made the disk. Without a
 * look at the SR the next scan will see to it. */
static int give_up(struct ctx *c, struct attempt *a, struct err *err)
{
    struct sr_figures figures;
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    g_autoptr(GArray) found =
        g_array_new(FALSE, FALSE, sizeof(struct vdi_found));
    g_array_set_clear_func(found, (GDestroyNotify)vdi_found_dispose);
    if (a->parts.driver->scan &&
        a->parts.driver->scan(&a->parts.spec, found, &figures, NULL) == 0)
        sr_intent_settle(c->x, &a->parts, s, found);
    return sr_failed(&a->parts, err, c->fault);
}

static int split(struct ctx *c, struct attempt *a, bool snapshot,
                 const char *sr)
{
    ERR_AUTO err = { 0 };
    const struct sr_driver *d = a->parts.driver;
    int (*fn)(const struct sr_spec *spec, const struct vdi_spec *from,
              const char *new_uuid, struct vdi_found *out, struct err *e) =
        snapshot ? d->vdi_snapshot : d->vdi_clone;
    if (!fn)
        return sr_cannot(sr, c->fault);
    if (sr_intent_begin(c->x, &a->parts, a->uuid, c->fault) < 0)
        return -1;
    return fn(&a->parts.spec, &a->spec, a->uuid, &a->found, &err) < 0
               ? give_up(c, a, &err)
               : 0;
}

char *vdi_duplicate(struct ctx *c, const char *ref, bool snapshot,
                    bool finished)
{
    ATTEMPT_AUTO a = { 0 };
    const struct record *vdi;
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    if (begin(c, s, ref, &a, &vdi) < 0)
        return NULL;
    if (vdi_resets(vdi)) {
        ctx_fault(c, "VDI_ON_BOOT_MODE_INCOMPATIBLE_WITH_OPERATION");
        return NULL;
    }
    if (split(c, &a, snapshot, record_str(vdi, F_VDI_SR)) < 0)
        return NULL;
    struct txn *t = store_begin(c->x->store);
    char *made = g_strdup(store_copy(t, vdi));
    store_set_str(t, made, F_VDI_uuid, a.uuid);
    vdi_set_found(t, made, &a.found);
    if (!finished)
        store_map_put(t, made, F_VDI_sm_config, VDI_UNFINISHED, "true");
    store_set_bool(t, made, F_VDI_is_a_snapshot, snapshot);
    store_set_str(t, made, F_VDI_snapshot_of, snapshot ? ref : REF_NULL);
    store_set_time(t, made, F_VDI_snapshot_time,
                   snapshot ? g_get_real_time() / G_USEC_PER_SEC : 0);
    return keep(c, &a, t, made);
}

static int make(struct ctx *c, struct attempt *a, const char *sr)
{
    ERR_AUTO err = { 0 };
    if (!a->parts.driver->vdi_create)
        return sr_cannot(sr, c->fault);
    sr_parts_lock(c->x, &a->parts);
    if (sr_intent_begin(c->x, &a->parts, a->uuid, c->fault) < 0)
        return -1;
    return a->parts.driver->vdi_create(&a->parts.spec, &a->spec, &a->found,
                                       &err) < 0
               ? give_up(c, a, &err)
               : 0;
}

char *vdi_create(struct ctx *c, const char *sr, const char *name,
                 const char *description, int64_t size, const char *type,
                 const struct value *sm_config)
{
    ATTEMPT_AUTO a = { 0 };
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    if (sr_parts_build(s, sr, true, &a.parts, c->fault) < 0)
        return NULL;
    a.uuid = g_uuid_string_random();
    a.spec = (struct vdi_spec){ .uuid = a.uuid,
                                .name = name,
                                .sm_config = sm_config,
                                .virtual_size = (uint64_t)size,
                                .user = -1 };
    if (make(c, &a, sr) < 0)
        return NULL;
    struct txn *t = store_begin(c->x->store);
    char *made = g_strdup(store_create(t, CLASS_VDI, NULL, a.uuid));
    store_set_str(t, made, F_VDI_SR, sr);
    store_set_str(t, made, F_VDI_name_label, name);
    store_set_str(t, made, F_VDI_name_description, description);
    store_set_str(t, made, F_VDI_type, type);
    vdi_set_found(t, made, &a.found);
    if (value_find(sm_config, VDI_UNFINISHED))
        store_map_put(t, made, F_VDI_sm_config, VDI_UNFINISHED, "true");
    return keep(c, &a, t, made);
}

bool vdi_is_plugged(const struct snapshot *s, const struct record *vdi)
{
    for (size_t i = 0; i < record_count(vdi, F_VDI_VBDs); i++) {
        const struct record *vbd =
            snapshot_find(s, CLASS_VBD, record_item(vdi, F_VDI_VBDs, i));
        if (vbd && record_bool(vbd, F_VBD_currently_attached))
            return true;
    }
    return false;
}

/* The records that use it go with it. */
static int forget(struct xapi *x, const char *ref, struct fault *f)
{
    ERR_AUTO err = { 0 };
    struct txn *t = store_begin(x->store);
    const struct record *r;
    while ((r = txn_find(t, CLASS_VDI, ref)) && record_count(r, F_VDI_VBDs)) {
        g_autofree char *vbd = g_strdup(record_item(r, F_VDI_VBDs, 0));
        store_delete(t, CLASS_VBD, vbd);
    }
    store_delete(t, CLASS_VDI, ref);
    return store_commit(t, &err) < 0 ? fault_from_err(f, &err) : 0;
}

int vdi_remove(struct xapi *x, const char *ref, struct fault *f)
{
    ATTEMPT_AUTO a = { 0 };
    ERR_AUTO err = { 0 };
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *vdi = snapshot_find(s, CLASS_VDI, ref);
    if (!vdi)
        return fault_set(f, "HANDLE_INVALID", "VDI", ref, NULL);
    if (vdi_is_plugged(s, vdi))
        return fault_set(f, "VDI_IN_USE", ref, "destroy", NULL);
    const char *sr = record_str(vdi, F_VDI_SR);
    if (sr_parts_build(s, sr, true, &a.parts, f) < 0)
        return -1;
    vdi_spec_of(s, vdi, &a.spec);
    if (!a.parts.driver->vdi_destroy)
        return sr_cannot(sr, f);
    sr_parts_lock(x, &a.parts);
    if (look_again(x, &a, ref, f) < 0)
        return -1;
    SNAPSHOT_AUTO *now = store_read(x->store);
    if (vdi_is_plugged(now, snapshot_find(now, CLASS_VDI, ref)))
        return fault_set(f, "VDI_IN_USE", ref, "destroy", NULL);
    if ((vdi_resets(vdi) && a.parts.driver->vdi_keep &&
         a.parts.driver->vdi_keep(&a.parts.spec, &a.spec, false, &err) < 0) ||
        a.parts.driver->vdi_destroy(&a.parts.spec, &a.spec, &err) < 0)
        return sr_failed(&a.parts, &err, f);
    return forget(x, ref, f);
}

/* ---- messages
 * ------------------------------------------------------------------------- */

static const char *text(const struct value *record, const char *field,
                        const char *otherwise)
{
    const char *s = value_get_string(value_find(record, field));
    return s ? s : otherwise;
}

/* The SR's figures, when the call has changed them. */
static int refreshed(struct ctx *c, const char *sr, int r)
{
    if (r == 0)
        sr_refresh(c->x, sr);
    return r;
}

int handle_VDI_create(struct ctx *c, struct value **result_out)
{
    const struct value *r = arg(c, 0);
    const struct class *class = model_class(c->x->model, CLASS_VDI);
    const struct value *given = value_find(r, "virtual_size");
    VALUE_AUTO *size =
        given
            ? value_conform(model_field(c->x->model, F_VDI_virtual_size)->type,
                            given, "virtual_size", c->fault)
            : value_int(0);
    if (!size)
        return -1;
    g_autofree char *ref =
        vdi_create(c, text(r, "SR", REF_NULL), text(r, "name_label", ""),
                   text(r, "name_description", ""), value_get_int(size),
                   text(r, "type", "user"), value_find(r, "sm_config"));
    if (!ref)
        return -1;
    struct txn *t = store_begin(c->x->store);
    VALUE_AUTO *rest = value_copy(r);
    value_remove(rest, "virtual_size");
    if (txn_find(t, CLASS_VDI, ref) && ctx_fill(c, t, class, ref, rest) < 0) {
        store_rollback(t);
        vdi_remove(c->x, ref, NULL);
        return -1;
    }
    *result_out = value_string(ref);
    return refreshed(c, text(r, "SR", REF_NULL), ctx_commit(c, t));
}

/* The SR of the VDI that the call is about; "" when there is none. */
static char *sr_of(struct ctx *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vdi = snapshot_find(s, CLASS_VDI, arg_str(c, 0));
    return g_strdup(vdi ? record_str(vdi, F_VDI_SR) : "");
}

int handle_VDI_destroy(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    g_autofree char *sr = sr_of(c);
    return refreshed(c, sr, vdi_remove(c->x, arg_str(c, 0), c->fault));
}

int handle_VDI_forget(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vdi = ctx_find(c, s, CLASS_VDI, arg_str(c, 0));
    if (!vdi)
        return -1;
    return vdi_is_plugged(s, vdi)
               ? ctx_fault(c, "VDI_IN_USE", arg_str(c, 0), "forget")
               : forget(c->x, arg_str(c, 0), c->fault);
}

static int duplicate(struct ctx *c, bool snapshot, struct value **result_out)
{
    g_autofree char *sr = sr_of(c);
    g_autofree char *ref = vdi_duplicate(c, arg_str(c, 0), snapshot, true);
    if (ref)
        *result_out = value_string(ref);
    return refreshed(c, sr, ref ? 0 : -1);
}

int handle_VDI_snapshot(struct ctx *c, struct value **result_out)
{
    return duplicate(c, true, result_out);
}

int handle_VDI_clone(struct ctx *c, struct value **result_out)
{
    return duplicate(c, false, result_out);
}

static int resize(struct ctx *c)
{
    ATTEMPT_AUTO a = { 0 };
    ERR_AUTO err = { 0 };
    const struct record *vdi;
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    if (begin(c, s, arg_str(c, 0), &a, &vdi) < 0)
        return -1;
    if (!a.parts.driver->vdi_resize)
        return sr_cannot(record_str(vdi, F_VDI_SR), c->fault);
    if ((uint64_t)arg_int(c, 1) < a.spec.virtual_size)
        return ctx_fault(c, "INVALID_VALUE", "size", "a disk cannot shrink");
    if (a.parts.driver->vdi_resize(&a.parts.spec, &a.spec,
                                   (uint64_t)arg_int(c, 1), &a.found, &err) < 0)
        return sr_failed(&a.parts, &err, c->fault);
    struct txn *t = store_begin(c->x->store);
    if (txn_find(t, CLASS_VDI, arg_str(c, 0)))
        vdi_set_found(t, arg_str(c, 0), &a.found);
    return ctx_commit(c, t);
}

int handle_VDI_resize(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    g_autofree char *sr = sr_of(c);
    return refreshed(c, sr, resize(c));
}

int handle_VDI_resize_online(struct ctx *c, struct value **result_out)
{
    return handle_VDI_resize(c, result_out);
}
