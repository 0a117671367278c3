/* Results on their way to an encoder, and back to a tree (way B). */
#include "model/emit.h"

#include <string.h>

struct reply {
    struct value *value;
    void *data;
    void (*emit)(const void *data, const struct emitter *e, void *user);
    void (*free_data)(void *data);
};

static void emit_text(const struct emitter *e, void *user,
                      const struct value *v)
{
    const char *text = value_get_string(v);
    if (value_get_type(v) == VALUE_DATETIME)
        e->datetime(user, text, strlen(text));
    else
        e->string(user, text, strlen(text));
}

void emit_value(const struct emitter *e, void *user, const struct value *v)
{
    switch (value_get_type(v)) {
    case VALUE_NULL:
        e->null(user);
        break;
    case VALUE_BOOL:
        e->boolean(user, value_get_bool(v));
        break;
    case VALUE_INT:
        e->integer(user, value_get_int(v));
        break;
    case VALUE_DOUBLE:
        e->number(user, value_get_double(v));
        break;
    case VALUE_STRING:
    case VALUE_DATETIME:
        emit_text(e, user, v);
        break;
    case VALUE_ARRAY:
        e->array_begin(user);
        for (size_t i = 0; i < value_count(v); i++)
            emit_value(e, user, value_at(v, i));
        e->array_end(user);
        break;
    case VALUE_OBJECT:
        e->object_begin(user);
        for (size_t i = 0; i < value_count(v); i++) {
            const char *key = value_key_at(v, i);
            e->key(user, key, strlen(key));
            emit_value(e, user, value_item_at(v, i));
        }
        e->object_end(user);
        break;
    }
}

struct reply *reply_new(struct value *v)
{
    struct reply *r = g_new0(struct reply, 1);
    r->value = v ? v : value_string("");
    return r;
}

struct reply *reply_new_lazy(void *data,
                             void (*emit)(const void *data,
                                          const struct emitter *e, void *user),
                             void (*free_data)(void *data))
{
    struct reply *r = g_new0(struct reply, 1);
    r->data = data;
    r->emit = emit;
    r->free_data = free_data;
    return r;
}

void reply_emit(const struct reply *r, const struct emitter *e, void *user)
{
    if (r->emit)
        r->emit(r->data, e, user);
    else
        emit_value(e, user, r->value);
}

void reply_free(struct reply *r)
{
    if (!r)
        return;
    value_free(r->value);
    if (r->free_data)
        r->free_data(r->data);
    g_free(r);
}

/* ---- an encoder that builds a tree ----------------------------------------
 */

struct builder {
    GPtrArray *open; /* struct value *: containers being filled */
    GPtrArray *keys; /* char *: key of the next value of each, or NULL */
    struct value *root;
};

static void put(struct builder *b, struct value *v)
{
    if (!b->open->len) {
        b->root = v;
        return;
    }
    struct value *in = b->open->pdata[b->open->len - 1];
    char **key = (char **)&b->keys->pdata[b->keys->len - 1];
    if (*key) {
        value_set(in, *key, v);
        g_clear_pointer(key, g_free);
    } else {
        value_push(in, v);
    }
}

static void enter(struct builder *b, struct value *v)
{
    put(b, v);
    g_ptr_array_add(b->open, v);
    g_ptr_array_add(b->keys, NULL);
}

static void b_null(void *user)
{
    put(user, value_null());
}

static void b_boolean(void *user, bool v)
{
    put(user, value_bool(v));
}

static void b_integer(void *user, int64_t n)
{
    put(user, value_int(n));
}

static void b_count(void *user, int32_t n)
{
    put(user, value_int(n));
}

static void b_number(void *user, double d)
{
    put(user, value_double(d));
}

static void b_string(void *user, const char *text, size_t len)
{
    g_autofree char *s = g_strndup(text, len);
    put(user, value_string(s));
}

static void b_datetime(void *user, const char *text, size_t len)
{
    g_autofree char *s = g_strndup(text, len);
    put(user, value_datetime(s));
}

static void b_array(void *user)
{
    enter(user, value_array());
}

static void b_object(void *user)
{
    enter(user, value_object());
}

static void b_end(void *user)
{
    struct builder *b = user;
    g_ptr_array_set_size(b->open, b->open->len - 1);
    g_ptr_array_set_size(b->keys, b->keys->len - 1);
}

static void b_key(void *user, const char *text, size_t len)
{
    struct builder *b = user;
    b->keys->pdata[b->keys->len - 1] = g_strndup(text, len);
}

static const struct emitter builder_emitter = {
    .null = b_null,
    .boolean = b_boolean,
    .integer = b_integer,
    .count = b_count,
    .number = b_number,
    .string = b_string,
    .datetime = b_datetime,
    .array_begin = b_array,
    .array_end = b_end,
    .object_begin = b_object,
    .key = b_key,
    .object_end = b_end,
};

struct value *emit_to_value(void (*emit)(const void *data,
                                         const struct emitter *e, void *user),
                            const void *data)
{
    struct builder b = { g_ptr_array_new(), g_ptr_array_new(), NULL };
    emit(data, &builder_emitter, &b);
    g_ptr_array_free(b.open, TRUE);
    g_ptr_array_free(b.keys, TRUE);
    return b.root;
}

static void emit_reply(const void *data, const struct emitter *e, void *user)
{
    reply_emit(data, e, user);
}

struct value *reply_to_value(const struct reply *r)
{
    return r->value ? value_copy(r->value) : emit_to_value(emit_reply, r);
}
