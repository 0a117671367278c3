/* XML text out (beside way A). */
#include "convert/xmlout.h"

#include <stdarg.h>

static void escape(GString *out, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '&')
            g_string_append(out, "&amp;");
        else if (c == '<')
            g_string_append(out, "&lt;");
        else if (c == '>')
            g_string_append(out, "&gt;");
        else if (c == '\'')
            g_string_append(out, "&apos;");
        else if (c >= ' ' || c == '\n' || c == '\t')
            g_string_append_c(out, (char)c);
        /* other control characters may not stand in XML at all */
    }
}

static void begin(struct xmlout *x, const char *name, va_list al)
{
    const char *attr;
    g_string_append_printf(x->out, "%*s<%s", x->depth * 2, "", name);
    while ((attr = va_arg(al, const char *))) {
        const char *value = va_arg(al, const char *);
        if (!value)
            continue;
        g_string_append_printf(x->out, " %s='", attr);
        escape(x->out, value);
        g_string_append_c(x->out, '\'');
    }
}

void xmlout_open(struct xmlout *x, const char *name, ...)
{
    va_list al;
    va_start(al, name);
    begin(x, name, al);
    va_end(al);
    g_string_append(x->out, ">\n");
    x->depth++;
}

void xmlout_close(struct xmlout *x, const char *name)
{
    x->depth--;
    g_string_append_printf(x->out, "%*s</%s>\n", x->depth * 2, "", name);
}

void xmlout_empty(struct xmlout *x, const char *name, ...)
{
    va_list al;
    va_start(al, name);
    begin(x, name, al);
    va_end(al);
    g_string_append(x->out, "/>\n");
}

void xmlout_text(struct xmlout *x, const char *name, const char *text)
{
    if (!text)
        return;
    g_string_append_printf(x->out, "%*s<%s>", x->depth * 2, "", name);
    escape(x->out, text);
    g_string_append_printf(x->out, "</%s>\n", name);
}
