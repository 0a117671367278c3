/* Texts that came from a guest or a file, made harmless for a terminal. */
#ifndef TOP_SAFE_H
#define TOP_SAFE_H

#include <glib.h>

/* Appends text; control characters (C0, DEL, C1), characters that change the
 * direction of writing and bytes that are no UTF-8 become \xHH. */
void safe_append(GString *out, const char *text);
/* Bytes of the longest start of `text` that is at most `max` bytes and does not
 * cut a character. */
gsize safe_cut(const char *text, gsize max);

#endif
