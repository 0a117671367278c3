/* What every hand-written message gets and gives. One function a message, named
 * handle_CLASS_message, found by its row in handlers.def. Private to class/. */
#ifndef XAPI_HANDLER_H
#define XAPI_HANDLER_H

#include "class/dispatch.h"
#include "class/session.h"
#include "event/event.h"
#include "store/store.h"
#include "task/task.h"

struct ctx {
    struct xapi *x;
    struct session_info session; /* ref NULL: message without session */
    const struct message *message;
    const struct value *args; /* the parameters behind the session, each in the
                                 exact form of its type, defaults filled in */
    struct task *task;        /* of slow and Async calls, else NULL */
    struct fault *fault;
    bool from_unix_socket;
    const char *client, *originator;
};

/* 0 with *result_out set (NULL: void), or -1 with ctx->fault. */
typedef int handler_fn(struct ctx *c, struct value **result_out);

/* Parameter i as its type; texts are borrowed. */
const char *arg_str(const struct ctx *c, unsigned i);
int64_t arg_int(const struct ctx *c, unsigned i);
bool arg_bool(const struct ctx *c, unsigned i);
double arg_float(const struct ctx *c, unsigned i);
const struct value *arg(const struct ctx *c, unsigned i);

/* Shorthands: a fault and -1. */
#define ctx_fault(c, ...) fault_set((c)->fault, __VA_ARGS__, NULL)
/* Commits; a failure of the disk becomes a fault. */
int ctx_commit(struct ctx *c, struct txn *t);
/* The object, or NULL with HANDLE_INVALID [class, ref]. */
const struct record *ctx_find(struct ctx *c, const struct snapshot *s,
                              enum class_id id, const char *ref);
const struct record *ctx_txn_find(struct ctx *c, struct txn *t,
                                  enum class_id id, const char *ref);
/* Fills the fault from err (which is disposed) and returns -1. */
int ctx_err(struct ctx *c, struct err *err);

/* The message as its row does it without a handler, for handlers that add
 * something: create, setters, ... */
int ctx_implicit(struct ctx *c, struct value **result_out);
/* Sets the fields that a record given to create may set; object must be new. */
int ctx_fill(struct ctx *c, struct txn *t, const struct class *class,
             const char *ref, const struct value *record);

#define HANDLER(cls, name, how)                                                \
    int handle_##cls##_##name(struct ctx *c, struct value **result_out);
#include "class/handlers.def"
#undef HANDLER
#define SETTER(cls, name, field, op)                                           \
    int handle_##cls##_##name(struct ctx *c, struct value **result_out);
#include "class/setters.def"
#undef SETTER

#endif
