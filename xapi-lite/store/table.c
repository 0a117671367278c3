/* All records of one class in three orders; copied for each change, so that
 * readers never wait (way B). */
#include <string.h>

#include "store/store_internal.h"

static const char *order_text(const struct record *r, int order)
{
    const struct class *c = r->class;
    if (order == BY_REF)
        return r->ref->text;
    const struct field *f = order == BY_UUID ? c->uuid : c->name_label;
    return slot_text(f->type, r->slots[f->slot]);
}

static bool has_order(const struct class *c, int order)
{
    return order == BY_REF || (order == BY_UUID ? c->uuid : c->name_label);
}

/* Equal names are told apart by their refs. */
static int compare(const struct record *r, int order, const char *text,
                   const char *ref)
{
    int d = strcmp(order_text(r, order), text);
    return d || order != BY_NAME || !ref ? d : strcmp(r->ref->text, ref);
}

/* First position not below the key. */
static size_t lower_bound(const struct table *t, int order, const char *text,
                          const char *ref)
{
    size_t lo = 0, hi = t->n;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (compare(t->rows[order][mid], order, text, ref) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

struct table *table_new(const struct class *c)
{
    struct table *t = g_new0(struct table, 1);
    atomic_init(&t->refs, 1);
    t->class = c;
    return t;
}

struct table *table_copy(const struct table *t, size_t extra)
{
    struct table *c = table_new(t->class);
    c->generation = t->generation;
    c->n = t->n;
    for (int o = 0; o < ORDERS; o++) {
        if (!has_order(t->class, o))
            continue;
        c->rows[o] = g_new(const struct record *, t->n + extra);
        if (t->n)
            memcpy(c->rows[o], t->rows[o], t->n * sizeof *t->rows[o]);
    }
    for (size_t i = 0; i < t->n; i++)
        record_ref_get(c->rows[BY_REF][i]);
    return c;
}

void table_unref(struct table *t)
{
    if (!t || atomic_fetch_sub(&t->refs, 1) != 1)
        return;
    for (size_t i = 0; i < t->n; i++)
        record_unref(t->rows[BY_REF][i]);
    for (int o = 0; o < ORDERS; o++)
        g_free(t->rows[o]);
    g_free(t);
}

const struct record *table_find(const struct table *t, const char *ref)
{
    size_t i = lower_bound(t, BY_REF, ref, NULL);
    return i < t->n && !strcmp(t->rows[BY_REF][i]->ref->text, ref)
               ? t->rows[BY_REF][i]
               : NULL;
}

static void take_out(struct table *t, const struct record *r)
{
    for (int o = 0; o < ORDERS; o++) {
        if (!t->rows[o])
            continue;
        size_t i = lower_bound(t, o, order_text(r, o), r->ref->text);
        /* two records may carry one uuid if a client insists */
        while (t->rows[o][i] != r)
            i++;
        memmove(&t->rows[o][i], &t->rows[o][i + 1],
                (t->n - i - 1) * sizeof *t->rows[o]);
    }
    t->n--;
}

static void put_in(struct table *t, const struct record *r)
{
    for (int o = 0; o < ORDERS; o++) {
        if (!t->rows[o])
            continue;
        size_t i = lower_bound(t, o, order_text(r, o), r->ref->text);
        memmove(&t->rows[o][i + 1], &t->rows[o][i],
                (t->n - i) * sizeof *t->rows[o]);
        t->rows[o][i] = r;
    }
    t->n++;
}

void table_put(struct table *t, const struct record *r)
{
    const struct record *old = table_find(t, r->ref->text);
    if (old)
        take_out(t, old);
    put_in(t, record_ref_get(r));
    if (old)
        record_unref(old);
}

void table_remove(struct table *t, const char *ref)
{
    const struct record *old = table_find(t, ref);
    if (!old)
        return;
    take_out(t, old);
    record_unref(old);
}

/* ---- searching a snapshot --------------------------------------------- */

const struct record *snapshot_find_uuid(const struct snapshot *s,
                                        enum class_id c, const char *uuid)
{
    const struct table *t = s->tables[c];
    if (!t->n || !t->rows[BY_UUID])
        return NULL;
    size_t i = lower_bound(t, BY_UUID, uuid, NULL);
    return i < t->n && !strcmp(order_text(t->rows[BY_UUID][i], BY_UUID), uuid)
               ? t->rows[BY_UUID][i]
               : NULL;
}

GPtrArray *snapshot_find_name(const struct snapshot *s, enum class_id c,
                              const char *name)
{
    const struct table *t = s->tables[c];
    GPtrArray *found = g_ptr_array_new();
    if (!t->n || !t->rows[BY_NAME])
        return found;
    for (size_t i = lower_bound(t, BY_NAME, name, NULL);
         i < t->n && !strcmp(order_text(t->rows[BY_NAME][i], BY_NAME), name);
         i++)
        g_ptr_array_add(found, (void *)t->rows[BY_NAME][i]);
    return found;
}
