/* What people write by mistake, and what to write instead: a table of patterns
 * for each place of the grammar. */
#ifndef CFG_MISTAKE_H
#define CFG_MISTAKE_H

#include "cfg/lex.h"

enum mistake_where {
    AT_NAME,      /* a setting begins, but its name is not a proper one */
    AT_START,     /* no setting begins */
    AFTER_NAME,   /* where = or += should follow */
    AT_VALUE,     /* where a value should begin */
    AFTER_NUMBER, /* behind a number; the text begins with the number */
    AFTER_VALUE,  /* where the line should end */
    IN_LIST,      /* where an element should begin */
};

enum mistake_then {
    NO_ROW,     /* no row fits; nothing was reported */
    STAY,       /* nothing is missing but what should have stood here */
    GO_ON,      /* as STAY, and the grammar goes on as if it stood here */
    SKIP_MATCH, /* the grammar goes on behind the matched text */
    TAKE_MATCH, /* the matched text stands for the value */
    SKIP_LINE,  /* the rest of the line says nothing more */
    SKIP_BLOCK, /* nor do the indented lines below */
    SKIP_TEXT,  /* a Python text in three quotes, up to its end */
};

/* Finds the first row that fits text (up to the end of its line), adds its
 * diagnostic and returns what to do. pos is the place of text; *len_out gets
 * the bytes that matched. key may be NULL. AT_START, AFTER_NAME, AT_VALUE,
 * AFTER_VALUE and IN_LIST always have a row. */
enum mistake_then mistake_report(struct diags *diags, enum mistake_where where,
                                 const char *text, size_t len,
                                 struct diag_pos pos, const char *key,
                                 size_t *len_out);

/* One sentence for bytes that are no text at all, or NULL when it may be one.
 */
const char *mistake_not_text(const char *text, size_t len);

#endif
