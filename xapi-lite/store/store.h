/* The store: every object of the daemon in memory, each record immutable once
 * committed. Readers take a snapshot (no lock, no waiting for writers);
 * one writer at a time changes things in a transaction, which is durable in the
 * back end before store_commit returns and becomes visible all at once. */
#ifndef XAPI_STORE_H
#define XAPI_STORE_H

#include "base/err.h"
#include "model/emit.h"
#include "model/fault.h"
#include "model/model.h"

#define REF_NULL "OpaqueRef:NULL"

struct store;
struct snapshot; /* all tables at one generation */
struct record;   /* one object at one generation */
struct txn;

/* ---- back end -------------------------------------------------------- */

/* One object as it is kept: fields is a JSON object of what differs from the
 * defaults. NULL fields: the object is deleted. */
struct store_row {
    const char *class, *ref, *fields;
};

/* Where the rows live. A networked back end fills the same four calls. */
struct store_backend {
    void *data;
    /* Calls row() for each object; sets *generation_out to the last one
     * written. */
    int (*load)(void *data, uint64_t *generation_out,
                int (*row)(void *user, const struct store_row *r,
                           struct err *err),
                void *user, struct err *err);
    /* Writes all rows or none; durable when it returns 0. */
    int (*write)(void *data, uint64_t generation, const struct store_row *rows,
                 size_t n, struct err *err);
    /* A complete copy of the last written state into the file `path`. */
    int (*dump)(void *data, const char *path, struct err *err);
    void (*close)(void *data);
};

/* SQLite file (made when missing; WAL, synchronous=FULL, mode 0600). */
int store_sqlite_open(struct store_backend *out, const char *path,
                      struct err *err);
/* Checks that `path` is a dump that store_sqlite_open can read. */
int store_sqlite_check(const char *path, struct err *err);
/* Keeps nothing: for tests and `xapi-lite --check`. */
void store_memory_open(struct store_backend *out);

/* ---- life ------------------------------------------------------------ */

struct change {
    const struct class *class;
    const char *ref;
    char op; /* 'a'dd, 'm'od, 'd'el */
};

/* Takes over the back end, also on failure. */
struct store *store_open(const struct model *m, struct store_backend backend,
                         struct err *err);
void store_close(struct store *s);
const struct model *store_model(const struct store *s);
/* Called inside store_commit before anything is written, once for each object
 * that was created or changed (also by this function): the place for fields
 * that follow from others. One hook. */
void store_hook(struct store *s,
                void (*fn)(void *user, struct txn *t, enum class_id c,
                           const char *ref),
                void *user);
/* Called after each commit, in the writer's thread, transaction still held: be
 * short. One observer. */
void store_observe(struct store *s,
                   void (*fn)(void *user, uint64_t generation,
                              const struct change *c, size_t n),
                   void *user);
int store_dump(struct store *s, const char *path, struct err *err);

/* ---- reading ---------------------------------------------------------- */

/* Never NULL, never blocks. Release it soon: it keeps old versions alive. */
const struct snapshot *store_read(struct store *s);
void snapshot_release(const struct snapshot *s);
static inline void snapshot_cleanup(const struct snapshot **s)
{
    if (*s)
        snapshot_release(*s);
}
#define SNAPSHOT_AUTO                                                          \
    __attribute__((cleanup(snapshot_cleanup))) const struct snapshot

uint64_t snapshot_generation(const struct snapshot *s);
const struct model *snapshot_model(const struct snapshot *s);
/* The last generation that changed anything of this class. */
uint64_t snapshot_class_generation(const struct snapshot *s, enum class_id c);
size_t snapshot_count(const struct snapshot *s, enum class_id c);
/* In the order of references; i < count. */
const struct record *snapshot_at(const struct snapshot *s, enum class_id c,
                                 size_t i);
/* NULL when there is none. Records live as long as the snapshot is held. */
const struct record *snapshot_find(const struct snapshot *s, enum class_id c,
                                   const char *ref);
/* In any class. */
const struct record *snapshot_find_any(const struct snapshot *s,
                                       const char *ref);
const struct record *snapshot_find_uuid(const struct snapshot *s,
                                        enum class_id c, const char *uuid);
/* Array of records with this name, in the order of references. Caller frees
 * the array with g_ptr_array_unref. */
GPtrArray *snapshot_find_name(const struct snapshot *s, enum class_id c,
                              const char *name);
/* Deleted objects since a generation, oldest first: fn is called for each that
 * existed at `since`. Returns false when the memory does not reach so far back.
 */
bool snapshot_deleted_since(const struct snapshot *s, uint64_t since,
                            void (*fn)(void *user, const struct class *c,
                                       const char *ref, uint64_t generation),
                            void *user);

/* ---- one record ------------------------------------------------------- */

const struct record *record_ref_get(const struct record *r); /* keeps it */
void record_unref(const struct record *r);
const struct class *record_class(const struct record *r);
const char *record_ref(const struct record *r);
uint64_t record_created(const struct record *r);  /* generation */
uint64_t record_modified(const struct record *r); /* generation */

