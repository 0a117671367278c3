/* Values as text that is safe to print, and back. */
#ifndef XS_QUOTE_H
#define XS_QUOTE_H

#include <stdbool.h>
#include <stddef.h>

/* Longest text that one byte of a value becomes ("\x7f"). */
enum { QUOTE_MAX = 4 };

/* Writes the printable form of `len` bytes to `out`, which has room for
 * QUOTE_MAX * len bytes, and returns its length. Printable ASCII stays; tab,
 * newline, return and backslash become \t \n \r \\; a byte below 8 becomes
 * \00N, any other \xHH. No final NUL. */
size_t quote(char *out, const void *value, size_t len);
/* Whether quote() would leave the value as it is. */
bool quote_is_plain(const void *value, size_t len);
/* The reverse, in place: the text becomes the bytes and their number is
 * returned. An unknown escape \q gives q, a lone final backslash a NUL. */
size_t quote_undo(char *text);

#endif
