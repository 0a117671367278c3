/* Diagnostics: what is wrong in a text, where exactly, and what to write
 * instead. Collected while a file is read, shown all at once. */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "base/value.h"

enum diag_severity { DIAG_NOTE, DIAG_WARNING, DIAG_ERROR };

/* A place in a text. line and column count from 1, column in bytes; 0 means
 * unknown (then only the file is named). */
struct diag_pos {
    const char *file; /* borrowed: lives as long as the source */
    unsigned line, column;
    unsigned length; /* bytes to mark, 0 as 1 */
};

struct diag {
    enum diag_severity severity;
    struct diag_pos pos;
    char *message;  /* what is wrong, quoting the user's text */
    char *hint;     /* what to write instead, or NULL */
    const char *id; /* stable short name, e.g. "unknown-key"; static text */
};

/* All findings of one run, in the order of discovery, and the texts they are
 * about. {0} is empty and valid. */
struct diags {
    GPtrArray *items; /* struct diag *; NULL until the first */
    GPtrArray
        *sources;  /* struct diag_source *, private; NULL until the first */
    GArray *muted; /* struct diag_lines, private; NULL: nothing is */
};

/* Keeps a copy of a source text for the marker lines. Returns the name to use
 * as diag_pos.file (lives as long as d) and, in text_out when not NULL, the
 * copy, which ends with a NUL behind its len bytes. */
const char *diags_add_source(struct diags *d, const char *name,
                             const char *text, size_t len,
                             const char **text_out);

/* Adds one finding. hint may be NULL. Printf is done by the caller
 * (g_strdup_printf); message and hint are taken over. */
void diag_take(struct diags *d, enum diag_severity severity, const char *id,
               struct diag_pos pos, char *message, char *hint);
/* As diag_take, formatting the message; no hint. */
void diag_add(struct diags *d, enum diag_severity severity, const char *id,
              struct diag_pos pos, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/* From now on findings about these lines are dropped: a mistake there has been
 * reported, and the rest would be its consequences. file NULL: all findings. */
void diags_mute(struct diags *d, const char *file, unsigned first,
                unsigned last);
unsigned diags_count(const struct diags *d, enum diag_severity at_least);
/* Prints file:line:column: severity: message, the source line, a marker and
 * the hint for each finding of at least `at_least`, sorted by place. Control
 * characters of the source never reach the terminal. */
void diags_print(FILE *f, const struct diags *d, enum diag_severity at_least);
/* Array of {file,line,column,length,severity,id,message,hint} for editors. */
struct value *diags_to_value(const struct diags *d);
void diags_dispose(struct diags *d);

/* The word of `words` (NULL-terminated) nearest to `text` by edit distance, or
 * NULL when none is near enough to be worth a "did you mean". */
const char *diag_nearest(const char *text, const char *const *words);

#endif
