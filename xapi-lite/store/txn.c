/* Transactions: private copies of records, written and published at once
 * (way B). */
#include <string.h>

#include "store/store_internal.h"

/* What happens to one object. */
struct edit {
    const struct class *class;
    struct rstr *ref;
    const struct record *old; /* before; NULL: created here */
    struct record *now;       /* private copy; NULL: deleted */
    bool changed;             /* anything has, so that it becomes an event */
    bool durable;             /* something that is kept has */
};

struct txn {
    struct store *store;
    const struct snapshot *base;
    GHashTable *edits; /* ref -> struct edit *, owned */
    GPtrArray *order;  /* struct edit * */
};

static void edit_free(void *p)
{
    struct edit *e = p;
    record_unref(e->now);
    rstr_drop(e->ref);
    g_free(e);
}

struct txn *store_begin(struct store *s)
{
    g_mutex_lock(&s->writer);
    struct txn *t = g_new0(struct txn, 1);
    t->store = s;
    t->base = store_read(s);
    t->edits = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, edit_free);
    t->order = g_ptr_array_new();
    return t;
}

static void end(struct txn *t)
{
    struct store *s = t->store;
    snapshot_release(t->base);
    g_ptr_array_free(t->order, TRUE);
    g_hash_table_destroy(t->edits);
    g_free(t);
    g_mutex_unlock(&s->writer);
}

void store_rollback(struct txn *t)
{
    if (t)
        end(t);
}

/* ---- reading inside ----------------------------------------------------- */

const struct snapshot *txn_snapshot(struct txn *t)
{
    return t->base;
}

const struct record *txn_find(struct txn *t, enum class_id c, const char *ref)
{
    const struct edit *e = g_hash_table_lookup(t->edits, ref);
    if (e)
        return e->class->id == c ? e->now : NULL;
    return snapshot_find(t->base, c, ref);
}

const struct record *txn_find_uuid(struct txn *t, enum class_id c,
                                   const char *uuid)
{
    const struct field *f = model_class(t->store->model, c)->uuid;
    const struct record *r = snapshot_find_uuid(t->base, c, uuid);
    if (r && !g_hash_table_contains(t->edits, r->ref->text))
        return r;
    for (guint i = 0; i < t->order->len; i++) {
        const struct edit *e = t->order->pdata[i];
        if (e->class->id == c && e->now &&
            !strcmp(slot_text(f->type, e->now->slots[f->slot]), uuid))
            return e->now;
    }
    return NULL;
}

void txn_each(struct txn *t, enum class_id c,
              void (*fn)(struct txn *t, const struct record *r, void *user),
              void *user)
{
    const struct table *table = t->base->tables[c];
    for (size_t i = 0; i < table->n; i++) {
        const struct record *r =
            txn_find(t, c, table->rows[BY_REF][i]->ref->text);
        if (r)
            fn(t, r, user);
    }
    for (guint i = 0; i < t->order->len; i++) {
        const struct edit *e = t->order->pdata[i];
        if (e->class->id == c && !e->old && e->now)
            fn(t, e->now, user);
    }
}

/* ---- edits -----------------------------------------------------------------
 */

static struct edit *new_edit(struct txn *t, const struct class *c,
                             struct rstr *ref)
{
    struct edit *e = g_new0(struct edit, 1);
    e->class = c;
    e->ref = rstr_hold(ref);
    g_hash_table_insert(t->edits, e->ref->text, e);
    g_ptr_array_add(t->order, e);
    return e;
}

/* The edit of an existing object, or NULL when there is no such object. */
static struct edit *edit(struct txn *t, enum class_id c, const char *ref)
{
    struct edit *e = g_hash_table_lookup(t->edits, ref);
    if (e)
        return e->now && e->class->id == c ? e : NULL;
    const struct record *r = snapshot_find(t->base, c, ref);
    if (!r)
        return NULL;
    e = new_edit(t, r->class, r->ref);
    e->old = r;
    e->now = record_clone(r);
    return e;
}

