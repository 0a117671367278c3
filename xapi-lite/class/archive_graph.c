/* The objects of ova.xml (way B). */
#include "class/archive_graph.h"

#include <string.h>

struct archive_graph {
    const struct snapshot *s;
    unsigned flags;
    GPtrArray *records; /* const struct record *, in the order of their ids */
    GHashTable *ids;    /* ref -> "Ref:N" */
};

struct archive_graph *archive_graph_new(const struct snapshot *s,
                                        unsigned flags)
{
    struct archive_graph *g = g_new0(struct archive_graph, 1);
    g->s = s;
    g->flags = flags;
    g->records = g_ptr_array_new();
    g->ids = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    return g;
}

void archive_graph_free(struct archive_graph *g)
{
    g_ptr_array_free(g->records, TRUE);
    g_hash_table_destroy(g->ids);
    g_free(g);
}

/* Where one object leads to others that go with it. */
static const struct row {
    enum class_id from;
    enum field_id field;
    unsigned only_with, not_with; /* flags */
} rows[] = {
    { CLASS_VM, F_VM_affinity, 0, 0 },
    { CLASS_VM, F_VM_metrics, 0, 0 },
    { CLASS_VM, F_VM_guest_metrics, 0, 0 },
    { CLASS_VM, F_VM_VBDs, 0, GRAPH_NO_VBDS },
    { CLASS_VM, F_VM_VIFs, 0, GRAPH_NO_VIFS },
    { CLASS_VM, F_VM_snapshots, GRAPH_SNAPSHOTS, 0 },
    { CLASS_VBD, F_VBD_VDI, 0, 0 },
    { CLASS_VIF, F_VIF_network, 0, 0 },
    { CLASS_VDI, F_VDI_SR, 0, 0 },
};

static void add(struct archive_graph *g, const char *ref)
{
    const struct record *r = snapshot_find_any(g->s, ref);
    if (!r || g_hash_table_contains(g->ids, record_ref(r)))
        return;
    g_hash_table_insert(g->ids, (char *)record_ref(r),
                        g_strdup_printf("Ref:%u", g->records->len));
    g_ptr_array_add(g->records, (void *)r);
}

static void follow(struct archive_graph *g, const struct record *r,
                   const struct row *row)
{
    const struct model *m = snapshot_model(g->s);
    if (record_class(r)->id != row->from || (row->not_with & g->flags) ||
        (row->only_with && !(row->only_with & g->flags)))
        return;
    if (model_field(m, row->field)->type->kind == TYPE_REF)
        add(g, record_str(r, row->field));
    else
        for (size_t i = 0; i < record_count(r, row->field); i++)
            add(g, record_item(r, row->field, i));
}

void archive_graph_add(struct archive_graph *g, const char *vm)
{
    guint next = g->records->len;
    add(g, vm);
    for (; next < g->records->len; next++)
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
            follow(g, g->records->pdata[next], &rows[i]);
}

const char *archive_graph_id(const struct archive_graph *g, const char *ref)
{
    return g_hash_table_lookup(g->ids, ref);
}

static gint by_id(gconstpointer a, gconstpointer b, gpointer graph)
{
    return strcmp(archive_graph_id(graph, *(char *const *)a),
                  archive_graph_id(graph, *(char *const *)b));
}

GPtrArray *archive_graph_disks(const struct archive_graph *g)
{
    GPtrArray *disks = g_ptr_array_new();
    for (guint i = 0; i < g->records->len; i++) {
        const struct record *r = g->records->pdata[i];
        const char *vdi =
            record_class(r)->id == CLASS_VBD ? record_str(r, F_VBD_VDI) : "";
        if (archive_graph_id(g, vdi) &&
            !strcmp(record_str(r, F_VBD_type), "Disk") &&
            !g_ptr_array_find_with_equal_func(disks, vdi, g_str_equal, NULL))
            g_ptr_array_add(disks, (char *)vdi);
    }
    g_ptr_array_sort_with_data(disks, by_id, (void *)g);
    return disks;
}

/* ---- records as values -------------------------------------------------- */

static const char *id_or_null(const struct archive_graph *g,
                              const struct value *ref)
{
    const char *id = archive_graph_id(g, value_get_string(ref));
    return id ? id : REF_NULL;
}

/* References become ids; those that lead out of the archive become null, or
 * vanish from sets and maps. The value is taken over. */
static struct value *with_ids(const struct archive_graph *g,
                              const struct type *t, struct value *v)
{
    if (t->kind == TYPE_REF) {
        struct value *id = value_string(id_or_null(g, v));
        value_free(v);
        return id;
    }
    bool item = t->item && t->item->kind == TYPE_REF;
    if (!item || (t->kind != TYPE_SET && t->kind != TYPE_MAP))
        return v;
    struct value *out = t->kind == TYPE_SET ? value_array() : value_object();
    for (size_t i = 0; i < value_count(v); i++) {
        const struct value *old =
            t->kind == TYPE_SET ? value_at(v, i) : value_item_at(v, i);
        const char *id = archive_graph_id(g, value_get_string(old));
        if (id && t->kind == TYPE_SET)
            value_push(out, value_string(id));
        else if (id)
            value_set(out, value_key_at(v, i), value_string(id));
    }
    value_free(v);
    return out;
}

/* The VM as it will be after the import: halted, and no snapshot when what it
 * is a snapshot of is not here. */
static void set_still(const struct archive_graph *g, const struct record *r,
                      struct value *out)
{
    if (record_class(r)->id == CLASS_VBD)
        value_set(out, "currently_attached", value_bool(false));
    if (record_class(r)->id == CLASS_VIF)
        value_set(out, "currently_attached", value_bool(false));
    if (record_class(r)->id != CLASS_VM)
        return;
    value_set(out, "power_state", value_string("Halted"));
    value_set(out, "domid", value_int(-1));
    value_set(out, "resident_on", value_string(REF_NULL));
    value_set(out, "current_operations", value_object());
    if (!archive_graph_id(g, record_str(r, F_VM_snapshot_of)))
        value_set(out, "is_a_snapshot", value_bool(false));
}

static struct value *object(const struct archive_graph *g,
                            const struct record *r)
{
    const struct class *class = record_class(r);
    struct value *snapshot = value_object(), *o = value_object();
    for (unsigned i = 0; i < class->n_fields; i++) {
        const struct field *f = &class->fields[i];
        value_set(snapshot, f->name, with_ids(g, f->type, record_value(r, f)));
    }
    set_still(g, r, snapshot);
    value_set(o, "class", value_string(class->name));
    value_set(o, "id", value_string(archive_graph_id(g, record_ref(r))));
    value_set(o, "snapshot", snapshot);
    return o;
}

struct value *archive_graph_objects(const struct archive_graph *g)
{
    struct value *all = value_array();
    for (guint i = 0; i < g->records->len; i++)
        value_push(all, object(g, g->records->pdata[i]));
    return all;
}
