/* Escapes of values, the way scripts know them from xenstore-ls. Pure. */
#include "xs/quote.h"

#include <stdio.h>
#include <string.h>

static bool plain(unsigned char c)
{
    return c >= ' ' && c <= '~' && c != '\\';
}

bool quote_is_plain(const void *value, size_t len)
{
    const unsigned char *p = value;

    for (size_t i = 0; i < len; i++)
        if (!plain(p[i]))
            return false;
    return true;
}

/* The letter behind the backslash for a byte that has one, else 0. */
static char letter(unsigned char c)
{
    switch (c) {
    case '\t':
        return 't';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\\':
        return '\\';
    default:
        return 0;
    }
}

static char *escape(char *out, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    char l = letter(c);

    *out++ = '\\';
    if (l) {
        *out++ = l;
        return out;
    }
    *out++ = c < 8 ? '0' : 'x';
    *out++ = c < 8 ? '0' : hex[c >> 4];
    *out++ = hex[c & 15];
    return out;
}

size_t quote(char *out, const void *value, size_t len)
{
    const unsigned char *p = value;
    char *o = out;

    for (size_t i = 0; i < len; i++)
        if (plain(p[i]))
            *o++ = (char)p[i];
        else
            o = escape(o, p[i]);
    return (size_t)(o - out);
}

/* One escape behind its backslash; *in moves past it. The numbers are read as
 * scanf reads them, because that is what existing scripts were tried with. */
static char unescape(const char **in)
{
    unsigned v;
    int n = 0;
    char c = *(*in)++;

    switch (c) {
    case 't':
        return '\t';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 'x':
        if (sscanf(*in, "%2x%n", &v, &n) != 1)
            return c;
        *in += n;
        return (char)v;
    case '0' ... '7':
        sscanf(--*in, "%3o%n", &v, &n);
        *in += n;
        return (char)v;
    default:
        return c;
    }
}

size_t quote_undo(char *text)
{
    const char *in = text, *end = text + strlen(text);
    char *out = text;

    while (in < end) {
        if (*in != '\\')
            *out++ = *in++;
        else if (++in == end)
            *out++ = '\0';
        else
            *out++ = unescape(&in);
    }
    return (size_t)(out - text);
}
