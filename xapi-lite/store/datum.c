/* Values of the store: counted texts, sets and maps (way B). */
#include "store/datum.h"

#include <string.h>

struct rstr *rstr_new(const char *text, size_t len)
{
    struct rstr *s = g_malloc(sizeof *s + len + 1);
    atomic_init(&s->refs, 1);
    s->len = len;
    memcpy(s->text, text, len);
    s->text[len] = '\0';
    return s;
}

struct rstr *rstr_hold(struct rstr *s)
{
    if (s)
        atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
    return s;
}

void rstr_drop(struct rstr *s)
{
    if (s && atomic_fetch_sub(&s->refs, 1) == 1)
        g_free(s);
}

static struct coll *coll_new(const struct type *t, unsigned n)
{
    unsigned slots = t->kind == TYPE_MAP ? 2 * n : n;
    struct coll *c = g_malloc(sizeof *c + slots * sizeof(union slot));
    atomic_init(&c->refs, 1);
    c->n = n;
    return c;
}

static void coll_drop(const struct type *t, struct coll *c)
{
    if (!c || atomic_fetch_sub(&c->refs, 1) != 1)
        return;
    bool map = t->kind == TYPE_MAP;
    for (unsigned i = 0; i < c->n; i++) {
        slot_drop(map ? t->key : t->item, c->items[map ? 2 * i : i]);
        if (map)
            slot_drop(t->item, c->items[2 * i + 1]);
    }
    g_free(c);
}

union slot slot_hold(const struct type *t, union slot v)
{
    if (t->kind == TYPE_STRING || t->kind == TYPE_REF)
        rstr_hold(v.s);
    else if ((t->kind == TYPE_SET || t->kind == TYPE_MAP) && v.c)
        atomic_fetch_add_explicit(&v.c->refs, 1, memory_order_relaxed);
    return v;
}

void slot_drop(const struct type *t, union slot v)
{
    if (t->kind == TYPE_STRING || t->kind == TYPE_REF)
        rstr_drop(v.s);
    else if (t->kind == TYPE_SET || t->kind == TYPE_MAP)
        coll_drop(t, v.c);
}

static bool coll_equal(const struct type *t, const struct coll *a,
                       const struct coll *b)
{
    if (a == b)
        return true;
    if (!a || !b || a->n != b->n)
        return false;
    bool map = t->kind == TYPE_MAP;
    for (unsigned i = 0; i < a->n; i++) {
        unsigned k = map ? 2 * i : i;
        if (!slot_equal(map ? t->key : t->item, a->items[k], b->items[k]))
            return false;
        if (map && !slot_equal(t->item, a->items[k + 1], b->items[k + 1]))
            return false;
    }
    return true;
}

bool slot_equal(const struct type *t, union slot a, union slot b)
{
    switch (t->kind) {
    case TYPE_STRING:
    case TYPE_REF:
        return a.s == b.s || (a.s && b.s && a.s->len == b.s->len &&
                              !memcmp(a.s->text, b.s->text, a.s->len));
    case TYPE_SET:
    case TYPE_MAP:
        return coll_equal(t, a.c, b.c);
    case TYPE_FLOAT:
        return a.d == b.d;
    default:
        return a.n == b.n;
    }
}

/* ---- from values --------------------------------------------------------- */

static struct rstr *pooled(const char *text, GHashTable *pool)
{
    size_t len = strlen(text);
    if (!pool || len > 64)
        return rstr_new(text, len);
    struct rstr *s = g_hash_table_lookup(pool, text);
    if (s)
        return rstr_hold(s);
    s = rstr_new(text, len);
    g_hash_table_insert(pool, s->text, rstr_hold(s));
    return s;
}

union slot slot_from_text(const struct type *t, const char *text,
                          struct rstr *shared)
{
    if (t->kind == TYPE_ENUM)
        return (union slot){ .n = MAX(type_word(t, text), 0) };
    if (!*text || (t->kind == TYPE_REF && !strcmp(text, REF_NULL)))
        return (union slot){ .s = NULL };
    return (union slot){ .s = shared ? rstr_hold(shared)
                                     : rstr_new(text, strlen(text)) };
}

/* Keys of maps are texts on the wire, whatever their type. */
static union slot key_from_text(const struct type *t, const char *text,
                                GHashTable *pool)
{
    if (t->kind == TYPE_INT)
        return (union slot){ .n = g_ascii_strtoll(text, NULL, 10) };
    if (t->kind == TYPE_ENUM || !*text)
        return slot_from_text(t, text, NULL);
    return (union slot){ .s = pooled(text, pool) };
}

static struct coll *coll_from_value(const struct type *t, const struct value *v,
                                    GHashTable *pool)
{
    unsigned n = value_count(v);
    if (!n)
        return NULL;
    struct coll *c = coll_new(t, n);
    for (unsigned i = 0; i < n; i++) {
        if (t->kind == TYPE_SET) {
            c->items[i] = slot_from_value(t->item, value_at(v, i), pool);
            continue;
        }
        c->items[2 * i] = key_from_text(t->key, value_key_at(v, i), pool);
        c->items[2 * i + 1] =
            slot_from_value(t->item, value_item_at(v, i), pool);
    }
    return c;
}

