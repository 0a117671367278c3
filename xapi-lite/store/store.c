/* Opening and closing the store: from the back end's rows to the first
 * snapshot (way B). */
#include "store/store.h"

#include <string.h>

#include "store/store_internal.h"

struct loading {
    struct store *store;
    struct snapshot *snapshot;
    GHashTable *pool; /* texts that many records share */
    GPtrArray *records[CLASS_COUNT];
};

static void make_defaults(struct store *s)
{
    for (int i = 0; i < CLASS_COUNT; i++) {
        const struct class *c = model_class(s->model, i);
        s->defaults[i] = record_new(c, NULL);
        for (unsigned k = 0; k < c->n_fields; k++) {
            const struct field *f = &c->fields[k];
            VALUE_AUTO *v = value_of_default(f->type, f->dflt);
            s->defaults[i]->slots[k] = slot_from_value(f->type, v, NULL);
        }
    }
}

static int load_row(void *user, const struct store_row *row, struct err *err)
{
    struct loading *l = user;
    const struct class *c = model_find_class(l->store->model, row->class);
    if (!c)
        return 0; /* of another version */
    struct record *r = record_clone(l->store->defaults[c->id]);
    r->ref = rstr_new(row->ref, strlen(row->ref));
    g_ptr_array_add(l->records[c->id], r);
    return record_parse_row(r, row->fields, l->pool, err);
}

static struct record *loaded(struct loading *l, const struct class *c,
                             const char *ref)
{
    return (struct record *)table_find(l->snapshot->tables[c->id], ref);
}

/* Fills the sets that mirror this record's refs, and shares the refs' text. */
static void link_record(struct loading *l, struct record *r)
{
    for (unsigned i = 0; i < r->class->n_fields; i++) {
        const struct field *f = &r->class->fields[i];
        if (f->type->kind != TYPE_REF || !r->slots[i].s)
            continue;
        const struct class *tc =
            model_find_class(l->store->model, f->type->name);
        struct record *target = tc ? loaded(l, tc, r->slots[i].s->text) : NULL;
        if (!target)
            continue;
        rstr_drop(r->slots[i].s);
        r->slots[i].s = rstr_hold(target->ref);
        if (!f->reversed_by)
            continue;
        union slot *set = record_slot(target, f->reversed_by);
        struct coll *old = set->c;
        set->c = coll_with(old, f->reversed_by->type, (union slot){ .s = NULL },
                           (union slot){ .s = rstr_hold(r->ref) });
        slot_drop(f->reversed_by->type, (union slot){ .c = old });
    }
}

static void build(struct loading *l, uint64_t generation)
{
    for (int i = 0; i < CLASS_COUNT; i++) {
        struct table *empty = table_new(model_class(l->store->model, i));
        struct table *t = table_copy(empty, l->records[i]->len);
        table_unref(empty);
        t->generation = generation;
        for (guint k = 0; k < l->records[i]->len; k++) {
            struct record *r = l->records[i]->pdata[k];
            r->created = r->modified = generation;
            table_put(t, r);
        }
        l->snapshot->tables[i] = t;
    }
    for (int i = 0; i < CLASS_COUNT; i++)
        for (guint k = 0; k < l->records[i]->len; k++)
            link_record(l, l->records[i]->pdata[k]);
}

static void drop_text(void *s)
{
    rstr_drop(s);
}

static void drop_record(void *r)
{
    record_unref(r);
}

static int load(struct store *s, struct err *err)
{
    uint64_t generation = 0;
    struct loading l = { .store = s };
    l.pool = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, drop_text);
    for (int i = 0; i < CLASS_COUNT; i++)
        l.records[i] = g_ptr_array_new_with_free_func(drop_record);
    int r = s->backend.load(s->backend.data, &generation, load_row, &l, err);
    if (r == 0) {
        s->written = generation + STEP;
        s->tomb_floor = s->written;
        l.snapshot = g_new0(struct snapshot, 1);
        l.snapshot->store = s;
        l.snapshot->generation = s->written;
        build(&l, s->written);
        snapshot_publish(s, l.snapshot);
        r = s->backend.write(s->backend.data, s->written, NULL, 0, err);
    }
    for (int i = 0; i < CLASS_COUNT; i++)
        g_ptr_array_free(l.records[i], TRUE);
    g_hash_table_destroy(l.pool);
    return r;
}

struct store *store_open(const struct model *m, struct store_backend backend,
                         struct err *err)
{
    struct store *s = g_new0(struct store, 1);
    s->model = m;
    s->backend = backend;
    g_mutex_init(&s->writer);
    g_mutex_init(&s->tomb_lock);
    make_defaults(s);
    if (load(s, err) < 0)
        g_clear_pointer(&s, store_close);
    return s;
}

void store_close(struct store *s)
{
    if (!s)
        return;
    if (atomic_load(&s->root)) { /* the last snapshot goes with its readers */
        struct snapshot *none = g_new0(struct snapshot, 1);
        snapshot_publish(s, none);
        g_free(none);
    }
    for (int i = 0; i < CLASS_COUNT; i++)
        record_unref(s->defaults[i]);
    for (int i = 0; i < TOMBS; i++)
        rstr_drop(s->tombs[i].ref);
    if (s->backend.close)
        s->backend.close(s->backend.data);
    g_mutex_clear(&s->writer);
    g_mutex_clear(&s->tomb_lock);
    g_free(s);
}

const struct model *store_model(const struct store *s)
{
    return s->model;
}

void store_hook(struct store *s,
                void (*fn)(void *user, struct txn *t, enum class_id c,
                           const char *ref),
                void *user)
{
    s->hook = fn;
    s->hook_user = user;
}

void store_observe(struct store *s,
                   void (*fn)(void *user, uint64_t generation,
                              const struct change *c, size_t n),
                   void *user)
{
    s->observer = fn;
    s->observer_user = user;
}

int store_dump(struct store *s, const char *path, struct err *err)
{
    if (!s->backend.dump)
        return err_set(err, ERR_UNSUPPORTED, "this store keeps no file");
    g_mutex_lock(&s->writer);
    int r = s->backend.dump(s->backend.data, path, err);
    g_mutex_unlock(&s->writer);
    return r;
}
