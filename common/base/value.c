/* The value tree (ways A, B and C): built by views and decoders, read by
 * encoders. */
#include "base/value.h"

#include <math.h>
#include <string.h>

struct value {
    enum value_type type;
    union {
        bool b;
        int64_t n;
        double d;
        char *s;
        GPtrArray *items; /* array: the elements; object: the members' values */
    } u;
    GPtrArray *keys; /* object: char *, same index as items */
    GHashTable
        *index; /* object: key -> position + 1; made when it gets large */
};

/* Small objects are searched by walking: cheaper than a table each. */
enum { INDEX_FROM = 12 };

static struct value *make(enum value_type type)
{
    struct value *v = g_new0(struct value, 1);
    v->type = type;
    return v;
}

struct value *value_null(void)
{
    return make(VALUE_NULL);
}

struct value *value_bool(bool b)
{
    struct value *v = make(VALUE_BOOL);
    v->u.b = b;
    return v;
}

struct value *value_int(int64_t n)
{
    struct value *v = make(VALUE_INT);
    v->u.n = n;
    return v;
}

struct value *value_double(double d)
{
    struct value *v = make(VALUE_DOUBLE);
    v->u.d = d;
    return v;
}

struct value *value_string(const char *s)
{
    if (!s)
        return value_null();
    struct value *v = make(VALUE_STRING);
    v->u.s = g_strdup(s);
    return v;
}

struct value *value_printf(const char *fmt, ...)
{
    struct value *v = make(VALUE_STRING);
    va_list ap;
    va_start(ap, fmt);
    v->u.s = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    return v;
}

struct value *value_datetime(const char *s)
{
    struct value *v = make(VALUE_DATETIME);
    v->u.s = g_strdup(s);
    return v;
}

static void free_item(gpointer p)
{
    value_free(p);
}

struct value *value_array(void)
{
    struct value *v = make(VALUE_ARRAY);
    v->u.items = g_ptr_array_new_with_free_func(free_item);
    return v;
}

struct value *value_object(void)
{
    struct value *v = make(VALUE_OBJECT);
    v->u.items = g_ptr_array_new_with_free_func(free_item);
    v->keys = g_ptr_array_new_with_free_func(g_free);
    return v;
}

struct value *value_copy(const struct value *v)
{
    if (!v)
        return NULL;
    struct value *c;
    switch (v->type) {
    case VALUE_STRING:
        return value_string(v->u.s);
    case VALUE_DATETIME:
        return value_datetime(v->u.s);
    case VALUE_ARRAY:
        c = value_array();
        for (size_t i = 0; i < value_count(v); i++)
            value_push(c, value_copy(value_at(v, i)));
        return c;
    case VALUE_OBJECT:
        c = value_object();
        for (size_t i = 0; i < value_count(v); i++)
            value_set(c, value_key_at(v, i), value_copy(value_item_at(v, i)));
        return c;
    default:
        c = make(v->type);
        c->u = v->u;
        return c;
    }
}

void value_free(struct value *v)
{
    if (!v)
        return;
    if (v->type == VALUE_STRING || v->type == VALUE_DATETIME)
        g_free(v->u.s);
    if (v->type == VALUE_ARRAY || v->type == VALUE_OBJECT)
        g_ptr_array_free(v->u.items, TRUE);
    if (v->keys)
        g_ptr_array_free(v->keys, TRUE);
    if (v->index)
        g_hash_table_destroy(v->index);
    g_free(v);
}

enum value_type value_get_type(const struct value *v)
{
    return v ? v->type : VALUE_NULL;
}

bool value_get_bool(const struct value *v)
{
    return v && v->type == VALUE_BOOL && v->u.b;
}

/* The cast alone is undefined where the number does not fit. */
static int64_t cut(double d)
{
    if (isnan(d))
        return 0;
    if (d >= 0x1p63)
        return INT64_MAX;
    return d <= -0x1p63 ? INT64_MIN : (int64_t)d;
}

int64_t value_get_int(const struct value *v)
{
    if (!v)
        return 0;
    if (v->type == VALUE_INT)
        return v->u.n;
    return v->type == VALUE_DOUBLE ? cut(v->u.d) : 0;
}

