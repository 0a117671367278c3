/* libxenlight's messages: kept, so that a failure can be told by its first
 * cause, and shown at once only from a chosen level on. */
#ifndef XEN_LOG_H
#define XEN_LOG_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>
#include <xentoollog.h>

struct xen_log_line {
    xentoollog_level level;
    char *text; /* without file:line:function and without newline */
};

struct xen_log {
    xentoollog_logger vtable; /* first: libxl calls through it */
    xentoollog_level live;    /* from here on shown at once, with all detail */
    bool stamps;              /* time and pid on each shown line */
    bool cr;                  /* progress overwrites its line */
    bool progress_open;       /* a progress line waits for its newline */
    unsigned long progress_done, progress_total; /* what libxl said last */
    FILE *out;                                   /* borrowed */
    GMutex lock;
    GPtrArray *lines; /* struct xen_log_line *: level WARN and up, the newest
                       * 200, oldest first */
    unsigned shown;   /* how many of `lines` xen_log_flush has shown */
};

/* live as in the original: XTL_PROGRESS less one level per -v. Without -v only
 * warnings and progress are shown at once; errors are kept for the caller. */
struct xen_log *xen_log_new(FILE *out, unsigned verbosity);
void xen_log_free(struct xen_log *log);

/* Forgets what was kept. */
void xen_log_clear(struct xen_log *log);
/* Text of the first kept error that holds `needle` (NULL: the first error at
 * all), or NULL. Borrowed until the next message. */
const char *xen_log_find(const struct xen_log *log, const char *needle);
/* All kept errors, one a line, or NULL when there is none. Caller frees. */
char *xen_log_errors(const struct xen_log *log);
/* Shows kept errors that nobody has shown yet (when nothing failed in the end
 * but libxl complained). */
void xen_log_flush(struct xen_log *log);

#endif
