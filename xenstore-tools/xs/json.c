/* JSON text of values, which may hold any byte. */
#include <stdint.h>
#include <string.h>

#include "xs/out.h"

/* Length of the valid UTF-8 sequence at p (RFC 3629), 0 when there is none. */
static size_t utf8_len(const unsigned char *p, size_t left)
{
    size_t n = p[0] < 0x80   ? 1
               : p[0] < 0xc2 ? 0
               : p[0] < 0xe0 ? 2
               : p[0] < 0xf0 ? 3
               : p[0] < 0xf5 ? 4
                             : 0;

    if (n > left)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
        (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
        return 0;
    return n;
}

static void hex_byte(struct out *o, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";

    out_char(o, hex[c >> 4]);
    out_char(o, hex[c & 15]);
}

static void ascii(struct out *o, unsigned char c)
{
    static const char names[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *at = c ? strchr(names, c) : NULL;

    if (at) {
        out_char(o, '\\');
        out_char(o, letters[at - names]);
    } else if (c < ' ' || c == 0x7f) {
        out_text(o, "\\u00");
        hex_byte(o, c);
    } else {
        out_char(o, (char)c);
    }
}

/* C1 control characters (U+0080 to U+009F) are escaped too: a terminal may obey
 * them. */
static void sequence(struct out *o, const unsigned char *p, size_t n)
{
    if (n == 2 && p[0] == 0xc2 && p[1] < 0xa0) {
        out_text(o, "\\u00");
        hex_byte(o, p[1]);
    } else {
        out_bytes(o, p, n);
    }
}

bool out_json(struct out *o, const void *data, size_t len)
{
    const unsigned char *p = data;
    bool valid = true;
    size_t n;

    out_char(o, '"');
    for (size_t i = 0; i < len; i += n ? n : 1) {
        n = utf8_len(p + i, len - i);
        valid &= n > 0;
        if (n == 0)
            out_text(o, "\\ufffd");
        else if (n == 1)
            ascii(o, p[i]);
        else
            sequence(o, p + i, n);
    }
    out_char(o, '"');
    return valid;
}

void out_json_value(struct out *o, const void *data, size_t len)
{
    const unsigned char *p = data;

    out_text(o, "\"value\":");
    if (out_json(o, data, len))
        return;
    out_text(o, ",\"hex\":\"");
    for (size_t i = 0; i < len; i++)
        hex_byte(o, p[i]);
    out_char(o, '"');
}