double value_get_double(const struct value *v)
{
    if (!v)
        return 0;
    if (v->type == VALUE_DOUBLE)
        return v->u.d;
    return v->type == VALUE_INT ? (double)v->u.n : 0;
}

const char *value_get_string(const struct value *v)
{
    return v && (v->type == VALUE_STRING || v->type == VALUE_DATETIME) ? v->u.s
                                                                       : NULL;
}

size_t value_count(const struct value *v)
{
    return v && (v->type == VALUE_ARRAY || v->type == VALUE_OBJECT)
               ? v->u.items->len
               : 0;
}

void value_push(struct value *array, struct value *item)
{
    g_assert(array->type == VALUE_ARRAY);
    g_ptr_array_add(array->u.items, item);
}

const struct value *value_at(const struct value *array, size_t i)
{
    return i < value_count(array) ? array->u.items->pdata[i] : NULL;
}

/* Position of the key, or -1. */
static ssize_t position(const struct value *object, const char *key)
{
    if (!object || object->type != VALUE_OBJECT)
        return -1;
    if (object->index)
        return (ssize_t)GPOINTER_TO_SIZE(
                   g_hash_table_lookup(object->index, key)) -
               1;
    for (guint i = 0; i < object->keys->len; i++)
        if (!strcmp(object->keys->pdata[i], key))
            return i;
    return -1;
}

static void reindex(struct value *object)
{
    if (object->index)
        g_hash_table_destroy(object->index);
    object->index = NULL;
    if (object->keys->len < INDEX_FROM)
        return;
    object->index = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < object->keys->len; i++)
        g_hash_table_insert(object->index, object->keys->pdata[i],
                            GSIZE_TO_POINTER((gsize)i + 1));
}

void value_set(struct value *object, const char *key, struct value *item)
{
    g_assert(object->type == VALUE_OBJECT);
    ssize_t at = position(object, key);
    if (at >= 0) {
        value_free(object->u.items->pdata[at]);
        object->u.items->pdata[at] = item;
        return;
    }
    char *own = g_strdup(key);
    g_ptr_array_add(object->keys, own);
    g_ptr_array_add(object->u.items, item);
    if (object->index)
        g_hash_table_insert(object->index, own,
                            GSIZE_TO_POINTER((gsize)object->keys->len));
    else if (object->keys->len == INDEX_FROM)
        reindex(object);
}

const struct value *value_find(const struct value *object, const char *key)
{
    ssize_t at = position(object, key);
    return at < 0 ? NULL : object->u.items->pdata[at];
}

const char *value_key_at(const struct value *object, size_t i)
{
    return i < value_count(object) && object->keys ? object->keys->pdata[i]
                                                   : NULL;
}

const struct value *value_item_at(const struct value *object, size_t i)
{
    return i < value_count(object) ? object->u.items->pdata[i] : NULL;
}

bool value_remove(struct value *object, const char *key)
{
    ssize_t at = position(object, key);
    if (at < 0)
        return false;
    g_ptr_array_remove_index(object->keys, (guint)at);
    g_ptr_array_remove_index(object->u.items, (guint)at);
    if (object->index)
        reindex(object);
    return true;
}

bool value_equal(const struct value *a, const struct value *b)
{
    if (value_get_type(a) != value_get_type(b) ||
        value_count(a) != value_count(b))
        return false;
    switch (value_get_type(a)) {
    case VALUE_NULL:
        return true;
    case VALUE_BOOL:
        return a->u.b == b->u.b;
    case VALUE_INT:
        return a->u.n == b->u.n;
    case VALUE_DOUBLE:
        return a->u.d == b->u.d;
    case VALUE_STRING:
    case VALUE_DATETIME:
        return !strcmp(a->u.s, b->u.s);
    case VALUE_ARRAY:
        for (size_t i = 0; i < value_count(a); i++)
            if (!value_equal(value_at(a, i), value_at(b, i)))
                return false;
        return true;
    case VALUE_OBJECT:
        for (size_t i = 0; i < value_count(a); i++) {
            const struct value *other = value_find(b, value_key_at(a, i));
            if (!other || !value_equal(value_item_at(a, i), other))
                return false;
        }
        return true;
    }
    return false;
}
