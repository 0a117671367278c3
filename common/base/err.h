/* Errors as values. A function that can fail returns 0 or -1 (or NULL) and
 * fills `struct err *err`; callers add context on the way up; only main prints.
 * The first cause is what the user reads first. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdio.h>

enum err_id {
    ERR_NONE,
#define ERR(id, exit_code, xapi, meaning) ERR_##id,
#include "base/errors.def"
#undef ERR
    ERR_COUNT
};

/* {0} is valid and means "no error". Owns its texts; err_dispose frees them and
 * is idempotent. */
struct err {
    enum err_id id;
    int exit_code; /* overrides the row's exit code when not 0 */
    int rc;        /* libxl code (negative) when libxl was the cause, else 0 */
    char *message; /* first cause: one sentence without the final stop, no
                      newline */
    char *hint;    /* what to do next, or NULL */
    char *context; /* what was being done, outermost last, joined by "\n"; or
                      NULL */
};

/* Sets the error (replacing an earlier one) and returns -1. `err` may be NULL.
 */
int err_set(struct err *err, enum err_id id, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* As err_set, with ": " and strerror(errnum) behind the text. */
int err_errno(struct err *err, enum err_id id, int errnum, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* As err_set for a failed libxl call: keeps rc, says its meaning behind the
 * text. The exit code is 1; set err->exit_code where the original exits with
 * -rc. */
int err_libxl(struct err *err, int rc, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Adds what the user should do next (replaces an earlier hint). Returns -1. */
int err_hint(struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Adds what was being done when it failed. Returns -1. */
int err_context(struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Moves src to dst (disposing what dst had); src is {0} afterwards. */
void err_move(struct err *dst, struct err *src);
void err_dispose(struct err *err);

/* Exit code for this error: its own, or that of its row. 0 for no error. */
int err_exit_code(const struct err *err);
/* XenAPI code of its row. */
const char *err_xapi_code(const struct err *err);
/* Words for a libxl code ("not enough memory", "timed out"), never NULL.
 * Source: libxl_types.idl. */
const char *err_libxl_words(int rc);
/* Prints "PROG: message", the hint and the context lines. Nothing for no error.
 * Control characters that came from outside are shown as \xHH. */
void err_print(FILE *f, const char *prog, const struct err *err);

#define ERR_AUTO __attribute__((cleanup(err_dispose))) struct err

#endif
