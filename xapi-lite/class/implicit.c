/* The messages that follow from the model's rows: get_, set_, add_, remove_,
 * records, create, destroy (way B). */
#include <string.h>

#include "class/handler.h"
#include "class/implicit.h"
#include "class/where.h"

/* ---- reading ------------------------------------------------------------- */

struct lazy {
    const struct snapshot *snapshot;
    GPtrArray *records;        /* borrowed from the snapshot */
    const struct field *field; /* only this one */
};

static void lazy_free(void *data)
{
    struct lazy *l = data;
    g_ptr_array_free(l->records, TRUE);
    snapshot_release(l->snapshot);
    g_free(l);
}

static struct lazy *lazy_new(struct ctx *c)
{
    struct lazy *l = g_new0(struct lazy, 1);
    l->snapshot = store_read(c->x->store);
    l->records = g_ptr_array_new();
    return l;
}

static void emit_one(const void *data, const struct emitter *e, void *user)
{
    const struct lazy *l = data;
    if (l->field)
        record_emit_field(l->records->pdata[0], l->field, e, user);
    else
        record_emit(l->records->pdata[0], e, user);
}

static void emit_map(const void *data, const struct emitter *e, void *user)
{
    const struct lazy *l = data;
    e->object_begin(user);
    for (guint i = 0; i < l->records->len; i++) {
        const char *ref = record_ref(l->records->pdata[i]);
        e->key(user, ref, strlen(ref));
        record_emit(l->records->pdata[i], e, user);
    }
    e->object_end(user);
}

static void emit_refs(const void *data, const struct emitter *e, void *user)
{
    const struct lazy *l = data;
    e->array_begin(user);
    for (guint i = 0; i < l->records->len; i++) {
        const char *ref = record_ref(l->records->pdata[i]);
        e->string(user, ref, strlen(ref));
    }
    e->array_end(user);
}

static struct reply *get(struct ctx *c)
{
    struct lazy *l = lazy_new(c);
    const struct record *r =
        ctx_find(c, l->snapshot, c->message->class->id, arg_str(c, 0));
    if (!r) {
        lazy_free(l);
        return NULL;
    }
    g_ptr_array_add(l->records, (void *)r);
    l->field = c->message->field;
    return reply_new_lazy(l, emit_one, lazy_free);
}

static struct reply *get_all(struct ctx *c)
{
    struct lazy *l = lazy_new(c);
    enum class_id id = c->message->class->id;
    for (size_t i = 0; i < snapshot_count(l->snapshot, id); i++)
        g_ptr_array_add(l->records, (void *)snapshot_at(l->snapshot, id, i));
    return reply_new_lazy(
        l, c->message->kind == MSG_GET_ALL ? emit_refs : emit_map, lazy_free);
}

static struct reply *get_where(struct ctx *c)
{
    const struct class *class = c->message->class;
    ERR_AUTO err = { 0 };
    struct where *w = where_parse(class, arg_str(c, 0), &err);
    if (!w) {
        ctx_fault(c, "INVALID_VALUE", "expr", err.message);
        return NULL;
    }
    struct lazy *l = lazy_new(c);
    for (size_t i = 0; i < snapshot_count(l->snapshot, class->id); i++) {
        const struct record *r = snapshot_at(l->snapshot, class->id, i);
        if (where_matches(w, r))
            g_ptr_array_add(l->records, (void *)r);
    }
    where_free(w);
    return reply_new_lazy(l, emit_map, lazy_free);
}

static struct reply *get_by_uuid(struct ctx *c)
{
    const struct class *class = c->message->class;
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = snapshot_find_uuid(s, class->id, arg_str(c, 0));
    if (r)
        return reply_new(value_string(record_ref(r)));
    ctx_fault(c, "UUID_INVALID", class->name, arg_str(c, 0));
    return NULL;
}

