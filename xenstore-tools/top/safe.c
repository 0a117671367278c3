/* Texts that came from outside, made harmless for a terminal (way C, before
 * text and screen). Pure. */
#include "top/safe.h"

#include <string.h>

static gboolean harmless(gunichar c)
{
    if (c < 0x20 || (c >= 0x7f && c < 0xa0))
        return FALSE;
    /* marks and embeddings of writing direction, line and paragraph separator
     */
    return !(c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
             (c >= 0x2066 && c <= 0x2069) || c == 0x061c || c == 0xfeff);
}

void safe_append(GString *out, const char *text)
{
    for (const char *p = text; *p;) {
        gunichar c = g_utf8_get_char_validated(p, -1);
        gboolean valid = c < 0x110000;
        gsize n = valid ? (gsize)(g_utf8_next_char(p) - p) : 1;
        if (valid && harmless(c))
            g_string_append_len(out, p, (gssize)n);
        else
            for (gsize i = 0; i < n; i++)
                g_string_append_printf(out, "\\x%02x", (guchar)p[i]);
        p += n;
    }
}

gsize safe_cut(const char *text, gsize max)
{
    gsize n = strlen(text);
    if (n <= max)
        return n;
    while (max && ((guchar)text[max] & 0xc0) == 0x80)
        max--;
    return max;
}
