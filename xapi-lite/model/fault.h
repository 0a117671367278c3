/* A XenAPI failure: code and parameters, e.g. VM_BAD_POWER_STATE [ref,
 * "halted", "running"]. */
#ifndef XAPI_FAULT_H
#define XAPI_FAULT_H

#include <glib.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/value.h"

/* {0} is "no fault"; fault_dispose is idempotent. */
struct fault {
    char *code;
    GPtrArray *params; /* char *, owned; NULL when there are none */
};

/* Sets the fault (the first one stays) and returns -1. The parameters are
 * strings, the list ends with NULL. `f` may be NULL. */
int fault_set(struct fault *f, const char *code, ...) __attribute__((sentinel));
/* INTERNAL_ERROR or the code of the error's row, with its sentence. */
int fault_from_err(struct fault *f, const struct err *err);
void fault_add(struct fault *f, const char *param);
/* Moves, leaving src {0}. */
void fault_move(struct fault *dst, struct fault *src);
void fault_dispose(struct fault *f);
/* Array of code and parameters, as ErrorDescription and task.error_info. */
struct value *fault_to_value(const struct fault *f);
/* "CODE: [ a; b ]" for logs. Caller frees. */
char *fault_format(const struct fault *f);

#define FAULT_AUTO __attribute__((cleanup(fault_dispose))) struct fault

#endif
