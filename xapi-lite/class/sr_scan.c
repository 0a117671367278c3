/* What is really in an SR, written into the records (way B). */
#include <string.h>

#include "class/storage.h"

/* The records of an SR's disks by their locations; both are copies. */
static GHashTable *by_location(struct txn *t, const char *sr)
{
    GHashTable *known =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    const struct record *r = txn_find(t, CLASS_SR, sr);
    for (size_t i = 0; r && i < record_count(r, F_SR_VDIs); i++) {
        const struct record *v =
            txn_find(t, CLASS_VDI, record_item(r, F_SR_VDIs, i));
        if (v)
            g_hash_table_insert(known, g_strdup(record_str(v, F_VDI_location)),
                                g_strdup(record_ref(v)));
    }
    return known;
}

/* A scan of many disks writes only those that have changed. */
static bool is_as_found(const struct record *r, const struct vdi_found *f)
{
    const char *format = record_map_get(r, F_VDI_sm_config, "image-format");
    return record_int(r, F_VDI_virtual_size) == (int64_t)f->virtual_size &&
           record_int(r, F_VDI_physical_utilisation) ==
               (int64_t)f->physical_utilisation &&
           record_bool(r, F_VDI_managed) && !record_bool(r, F_VDI_missing) &&
           (!f->format || (format && !strcmp(format, f->format)));
}

static void update(struct txn *t, const char *ref, const struct vdi_found *f)
{
    if (!is_as_found(txn_find(t, CLASS_VDI, ref), f))
        vdi_set_found(t, ref, f);
}

static void introduce(struct txn *t, const char *sr, const struct vdi_found *f)
{
    bool free_uuid = f->uuid && !txn_find_uuid(t, CLASS_VDI, f->uuid);
    g_autofree char *vdi =
        g_strdup(store_create(t, CLASS_VDI, NULL, free_uuid ? f->uuid : NULL));
    store_set_str(t, vdi, F_VDI_SR, sr);
    store_set_str(t, vdi, F_VDI_type, "user");
    store_set_str(t, vdi, F_VDI_name_label, f->name ? f->name : "");
    store_set_bool(t, vdi, F_VDI_read_only, f->read_only);
    vdi_set_found(t, vdi, f);
}

static bool is_unused(const struct record *vdi)
{
    return record_count(vdi, F_VDI_VBDs) == 0;
}

/* Records of disks that are gone go too; those that VMs name stay, marked. What
 * is left in the table was not found. */
static void drop_missing(struct txn *t, GHashTable *left)
{
    GHashTableIter i;
    gpointer ref;
    g_hash_table_iter_init(&i, left);
    while (g_hash_table_iter_next(&i, NULL, &ref)) {
        if (is_unused(txn_find(t, CLASS_VDI, ref)))
            store_delete(t, CLASS_VDI, ref);
        else
            store_set_bool(t, ref, F_VDI_missing, true);
    }
}

static void set_figures(struct txn *t, const char *sr,
                        const struct sr_figures *f)
{
    store_set_int(t, sr, F_SR_physical_size, (int64_t)f->physical_size);
    store_set_int(t, sr, F_SR_physical_utilisation,
                  (int64_t)f->physical_utilisation);
    store_set_int(t, sr, F_SR_virtual_allocation,
                  (int64_t)f->virtual_allocation);
}

static int write_found(struct xapi *x, const char *sr, const GArray *found,
                       const struct sr_figures *figures, struct fault *f)
{
    ERR_AUTO err = { 0 };
    struct txn *t = store_begin(x->store);
    if (!txn_find(t, CLASS_SR, sr)) {
        store_rollback(t);
        return fault_set(f, "HANDLE_INVALID", "SR", sr, NULL);
    }
    g_autoptr(GHashTable) known = by_location(t, sr);
    for (guint i = 0; i < found->len; i++) {
        const struct vdi_found *v = &g_array_index(found, struct vdi_found, i);
        const char *ref = g_hash_table_lookup(known, v->location);
        if (ref)
            update(t, ref, v);
        else
            introduce(t, sr, v);
        g_hash_table_remove(known, v->location);
    }
    drop_missing(t, known);
    set_figures(t, sr, figures);
    return store_commit(t, &err) < 0 ? fault_from_err(f, &err) : 0;
}

int sr_scan(struct xapi *x, const char *sr, struct fault *f)
{
    ERR_AUTO err = { 0 };
    SR_PARTS_AUTO p = { 0 };
    struct sr_figures figures = { 0 };
    SNAPSHOT_AUTO *s = store_read(x->store);
    if (sr_parts_build(s, sr, true, &p, f) < 0)
        return -1;
    if (!p.driver->scan)
        return sr_cannot(sr, f);
    sr_parts_lock(x, &p);
    g_autoptr(GArray) found =
        g_array_new(FALSE, TRUE, sizeof(struct vdi_found));
    g_array_set_clear_func(found, (GDestroyNotify)vdi_found_dispose);
    if (p.driver->scan(&p.spec, found, &figures, &err) < 0)
        return sr_failed(&p, &err, f);
    SNAPSHOT_AUTO *now = store_read(x->store);
    sr_intent_settle(x, &p, now, found);
    return write_found(x, sr, found, &figures, f);
}

void sr_refresh(struct xapi *x, const char *sr)
{
    ERR_AUTO err = { 0 };
    SR_PARTS_AUTO p = { 0 };
    struct sr_figures figures = { 0 };
    SNAPSHOT_AUTO *s = store_read(x->store);
    g_autoptr(GArray) found =
        g_array_new(FALSE, TRUE, sizeof(struct vdi_found));
    g_array_set_clear_func(found, (GDestroyNotify)vdi_found_dispose);
    if (sr_parts_build(s, sr, true, &p, NULL) < 0 || !p.driver->scan)
        return;
    sr_parts_lock(x, &p);
    if (p.driver->scan(&p.spec, found, &figures, &err) < 0)
        return;
    struct txn *t = store_begin(x->store);
    if (txn_find(t, CLASS_SR, sr))
        set_figures(t, sr, &figures);
    g_autoptr(GHashTable) known = by_location(t, sr);
    for (guint i = 0; i < found->len; i++) {
        const struct vdi_found *v = &g_array_index(found, struct vdi_found, i);
        const char *ref = g_hash_table_lookup(known, v->location);
        if (ref)
            update(t, ref, v);
    }
    store_commit(t, NULL);
}

int handle_SR_scan(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return sr_scan(c->x, arg_str(c, 0), c->fault);
}

int handle_SR_update(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return sr_scan(c->x, arg_str(c, 0), c->fault);
}

int handle_VDI_update(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vdi = ctx_find(c, s, CLASS_VDI, arg_str(c, 0));
    return vdi ? sr_scan(c->x, record_str(vdi, F_VDI_SR), c->fault) : -1;
}