static struct reply *get_by_name_label(struct ctx *c)
{
    struct lazy *l = lazy_new(c);
    g_ptr_array_free(l->records, TRUE);
    l->records =
        snapshot_find_name(l->snapshot, c->message->class->id, arg_str(c, 0));
    return reply_new_lazy(l, emit_refs, lazy_free);
}

/* ---- writing ---------------------------------------------------------------
 */

static int add_member(struct ctx *c, struct txn *t, const struct field *f)
{
    const char *ref = arg_str(c, 0);
    if (f->type->kind == TYPE_SET) {
        store_set_add(t, ref, f->id, arg_str(c, 1));
        return 0;
    }
    const struct record *r = txn_find(t, f->class->id, ref);
    if (record_map_get(r, f->id, arg_str(c, 1)))
        return ctx_fault(c, "MAP_DUPLICATE_KEY", f->class->name, f->name, ref,
                         arg_str(c, 1));
    store_map_put(t, ref, f->id, arg_str(c, 1), arg_str(c, 2));
    return 0;
}

static int write_field(struct ctx *c, struct txn *t)
{
    const struct field *f = c->message->field;
    const char *ref = arg_str(c, 0);
    if (!ctx_txn_find(c, t, f->class->id, ref))
        return -1;
    switch (c->message->kind) {
    case MSG_SET:
        store_set(t, ref, f, arg(c, 1));
        return 0;
    case MSG_ADD:
        return add_member(c, t, f);
    default:
        if (f->type->kind == TYPE_MAP)
            store_map_remove(t, ref, f->id, arg_str(c, 1));
        else
            store_set_remove(t, ref, f->id, arg_str(c, 1));
        return 0;
    }
}

int ctx_fill(struct ctx *c, struct txn *t, const struct class *class,
             const char *ref, const struct value *record)
{
    for (unsigned i = 0; i < class->n_fields; i++) {
        const struct field *f = &class->fields[i];
        const struct value *given = value_find(record, f->name);
        if (!given || f->qualifier == FIELD_RO || f->reverse_of)
            continue;
        VALUE_AUTO *v = value_conform(f->type, given, f->name, c->fault);
        if (!v)
            return -1;
        store_set(t, ref, f, v);
    }
    return 0;
}

static int create(struct ctx *c, struct txn *t, char **ref_out)
{
    const struct class *class = c->message->class;
    const char *ref = store_create(t, class->id, NULL, NULL);
    *ref_out = g_strdup(ref);
    return ctx_fill(c, t, class, ref, arg(c, 0));
}

static int destroy(struct ctx *c, struct txn *t)
{
    const struct class *class = c->message->class;
    if (!ctx_txn_find(c, t, class->id, arg_str(c, 0)))
        return -1;
    store_delete(t, class->id, arg_str(c, 0));
    return 0;
}

static struct reply *change(struct ctx *c)
{
    g_autofree char *ref = NULL;
    struct txn *t = store_begin(c->x->store);
    int r = c->message->kind == MSG_CREATE    ? create(c, t, &ref)
            : c->message->kind == MSG_DESTROY ? destroy(c, t)
                                              : write_field(c, t);
    if (r < 0)
        store_rollback(t);
    else
        r = ctx_commit(c, t);
    return r < 0 ? NULL : reply_new(ref ? value_string(ref) : NULL);
}

struct reply *implicit_call(struct ctx *c)
{
    switch (c->message->kind) {
    case MSG_GET:
    case MSG_GET_RECORD:
        return get(c);
    case MSG_GET_ALL:
    case MSG_GET_ALL_RECORDS:
        return get_all(c);
    case MSG_GET_ALL_RECORDS_WHERE:
        return get_where(c);
    case MSG_GET_BY_UUID:
        return get_by_uuid(c);
    case MSG_GET_BY_NAME_LABEL:
        return get_by_name_label(c);
    default:
        return change(c);
    }
}

int ctx_implicit(struct ctx *c, struct value **result_out)
{
    struct reply *r = implicit_call(c);
    if (!r)
        return -1;
    *result_out = reply_to_value(r);
    reply_free(r);
    return 0;
}
