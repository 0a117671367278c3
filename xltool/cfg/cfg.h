/* The xl.cfg language: text -> token[] -> struct cfg, in which every node
 * knows its place. Pure: no Xen header, no file access but cfg_read_file.
 * Rules: what libxlutil of Xen 4.17 accepts is accepted with the same result;
 * CRLF, a BOM and a last comment line without newline are accepted too. */
#ifndef CFG_CFG_H
#define CFG_CFG_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"

enum cfg_kind { CFG_STRING, CFG_NUMBER, CFG_LIST };

/* Where a stretch of a text stands: from offset to the next place its bytes
 * follow each other in one line. A new one begins behind an escape, and where
 * += has joined two texts. */
struct cfg_place {
    size_t offset;
    const char *file;
    unsigned line, column;
};

/* A value as written. Everything but a list is text ("cpus=2" is "2"). */
struct cfg_node {
    enum cfg_kind kind;
    struct diag_pos pos;      /* the token: a string's opening quote, a '[' */
    char *text;               /* value after escapes; NULL for a list */
    size_t text_len;          /* may hold bytes > 127, never NUL */
    struct cfg_place *places; /* of text and its end, see cfg_node_pos */
    unsigned n_places;
    GPtrArray *items; /* list: struct cfg_node *; NULL otherwise */
};

/* One key with its final value: the last `=` wins, `+=` has been applied. */
struct cfg_setting {
    char *name;
    struct diag_pos pos;    /* of the name, in the last assignment */
    struct cfg_node *value; /* never NULL */
    bool broken; /* its value could not be read as written and the mistake has
                  * been reported; findings about its lines are dropped */
    unsigned last_line;   /* where its value ends */
    bool last_was_append; /* the last operation was += (numbers: see dom/) */
    bool used;            /* set by dom/ when a row read it */
};

struct cfg {
    char *file;          /* name shown in messages */
    GPtrArray *settings; /* struct cfg_setting *, in order of first mention */
    GHashTable *index;   /* name -> its struct cfg_setting */
    struct diags diags;  /* what lexer and parser found, and dom/ adds to */
};

/* Reads a whole file (at most 16 MiB, a regular file, pipe or /dev/null; "-"
 * is standard input). err says what is wrong with it otherwise. */
int cfg_read_file(const char *path, GString **text_out, struct err *err);

/* Parses text (len bytes), then each of `words` (NULL-terminated, may be NULL)
 * as further lines that override, as `xl create FILE key=value` does; words
 * are reported as "command line" with the word as their source line.
 * Always returns a cfg that can be disposed and read; whether it was correct
 * tells diags_count(&cfg->diags, DIAG_ERROR). */
struct cfg *cfg_parse(const char *file, const char *text, size_t len,
                      const char *const *words);
void cfg_free(struct cfg *cfg);

/* Borrowed, or NULL. Does not mark the setting as used. */
struct cfg_setting *cfg_find(const struct cfg *cfg, const char *name);

/* Place of `length` bytes at byte `offset` of a node's text, for pointing
 * inside a spec; with length 0, or for a list, the whole token. */
struct diag_pos cfg_node_pos(const struct cfg_node *node, size_t offset,
                             size_t length);

#endif
