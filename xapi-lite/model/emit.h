/* How a result reaches an encoder without being built as a tree first: whoever
 * has data calls these functions in order; a codec (XML-RPC, JSON, xe)
 * implements them. Texts are borrowed for the time of the call. */
#ifndef XAPI_EMIT_H
#define XAPI_EMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/value.h"

struct emitter {
    void (*null)(void *user);
    void (*boolean)(void *user, bool b);
    void (*integer)(void *user, int64_t n); /* XML: untagged */
    void (*count)(void *user, int32_t n);   /* XML: <i4>; JSON: a number */
    void (*number)(void *user, double d);
    void (*string)(void *user, const char *text, size_t len);
    void (*datetime)(void *user, const char *text, size_t len);
    void (*array_begin)(void *user);
    void (*array_end)(void *user);
    void (*object_begin)(void *user);
    void (*key)(void *user, const char *text, size_t len); /* a value follows */
    void (*object_end)(void *user);
};

/* Walks a tree. */
void emit_value(const struct emitter *e, void *user, const struct value *v);

/* Collects what emit() sends into a tree. Caller frees. */
struct value *emit_to_value(void (*emit)(const void *data,
                                         const struct emitter *e, void *user),
                            const void *data);

/* What a call answers: a value tree, or records of the store that are encoded
 * straight from memory. Owned by one holder. */
struct reply;
/* Takes over the tree (NULL is void, emitted as an empty string). */
struct reply *reply_new(struct value *v);
/* A reply that emits itself: emit() may be called any number of times. */
struct reply *reply_new_lazy(void *data,
                             void (*emit)(const void *data,
                                          const struct emitter *e, void *user),
                             void (*free_data)(void *data));
void reply_emit(const struct reply *r, const struct emitter *e, void *user);
/* The same as a tree of its own, for the CLI and tests. Caller frees. */
struct value *reply_to_value(const struct reply *r);
void reply_free(struct reply *r);

#endif
