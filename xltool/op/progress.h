/* How far a long copy of a domain's memory is: a bar with rate and time left on
 * a terminal, plain lines elsewhere. */
#ifndef OP_PROGRESS_H
#define OP_PROGRESS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "xen/log.h"

/* A moment of the copy. */
struct progress_state {
    const char *what;     /* "saving web" */
    uint64_t done, total; /* bytes; total 0: not known */
    double rate;          /* bytes a second; 0: not known yet */
};

/* The bar, at most `columns` wide, without newline. Pure. */
void progress_bar(GString *out, const struct progress_state *s, int columns);
/* The same as a sentence, with newline. Pure. */
void progress_line(GString *out, const struct progress_state *s);
/* What is said in the end: bytes, time and rate, with newline. Pure. */
void progress_sum(GString *out, const char *what, uint64_t done, int64_t ms);
/* A rate from what was measured before and `bytes` in the `ms` since. Pure. */
double progress_rate(double before, uint64_t bytes, int64_t ms);

/* Where to look for how much is done. */
enum progress_source {
    PROGRESS_READ,  /* fd is a file that is read to its end */
    PROGRESS_WRITE, /* fd is a file of about `total` bytes, else a stream whose
                     * pages libxenlight counts */
    PROGRESS_FILE,  /* the file `path` grows to about `total` bytes */
};

struct progress_how {
    const char *what; /* "saving web" */
    enum progress_source source;
    int fd;
    const char *path;
    uint64_t total;
};

struct progress; /* opaque */

/* Shows it on standard error from now on, until progress_end: a thread looks
 * some times a second. how's texts must stay. With -v libxenlight's own
 * messages are shown instead, and NULL comes back. */
struct progress *progress_start(struct xen_log *log,
                                const struct progress_how *how);
/* Takes the bar away. Done (not failed): says how much it was. NULL is fine. */
void progress_end(struct progress *p, bool done);

#endif