static struct edit *edit_of_field(struct txn *t, const char *ref,
                                  const struct field *f)
{
    struct edit *e = edit(t, f->class->id, ref);
    if (!e)
        g_error("setting %s of %s, which does not exist", f->name, ref);
    return e;
}

static struct rstr *ref_of(struct txn *t, const struct class *c,
                           const char *ref)
{
    const struct record *r = c ? txn_find(t, c->id, ref) : NULL;
    return r ? r->ref : NULL;
}

static const struct class *target_class(struct txn *t, const struct type *type)
{
    return type->kind == TYPE_REF
               ? model_find_class(t->store->model, type->name)
               : NULL;
}

/* Puts a new value into the slot, keeping the other side of a relation. */
static void replace(struct txn *t, struct edit *e, const struct field *f,
                    union slot v)
{
    union slot *slot = record_slot(e->now, f);
    if (slot_equal(f->type, *slot, v)) {
        slot_drop(f->type, v);
        return;
    }
    const struct field *set = f->reversed_by;
    g_autofree char *old = g_strdup(set && slot->s ? slot->s->text : NULL);
    slot_drop(f->type, *slot);
    *slot = v;
    e->changed = true;
    e->durable |= !f->temporary;
    if (!set)
        return;
    if (old && edit(t, set->class->id, old))
        store_set_remove(t, old, set->id, e->ref->text);
    if (v.s && edit(t, set->class->id, v.s->text))
        store_set_add(t, v.s->text, set->id, e->ref->text);
}

const char *store_create(struct txn *t, enum class_id c, const char *ref,
                         const char *uuid)
{
    const struct class *class = model_class(t->store->model, c);
    g_autofree char *made = g_uuid_string_random();
    g_autofree char *made_ref = g_strconcat("OpaqueRef:", made, NULL);
    g_autofree char *made_uuid = g_uuid_string_random();
    if (!ref)
        ref = made_ref;
    if (g_hash_table_contains(t->edits, ref))
        g_error("creating %s twice", ref);
    struct rstr *r = rstr_new(ref, strlen(ref));
    struct edit *e = new_edit(t, class, r);
    e->now = record_clone(t->store->defaults[c]);
    e->now->ref = rstr_hold(r);
    e->changed = e->durable = true;
    rstr_drop(r);
    if (class->uuid)
        store_set_str(t, e->ref->text, class->uuid->id,
                      uuid ? uuid : made_uuid);
    return e->ref->text;
}

const char *store_copy(struct txn *t, const struct record *from)
{
    const struct class *c = from->class;
    const char *ref = store_create(t, c->id, NULL, NULL);
    struct edit *e = g_hash_table_lookup(t->edits, ref);
    for (unsigned i = 0; i < c->n_fields; i++) {
        const struct field *f = &c->fields[i];
        if (f != c->uuid && !f->reverse_of && !f->temporary)
            replace(t, e, f, slot_hold(f->type, from->slots[i]));
    }
    return ref;
}

/* What a record refers to only while the daemon runs (its metrics) is a part of
 * it. */
static void delete_own(struct txn *t, const struct edit *e,
                       const struct field *f)
{
    const struct rstr *to = record_slot(e->now, f)->s;
    const struct class *class = target_class(t, f->type);
    if (to && class)
        store_delete(t, class->id, to->text);
}

void store_delete(struct txn *t, enum class_id c, const char *ref)
{
    struct edit *e = edit(t, c, ref);
    if (!e)
        return;
    for (unsigned i = 0; i < e->class->n_fields; i++) {
        const struct field *f = &e->class->fields[i];
        if (f->reversed_by)
            replace(t, e, f, (union slot){ .s = NULL });
        else if (f->temporary && f->type->kind == TYPE_REF)
            delete_own(t, e, f);
    }
    record_unref(e->now);
    e->now = NULL;
    e->changed = e->durable = true;
}

