/* The way to libxenlight: one context, its logger, and errors that tell "no
 * Xen here" from "xenstored does not run". */
#ifndef XEN_CTX_H
#define XEN_CTX_H

#include <libxl.h>
#include <libxl_utils.h>

#include "base/err.h"
#include "xen/log.h"

struct xen {
    libxl_ctx *ctx; /* NULL until opened */
    struct xen_log *log;
};

/* Opens libxl with a logger of that verbosity (0: quiet) on stderr. err:
 * ERR_NOXEN or ERR_PERM with a sentence and the next step. */
int xen_open(struct xen *x, unsigned verbosity, struct err *err);
/* Closes both; idempotent. */
void xen_close(struct xen *x);

/* In a forked child that will not exec: the parent's context is given up and a
 * new one opened on the same logger (libxl_event.h, postfork rules). */
int xen_reopen_after_fork(struct xen *x, struct err *err);

/* Sets err for a failed libxl call: the text, and behind it what libxl said
 * first; all of libxl's errors become context when verbose enough. Returns
 * -1. Clears the kept messages. */
int xen_fail(struct xen *x, struct err *err, int rc, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#endif
