/* How the store keeps values: 8 bytes a field, shared and immutable once
 * committed. Private to store/. */
#ifndef XAPI_STORE_DATUM_H
#define XAPI_STORE_DATUM_H

#include <stdatomic.h>

#include "store/store.h"

/* A counted text. NULL stands for "" (strings) or OpaqueRef:NULL (refs). */
struct rstr {
    atomic_int refs;
    uint32_t len;
    char text[];
};

/* int, datetime (Unix seconds), bool, enum (position of the word): n;
 * float: d; string, ref: s; set, map: c. */
union slot {
    int64_t n;
    double d;
    struct rstr *s;
    struct coll *c;
};

/* A counted set (n items) or map (n pairs: key, item). NULL is the empty one.
 */
struct coll {
    atomic_int refs;
    uint32_t n;
    union slot items[];
};

struct record {
    const struct class *class;
    atomic_int refs;
    uint64_t created, modified;
    struct rstr *ref;
    union slot slots[];
};

struct rstr *rstr_new(const char *text, size_t len);
struct rstr *rstr_hold(struct rstr *s);
void rstr_drop(struct rstr *s);

/* Copies a slot, counting what it points to; drop undoes it. */
union slot slot_hold(const struct type *t, union slot v);
void slot_drop(const struct type *t, union slot v);
bool slot_equal(const struct type *t, union slot a, union slot b);
/* From a conforming value. Strings up to 64 bytes are shared through `pool`
 * (text -> struct rstr *, borrowed) when it is not NULL. */
union slot slot_from_value(const struct type *t, const struct value *v,
                           GHashTable *pool);
/* From text: string, ref or enum word. The ref's own text is shared when
 * `shared` is not NULL. */
union slot slot_from_text(const struct type *t, const char *text,
                          struct rstr *shared);
struct value *slot_value(const struct type *t, union slot v);
void slot_emit(const struct type *t, union slot v, const struct emitter *e,
               void *user);
/* The text of a string, ref or enum slot; never NULL. */
const char *slot_text(const struct type *t, union slot v);
/* Position of an item (set) or key (map), or -1. */
int coll_find(const struct coll *c, const struct type *t, const char *text);
/* Copies of c with one member more (map: key and item; replaces) or less. */
struct coll *coll_with(const struct coll *c, const struct type *t,
                       union slot key, union slot item);
struct coll *coll_without(const struct coll *c, const struct type *t,
                          unsigned i);

struct record *record_new(const struct class *c, struct rstr *ref);
/* A private copy that may be changed, under the same ref. */
struct record *record_clone(const struct record *r);
static inline union slot *record_slot(struct record *r, const struct field *f)
{
    return &r->slots[f->slot];
}

/* The row's JSON: fields that are kept and differ from `defaults`. */
char *record_format_row(const struct record *r, const struct record *defaults);
/* Fills r from a row. */
int record_parse_row(struct record *r, const char *fields, GHashTable *pool,
                     struct err *err);

#endif
