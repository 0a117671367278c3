/* Reading without locks: the current snapshot and who still reads old ones
 * (way B).
 *
 * `root` holds a pointer (low 48 bits) and the number of readers that took it
 * since it was published (high 16 bits): one atomic add takes the snapshot and
 * counts the reader. Releases are counted in the snapshot itself, which starts
 * at BIAS so that it cannot reach 0 while it is current. Publishing the next
 * one exchanges root, adds the readers counted there and removes BIAS: whoever
 * brings the sum to 0 frees it. */
#include <string.h>

#include "store/store_internal.h"

#define ONE ((uint64_t)1 << 48)
#define BIAS ((int64_t)1 << 40)
/* Before the 16 bits overflow, readers move the count into the snapshot. */
#define MANY 0x4000

static struct snapshot *pointer(uint64_t root)
{
    return (struct snapshot *)(uintptr_t)(root & (ONE - 1));
}

static void snapshot_free(struct snapshot *s)
{
    for (int i = 0; i < CLASS_COUNT; i++)
        table_unref(s->tables[i]);
    g_free(s);
}

static void settle(struct snapshot *s, int64_t delta)
{
    if (atomic_fetch_add(&s->refs, delta) + delta == 0)
        snapshot_free(s);
}

const struct snapshot *store_read(struct store *st)
{
    uint64_t root = atomic_fetch_add(&st->root, ONE) + ONE;
    struct snapshot *s = pointer(root);
    uint64_t count = root >> 48;
    if (count >= MANY) {
        /* add first: the sum may be too high for a moment, never too low */
        atomic_fetch_add(&s->refs, (int64_t)count);
        if (!atomic_compare_exchange_strong(&st->root, &root,
                                            (uint64_t)(uintptr_t)s))
            settle(s, -(int64_t)count);
    }
    return s;
}

void snapshot_release(const struct snapshot *s)
{
    settle((struct snapshot *)s, -1);
}

void snapshot_publish(struct store *st, struct snapshot *s)
{
    g_assert((uintptr_t)s < ONE);
    atomic_store(&s->refs, BIAS);
    uint64_t old = atomic_exchange(&st->root, (uint64_t)(uintptr_t)s);
    if (pointer(old))
        settle(pointer(old), (int64_t)(old >> 48) - BIAS);
}

struct snapshot *snapshot_next(const struct snapshot *s, uint64_t generation)
{
    struct snapshot *n = g_new0(struct snapshot, 1);
    memcpy(n->tables, s->tables, sizeof n->tables);
    for (int i = 0; i < CLASS_COUNT; i++)
        atomic_fetch_add_explicit(&n->tables[i]->refs, 1, memory_order_relaxed);
    n->store = s->store;
    n->generation = generation;
    return n;
}

uint64_t snapshot_generation(const struct snapshot *s)
{
    return s->generation;
}

const struct model *snapshot_model(const struct snapshot *s)
{
    return s->store->model;
}

uint64_t snapshot_class_generation(const struct snapshot *s, enum class_id c)
{
    return s->tables[c]->generation;
}

size_t snapshot_count(const struct snapshot *s, enum class_id c)
{
    return s->tables[c]->n;
}

const struct record *snapshot_at(const struct snapshot *s, enum class_id c,
                                 size_t i)
{
    return s->tables[c]->rows[BY_REF][i];
}

const struct record *snapshot_find(const struct snapshot *s, enum class_id c,
                                   const char *ref)
{
    return table_find(s->tables[c], ref);
}

const struct record *snapshot_find_any(const struct snapshot *s,
                                       const char *ref)
{
    for (int i = 0; i < CLASS_COUNT; i++) {
        const struct record *r = table_find(s->tables[i], ref);
        if (r)
            return r;
    }
    return NULL;
}

/* ---- what was deleted --------------------------------------------------- */

void store_bury(struct store *s, const struct record *r, uint64_t generation)
{
    g_mutex_lock(&s->tomb_lock);
    struct tomb *t = &s->tombs[s->n_tombs++ % TOMBS];
    if (t->ref) {
        s->tomb_floor = t->deleted;
        rstr_drop(t->ref);
    }
    *t = (struct tomb){ r->class, rstr_hold(r->ref), r->created, generation };
    g_mutex_unlock(&s->tomb_lock);
}

bool snapshot_deleted_since(const struct snapshot *snap, uint64_t since,
                            void (*fn)(void *user, const struct class *c,
                                       const char *ref, uint64_t generation),
                            void *user)
{
    struct store *s = snap->store;
    g_mutex_lock(&s->tomb_lock);
    bool known = since >= s->tomb_floor;
    uint64_t first = s->n_tombs > TOMBS ? s->n_tombs - TOMBS : 0;
    /* from the newest back to the first that matters */
    uint64_t i = s->n_tombs;
    while (i > first && s->tombs[(i - 1) % TOMBS].deleted > since)
        i--;
    for (; known && i < s->n_tombs; i++) {
        const struct tomb *t = &s->tombs[i % TOMBS];
        if (t->created <= since && t->deleted <= snap->generation)
            fn(user, t->class, t->ref->text, t->deleted);
    }
    g_mutex_unlock(&s->tomb_lock);
    return known;
}