/* Reading a field. The field must belong to the record's class and have the
 * kind asked for, else the program aborts. Texts are borrowed from the record.
 */
const char *record_str(const struct record *r, enum field_id f); /* never NULL;
                          string, ref (OpaqueRef:NULL when empty), enum word */
int64_t record_int(const struct record *r, enum field_id f);
bool record_bool(const struct record *r, enum field_id f);
double record_float(const struct record *r, enum field_id f);
int64_t record_time(const struct record *r, enum field_id f); /* Unix seconds */
int record_word(const struct record *r, enum field_id f); /* enum position */
/* Members of a set or map. */
size_t record_count(const struct record *r, enum field_id f);
/* Member i of a set of strings, refs or enums. */
const char *record_item(const struct record *r, enum field_id f, size_t i);
/* Key and value i of a map from strings/refs/enums to the same. */
const char *record_map_key(const struct record *r, enum field_id f, size_t i);
const char *record_map_item(const struct record *r, enum field_id f, size_t i);
/* Value of a key, or NULL. */
const char *record_map_get(const struct record *r, enum field_id f,
                           const char *key);
bool record_set_has(const struct record *r, enum field_id f, const char *item);

/* Any field, as a tree (caller frees) or into an encoder. */
struct value *record_value(const struct record *r, const struct field *f);
void record_emit_field(const struct record *r, const struct field *f,
                       const struct emitter *e, void *user);
/* The whole record as an object of its fields. */
void record_emit(const struct record *r, const struct emitter *e, void *user);
struct value *record_to_value(const struct record *r);

/* ---- writing ----------------------------------------------------------- */

/* Waits for other writers. Do nothing slow before commit or rollback. */
struct txn *store_begin(struct store *s);
/* Durable and visible when it returns 0; on -1 nothing has changed. Both ways
 * the transaction is over. */
int store_commit(struct txn *t, struct err *err);
void store_rollback(struct txn *t);

/* As the snapshot functions, seeing the transaction's own changes. */
const struct record *txn_find(struct txn *t, enum class_id c, const char *ref);
const struct record *txn_find_uuid(struct txn *t, enum class_id c,
                                   const char *uuid);
/* The state before the transaction, for walks. */
const struct snapshot *txn_snapshot(struct txn *t);
/* Calls fn for each object of the class, own changes included; fn may set but
 * not create or delete. */
void txn_each(struct txn *t, enum class_id c,
              void (*fn)(struct txn *t, const struct record *r, void *user),
              void *user);

/* A new object with default fields; ref and uuid may be NULL (made up). Returns
 * its ref, valid until the transaction ends. */
const char *store_create(struct txn *t, enum class_id c, const char *ref,
                         const char *uuid);
/* A copy of all ordinary fields of `from` under a new ref and uuid. */
const char *store_copy(struct txn *t, const struct record *from);
void store_delete(struct txn *t, enum class_id c, const char *ref);

/* Setting fields; the object must exist in the transaction. */
void store_set_str(struct txn *t, const char *ref, enum field_id f,
                   const char *text); /* string, ref, enum word */
void store_set_int(struct txn *t, const char *ref, enum field_id f, int64_t n);
void store_set_bool(struct txn *t, const char *ref, enum field_id f, bool b);
void store_set_float(struct txn *t, const char *ref, enum field_id f, double d);
void store_set_time(struct txn *t, const char *ref, enum field_id f,
                    int64_t unix_seconds);
/* A value that has passed value_check for the field's type. */
void store_set(struct txn *t, const char *ref, const struct field *f,
               const struct value *v);
/* Maps and sets of strings, refs, enums. put replaces; the others return
 * whether anything changed. */
void store_map_put(struct txn *t, const char *ref, enum field_id f,
                   const char *key, const char *item);
bool store_map_remove(struct txn *t, const char *ref, enum field_id f,
                      const char *key);
bool store_set_add(struct txn *t, const char *ref, enum field_id f,
                   const char *item);
bool store_set_remove(struct txn *t, const char *ref, enum field_id f,
                      const char *item);
/* Marks the object as modified without changing it (event.inject). */
void store_touch(struct txn *t, const char *ref);

/* ---- values against types ---------------------------------------------- */

/* A copy of v in the exact form of the type: ints from their text, floats from
 * ints, datetimes from text, enums and refs checked. NULL with a fault
 * (FIELD_TYPE_ERROR [name] or INVALID_VALUE [name, text]) when it does not fit.
 * `name` is that of the field or parameter. */
struct value *value_conform(const struct type *t, const struct value *v,
                            const char *name, struct fault *f);
/* The value of a default text of the rows; zero of the type for NULL or "". */
struct value *value_of_default(const struct type *t, const char *text);

/* "20260101T00:00:00Z" from Unix seconds; buf of at least 20 bytes. */
void datetime_format(char *buf, int64_t unix_seconds);
/* That form, with or without hyphens, fraction or zone; false when none. */
bool datetime_parse(const char *text, int64_t *unix_seconds_out);

#endif
