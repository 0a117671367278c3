/* Permissions of nodes. On the wire and on the command line one entry is a
 * letter (n none, r read, w write, b both) and a domain id; the first entry of
 * a list names the owner and what domains not listed may do. Pure. */
#ifndef XS_PERM_H
#define XS_PERM_H

#include <stdbool.h>
#include <stddef.h>

#include "xs/out.h"

/* Checks one entry; no digits mean domain 0. Writes it as "r5" with its NUL to
 * `out` (16 bytes) and returns its length with the NUL, or 0. */
size_t perm_parse(const char *text, char *out);

/* How a list of entries, each with its NUL, is shown. */
void perm_print_short(struct out *o, const char *perms, size_t len);
void perm_print_words(struct out *o, const char *perms, size_t len);
void perm_print_json(struct out *o, const char *perms, size_t len);

#endif
