/* Writing XML: elements on lines of their own, texts escaped. */
#ifndef CONVERT_XMLOUT_H
#define CONVERT_XMLOUT_H

#include <glib.h>
#include <stdarg.h>

struct xmlout {
    GString *out;
    int depth;
};

/* <name a='b'> ... </name>; attributes as name, value pairs closed by NULL, a
 * pair whose value is NULL is left out. */
void xmlout_open(struct xmlout *x, const char *name, ...)
    __attribute__((sentinel));
void xmlout_close(struct xmlout *x, const char *name);
/* <name a='b'/> */
void xmlout_empty(struct xmlout *x, const char *name, ...)
    __attribute__((sentinel));
/* <name>text</name>; nothing when text is NULL. */
void xmlout_text(struct xmlout *x, const char *name, const char *text);

#endif