void store_touch(struct txn *t, const char *ref)
{
    const struct record *r = snapshot_find_any(t->base, ref);
    struct edit *e = r ? edit(t, r->class->id, ref) : NULL;
    if (e)
        e->changed = true;
}

/* ---- setting ---------------------------------------------------------------
 */

static const struct field *field_of(struct txn *t, enum field_id id)
{
    return model_field(t->store->model, id);
}

static void set_slot(struct txn *t, const char *ref, enum field_id id,
                     unsigned kinds, union slot v)
{
    const struct field *f = field_of(t, id);
    if (!(kinds & 1u << f->type->kind))
        g_error("%s.%s is of another type", f->class->name, f->name);
    replace(t, edit_of_field(t, ref, f), f, v);
}

void store_set_str(struct txn *t, const char *ref, enum field_id id,
                   const char *text)
{
    const struct type *type = field_of(t, id)->type;
    text = text ? text : "";
    struct rstr *shared = ref_of(t, target_class(t, type), text);
    set_slot(t, ref, id, 1u << TYPE_STRING | 1u << TYPE_REF | 1u << TYPE_ENUM,
             slot_from_text(type, text, shared));
}

void store_set_int(struct txn *t, const char *ref, enum field_id f, int64_t n)
{
    set_slot(t, ref, f, 1u << TYPE_INT, (union slot){ .n = n });
}

void store_set_bool(struct txn *t, const char *ref, enum field_id f, bool b)
{
    set_slot(t, ref, f, 1u << TYPE_BOOL, (union slot){ .n = b });
}

void store_set_float(struct txn *t, const char *ref, enum field_id f, double d)
{
    set_slot(t, ref, f, 1u << TYPE_FLOAT, (union slot){ .d = d });
}

void store_set_time(struct txn *t, const char *ref, enum field_id f,
                    int64_t unix_seconds)
{
    set_slot(t, ref, f, 1u << TYPE_DATETIME, (union slot){ .n = unix_seconds });
}

void store_set(struct txn *t, const char *ref, const struct field *f,
               const struct value *v)
{
    if (f->type->kind == TYPE_REF)
        store_set_str(t, ref, f->id, value_get_string(v));
    else
        replace(t, edit_of_field(t, ref, f), f,
                slot_from_value(f->type, v, NULL));
}

void store_map_put(struct txn *t, const char *ref, enum field_id id,
                   const char *key, const char *item)
{
    const struct field *f = field_of(t, id);
    struct edit *e = edit_of_field(t, ref, f);
    struct coll *c = coll_with(record_slot(e->now, f)->c, f->type,
                               slot_from_text(f->type->key, key, NULL),
                               slot_from_text(f->type->item, item, NULL));
    replace(t, e, f, (union slot){ .c = c });
}

static bool remove_member(struct txn *t, const char *ref, const struct field *f,
                          const char *text)
{
    struct edit *e = edit_of_field(t, ref, f);
    const struct coll *old = record_slot(e->now, f)->c;
    int i = coll_find(old, f->type, text);
    if (i < 0)
        return false;
    replace(t, e, f, (union slot){ .c = coll_without(old, f->type, i) });
    return true;
}

bool store_map_remove(struct txn *t, const char *ref, enum field_id f,
                      const char *key)
{
    return remove_member(t, ref, field_of(t, f), key);
}

bool store_set_add(struct txn *t, const char *ref, enum field_id id,
                   const char *item)
{
    const struct field *f = field_of(t, id);
    struct edit *e = edit_of_field(t, ref, f);
    const struct coll *old = record_slot(e->now, f)->c;
    if (coll_find(old, f->type, item) >= 0)
        return false;
    struct rstr *shared = ref_of(t, target_class(t, f->type->item), item);
    struct coll *c = coll_with(old, f->type, (union slot){ .n = 0 },
                               slot_from_text(f->type->item, item, shared));
    replace(t, e, f, (union slot){ .c = c });
    return true;
}

