/* Between the files of store/: tables, snapshots, the store itself. */
#ifndef XAPI_STORE_INTERNAL_H
#define XAPI_STORE_INTERNAL_H

#include "store/datum.h"

/* The orders in which a table can be searched. */
enum { BY_REF, BY_UUID, BY_NAME, ORDERS };

/* All records of a class at one generation, in each order. Counted, immutable
 * once published. BY_NAME stays empty for classes without name_label. */
struct table {
    atomic_int refs;
    uint64_t generation; /* of its last change */
    const struct class *class;
    size_t n;
    const struct record **rows[ORDERS]; /* rows[BY_REF] holds the counts */
};

struct snapshot {
    /* Readers still to release it, see snapshot.c */
    _Atomic int64_t refs;
    uint64_t generation;
    struct store *store;
    struct table *tables[CLASS_COUNT];
};

/* A deleted object. */
struct tomb {
    const struct class *class;
    struct rstr *ref;
    uint64_t created, deleted;
};

enum {
    TOMBS = 8192,
    /* Generations that are not written (nothing durable changed) stay below
     * written + STEP, so that none is used twice after a restart. */
    STEP = 1 << 16,
};

struct store {
    const struct model *model;
    struct store_backend backend;
    GMutex writer;         /* held from store_begin to commit or rollback */
    _Atomic uint64_t root; /* the current snapshot, see snapshot.c */
    uint64_t written;      /* last generation the back end knows */
    struct record *defaults[CLASS_COUNT];
    void (*hook)(void *user, struct txn *t, enum class_id c, const char *ref);
    void *hook_user;
    void (*observer)(void *user, uint64_t generation, const struct change *c,
                     size_t n);
    void *observer_user;
    GMutex tomb_lock;
    struct tomb tombs[TOMBS];
    uint64_t n_tombs, tomb_floor; /* ever buried; older ones are forgotten */
};

struct table *table_new(const struct class *c);
/* A private copy that may be changed before it is published. `extra` rows will
 * be added at most. */
struct table *table_copy(const struct table *t, size_t extra);
void table_unref(struct table *t);
/* Adds or replaces (by ref), counting the record; or takes one out. */
void table_put(struct table *t, const struct record *r);
void table_remove(struct table *t, const char *ref);
const struct record *table_find(const struct table *t, const char *ref);

/* Makes s the current snapshot; the old one goes when its last reader does. */
void snapshot_publish(struct store *st, struct snapshot *s);
/* A snapshot with the same tables, all counted, not yet published. */
struct snapshot *snapshot_next(const struct snapshot *s, uint64_t generation);
void store_bury(struct store *s, const struct record *r, uint64_t generation);

#endif
