/* XenAPI message, secret and blob (way B). */
#include <string.h>
#include <unistd.h>

#include "class/handler.h"
#include "class/where.h"

/* ---- message
 * ------------------------------------------------------------------------ */

int handle_message_create(struct ctx *c, struct value **result_out)
{
    struct txn *t = store_begin(c->x->store);
    g_autofree char *ref = g_strdup(store_create(t, CLASS_message, NULL, NULL));
    store_set_str(t, ref, F_message_name, arg_str(c, 0));
    store_set_int(t, ref, F_message_priority, arg_int(c, 1));
    store_set_str(t, ref, F_message_cls, arg_str(c, 2));
    store_set_str(t, ref, F_message_obj_uuid, arg_str(c, 3));
    store_set_str(t, ref, F_message_body, arg_str(c, 4));
    store_set_time(t, ref, F_message_timestamp,
                   g_get_real_time() / G_USEC_PER_SEC);
    *result_out = value_string(ref);
    return ctx_commit(c, t);
}

int handle_message_destroy(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    struct txn *t = store_begin(c->x->store);
    if (!ctx_txn_find(c, t, CLASS_message, arg_str(c, 0))) {
        store_rollback(t);
        return -1;
    }
    store_delete(t, CLASS_message, arg_str(c, 0));
    return ctx_commit(c, t);
}

int handle_message_destroy_many(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    struct txn *t = store_begin(c->x->store);
    for (size_t i = 0; i < value_count(arg(c, 0)); i++) {
        const char *ref = value_get_string(value_at(arg(c, 0), i));
        if (!ctx_txn_find(c, t, CLASS_message, ref)) {
            store_rollback(t);
            return -1;
        }
        store_delete(t, CLASS_message, ref);
    }
    return ctx_commit(c, t);
}

/* The records that pass, by ref. */
static struct value *
records(struct ctx *c, bool (*pass)(const struct record *r, const void *arg),
        const void *arg_)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    struct value *map = value_object();
    for (size_t i = 0; i < snapshot_count(s, CLASS_message); i++) {
        const struct record *r = snapshot_at(s, CLASS_message, i);
        if (pass(r, arg_))
            value_set(map, record_ref(r), record_to_value(r));
    }
    return map;
}

static bool passes_all(const struct record *r, const void *arg_)
{
    (void)r, (void)arg_;
    return true;
}

static bool passes_where(const struct record *r, const void *w)
{
    return where_matches(w, r);
}

static bool passes_since(const struct record *r, const void *since)
{
    return record_time(r, F_message_timestamp) > *(const int64_t *)since;
}

static bool passes_object(const struct record *r, const void *arg_)
{
    const struct ctx *c = arg_;
    int64_t since = 0;
    datetime_parse(arg_str(c, 2), &since);
    return !strcmp(record_str(r, F_message_cls), arg_str(c, 0)) &&
           !strcmp(record_str(r, F_message_obj_uuid), arg_str(c, 1)) &&
           record_time(r, F_message_timestamp) > since;
}

int handle_message_get_all_records(struct ctx *c, struct value **result_out)
{
    *result_out = records(c, passes_all, NULL);
    return 0;
}

int handle_message_get_all_records_where(struct ctx *c,
                                         struct value **result_out)
{
    ERR_AUTO err = { 0 };
    struct where *w = where_parse(model_class(c->x->model, CLASS_message),
                                  arg_str(c, 0), &err);
    if (!w)
        return ctx_fault(c, "INVALID_VALUE", "expr", err.message);
    *result_out = records(c, passes_where, w);
    where_free(w);
    return 0;
}

int handle_message_get_since(struct ctx *c, struct value **result_out)
{
    int64_t since = 0;
    datetime_parse(arg_str(c, 0), &since);
    *result_out = records(c, passes_since, &since);
    return 0;
}

int handle_message_get(struct ctx *c, struct value **result_out)
{
    *result_out = records(c, passes_object, c);
    return 0;
}

int handle_message_get_all(struct ctx *c, struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    *result_out = value_array();
    for (size_t i = 0; i < snapshot_count(s, CLASS_message); i++)
        value_push(*result_out,
                   value_string(record_ref(snapshot_at(s, CLASS_message, i))));
    return 0;
}

int handle_message_get_by_uuid(struct ctx *c, struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r =
        snapshot_find_uuid(s, CLASS_message, arg_str(c, 0));
    if (!r)
        return ctx_fault(c, "UUID_INVALID", "message", arg_str(c, 0));
    *result_out = value_string(record_ref(r));
    return 0;
}

int handle_message_get_record(struct ctx *c, struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = ctx_find(c, s, CLASS_message, arg_str(c, 0));
    if (!r)
        return -1;
    *result_out = record_to_value(r);
    return 0;
}

/* ---- blob
 * -------------------------------------------------------------------------------
 */

static char *make_blob(struct txn *t, const char *mime_type, bool public)
{
    char *ref = g_strdup(store_create(t, CLASS_blob, NULL, NULL));
    store_set_str(t, ref, F_blob_mime_type,
                  *mime_type ? mime_type : "application/octet-stream");
    store_set_bool(t, ref, F_blob_public, public);
    store_set_time(t, ref, F_blob_last_updated,
                   g_get_real_time() / G_USEC_PER_SEC);
    return ref;
}

int handle_blob_create(struct ctx *c, struct value **result_out)
{
    struct txn *t = store_begin(c->x->store);
    g_autofree char *ref = make_blob(t, arg_str(c, 0), arg_bool(c, 1));
    *result_out = value_string(ref);
    return ctx_commit(c, t);
}

int handle_blob_destroy(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    struct txn *t = store_begin(c->x->store);
    const struct record *r = ctx_txn_find(c, t, CLASS_blob, arg_str(c, 0));
    if (!r) {
        store_rollback(t);
        return -1;
    }
    g_autofree char *contents = g_build_filename(
        c->x->config.state_dir, "blobs", record_str(r, F_blob_uuid), NULL);
    store_delete(t, CLASS_blob, arg_str(c, 0));
    if (ctx_commit(c, t) < 0)
        return -1;
    unlink(contents);
    return 0;
}

/* CLASS.create_new_blob(self, name, mime_type, public): known by its name in
 * the object's blobs. */
static int create_new_blob(struct ctx *c, enum field_id blobs,
                           struct value **result_out)
{
    const char *self = arg_str(c, 0), *name = arg_str(c, 1);
    struct txn *t = store_begin(c->x->store);
    const struct record *r = ctx_txn_find(c, t, c->message->class->id, self);
    if (r && record_map_get(r, blobs, name))
        ctx_fault(c, "BLOB_ALREADY_EXISTS", name);
    if (c->fault->code) {
        store_rollback(t);
        return -1;
    }
    g_autofree char *ref = make_blob(t, arg_str(c, 2), arg_bool(c, 3));
    store_set_str(t, ref, F_blob_name_label, name);
    store_map_put(t, self, blobs, name, ref);
    *result_out = value_string(ref);
    return ctx_commit(c, t);
}

#define BLOBS(cls)                                                             \
    int handle_##cls##_create_new_blob(struct ctx *c,                          \
                                       struct value **result_out)              \
    {                                                                          \
        return create_new_blob(c, F_##cls##_blobs, result_out);                \
    }
BLOBS(VM)
BLOBS(host)
BLOBS(pool)
BLOBS(network)
BLOBS(SR)