bool store_set_remove(struct txn *t, const char *ref, enum field_id f,
                      const char *item)
{
    return remove_member(t, ref, field_of(t, f), item);
}

/* ---- commit ----------------------------------------------------------------
 */

/* An object that came and went inside the transaction is nothing, nor is one
 * that was set to what it had. */
static bool is_nothing(const struct edit *e)
{
    return !e->changed || (!e->old && !e->now);
}

static bool is_empty(const struct txn *t)
{
    for (guint i = 0; i < t->order->len; i++)
        if (!is_nothing(t->order->pdata[i]))
            return false;
    return true;
}

static int write_rows(struct txn *t, uint64_t generation, struct err *err)
{
    struct store *s = t->store;
    g_autoptr(GArray) rows =
        g_array_new(FALSE, FALSE, sizeof(struct store_row));
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < t->order->len; i++) {
        const struct edit *e = t->order->pdata[i];
        if (is_nothing(e) || !e->durable || !(e->class->flags & CLASS_KEPT))
            continue;
        struct store_row row = { e->class->name, e->ref->text, NULL };
        if (e->now) {
            row.fields = record_format_row(e->now, s->defaults[e->class->id]);
            g_ptr_array_add(texts, (char *)row.fields);
        }
        g_array_append_val(rows, row);
    }
    if (!rows->len && generation < s->written + STEP)
        return 0;
    if (s->backend.write(s->backend.data, generation,
                         (struct store_row *)rows->data, rows->len, err) < 0)
        return -1;
    s->written = generation;
    return 0;
}

/* The class's table in the new snapshot, made private on first use. */
static struct table *private_table(struct snapshot *next,
                                   const struct snapshot *base, enum class_id c,
                                   size_t extra)
{
    if (next->tables[c] == base->tables[c]) {
        next->tables[c] = table_copy(base->tables[c], extra);
        next->tables[c]->generation = next->generation;
        table_unref(base->tables[c]);
    }
    return next->tables[c];
}

static char apply(struct txn *t, struct snapshot *next, struct edit *e)
{
    struct table *table =
        private_table(next, t->base, e->class->id, t->order->len);
    if (!e->now) {
        table_remove(table, e->ref->text);
        store_bury(t->store, e->old, next->generation);
        return 'd';
    }
    e->now->modified = next->generation;
    if (!e->old)
        e->now->created = next->generation;
    table_put(table, e->now);
    return e->old ? 'm' : 'a';
}

static void publish(struct txn *t, uint64_t generation)
{
    struct store *s = t->store;
    struct snapshot *next = snapshot_next(t->base, generation);
    g_autofree struct change *changes = g_new(struct change, t->order->len);
    size_t n = 0;
    for (guint i = 0; i < t->order->len; i++) {
        struct edit *e = t->order->pdata[i];
        if (is_nothing(e))
            continue;
        char op = apply(t, next, e);
        changes[n++] = (struct change){ e->class, e->ref->text, op };
    }
    snapshot_publish(s, next);
    if (s->observer && n)
        s->observer(s->observer_user, generation, changes, n);
}

/* The hook may change further objects: they come last and have their turn. */
static void run_hook(struct txn *t)
{
    struct store *s = t->store;
    for (guint i = 0; s->hook && i < t->order->len; i++) {
        const struct edit *e = t->order->pdata[i];
        if (e->changed && e->now)
            s->hook(s->hook_user, t, e->class->id, e->ref->text);
    }
}

int store_commit(struct txn *t, struct err *err)
{
    uint64_t generation = t->base->generation + 1;
    int r = 0;
    run_hook(t);
    if (!is_empty(t)) {
        r = write_rows(t, generation, err);
        if (r == 0)
            publish(t, generation);
    }
    end(t);
    return r;
}