union slot slot_from_value(const struct type *t, const struct value *v,
                           GHashTable *pool)
{
    union slot s = { .n = 0 };
    const char *text = value_get_string(v);
    switch (t->kind) {
    case TYPE_STRING:
    case TYPE_REF:
        if (text && *text && !(t->kind == TYPE_REF && !strcmp(text, REF_NULL)))
            s.s = pooled(text, pool);
        break;
    case TYPE_ENUM:
        s.n = text ? MAX(type_word(t, text), 0) : 0;
        break;
    case TYPE_DATETIME:
        if (text)
            datetime_parse(text, &s.n);
        break;
    case TYPE_INT:
        s.n = value_get_int(v);
        break;
    case TYPE_BOOL:
        s.n = value_get_bool(v);
        break;
    case TYPE_FLOAT:
        s.d = value_get_double(v);
        break;
    case TYPE_SET:
    case TYPE_MAP:
        s.c = coll_from_value(t, v, pool);
        break;
    default:
        break;
    }
    return s;
}

/* ---- to texts, values, encoders --------------------------------------- */

const char *slot_text(const struct type *t, union slot v)
{
    if (t->kind == TYPE_ENUM)
        return t->words[v.n];
    return v.s ? v.s->text : t->kind == TYPE_REF ? REF_NULL : "";
}

static void emit_key(const struct type *t, union slot v,
                     const struct emitter *e, void *user)
{
    char buf[24];
    const char *text = buf;
    if (t->kind == TYPE_INT)
        g_snprintf(buf, sizeof buf, "%" G_GINT64_FORMAT, v.n);
    else
        text = slot_text(t, v);
    e->key(user, text, strlen(text));
}

static void emit_coll(const struct type *t, const struct coll *c,
                      const struct emitter *e, void *user)
{
    unsigned n = c ? c->n : 0;
    if (t->kind == TYPE_SET) {
        e->array_begin(user);
        for (unsigned i = 0; i < n; i++)
            slot_emit(t->item, c->items[i], e, user);
        e->array_end(user);
        return;
    }
    e->object_begin(user);
    for (unsigned i = 0; i < n; i++) {
        emit_key(t->key, c->items[2 * i], e, user);
        slot_emit(t->item, c->items[2 * i + 1], e, user);
    }
    e->object_end(user);
}

static void emit_text(const struct type *t, union slot v,
                      const struct emitter *e, void *user)
{
    if (t->kind != TYPE_ENUM && v.s) {
        e->string(user, v.s->text, v.s->len);
        return;
    }
    const char *text = slot_text(t, v);
    e->string(user, text, strlen(text));
}

void slot_emit(const struct type *t, union slot v, const struct emitter *e,
               void *user)
{
    char buf[32];
    switch (t->kind) {
    case TYPE_STRING:
    case TYPE_REF:
    case TYPE_ENUM:
        emit_text(t, v, e, user);
        break;
    case TYPE_INT:
        e->integer(user, v.n);
        break;
    case TYPE_FLOAT:
        e->number(user, v.d);
        break;
    case TYPE_BOOL:
        e->boolean(user, v.n);
        break;
    case TYPE_DATETIME:
        datetime_format(buf, v.n);
        e->datetime(user, buf, strlen(buf));
        break;
    case TYPE_SET:
    case TYPE_MAP:
        emit_coll(t, v.c, e, user);
        break;
    default:
        e->null(user);
    }
}

struct typed {
    const struct type *type;
    union slot slot;
};

static void emit_typed(const void *data, const struct emitter *e, void *user)
{
    const struct typed *typed = data;
    slot_emit(typed->type, typed->slot, e, user);
}

struct value *slot_value(const struct type *t, union slot v)
{
    struct typed typed = { t, v };
    return emit_to_value(emit_typed, &typed);
}

/* ---- members of sets and maps -------------------------------------------- */

int coll_find(const struct coll *c, const struct type *t, const char *text)
{
    bool map = t->kind == TYPE_MAP;
    const struct type *kt = map ? t->key : t->item;
    for (unsigned i = 0; c && i < c->n; i++)
        if (!strcmp(slot_text(kt, c->items[map ? 2 * i : i]), text))
            return i;
    return -1;
}

struct coll *coll_with(const struct coll *c, const struct type *t,
                       union slot key, union slot item)
{
    bool map = t->kind == TYPE_MAP;
    unsigned n = c ? c->n : 0, w = map ? 2 : 1;
    int at = map ? coll_find(c, t, slot_text(t->key, key)) : -1;
    struct coll *d = coll_new(t, at < 0 ? n + 1 : n);
    for (unsigned i = 0; i < n * w; i++)
        d->items[i] =
            slot_hold(map && i % 2 == 0 ? t->key : t->item, c->items[i]);
    if (!map) {
        d->items[n] = item;
    } else if (at < 0) {
        d->items[2 * n] = key;
        d->items[2 * n + 1] = item;
    } else {
        slot_drop(t->key, key);
        slot_drop(t->item, d->items[2 * at + 1]);
        d->items[2 * at + 1] = item;
    }
    return d;
}

struct coll *coll_without(const struct coll *c, const struct type *t,
                          unsigned i)
{
    if (c->n == 1)
        return NULL;
    bool map = t->kind == TYPE_MAP;
    unsigned w = map ? 2 : 1, to = 0;
    struct coll *d = coll_new(t, c->n - 1);
    for (unsigned k = 0; k < c->n * w; k++)
        if (k / w != i)
            d->items[to++] =
                slot_hold(map && k % 2 == 0 ? t->key : t->item, c->items[k]);
    return d;
}
