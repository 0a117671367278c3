/* xl.cfg text out (beside way A). */
#include "convert/cfgout.h"

#include <inttypes.h>

static void quote(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            g_string_append_c(out, '\\');
        if (*text == '\n')
            g_string_append(out, "\\n");
        else
            g_string_append_c(out, *text);
    }
    g_string_append_c(out, '"');
}

void cfgout_text(GString *out, const char *key, const char *text)
{
    if (!text)
        return;
    g_string_append_printf(out, "%s = ", key);
    quote(out, text);
    g_string_append_c(out, '\n');
}

void cfgout_number(GString *out, const char *key, uint64_t n)
{
    g_string_append_printf(out, "%s = %" PRIu64 "\n", key, n);
}

void cfgout_list(GString *out, const char *key, const GPtrArray *texts)
{
    if (!texts->len)
        return;
    g_string_append_printf(out, "%s = [\n", key);
    for (guint i = 0; i < texts->len; i++) {
        g_string_append(out, "    ");
        quote(out, texts->pdata[i]);
        g_string_append(out, ",\n");
    }
    g_string_append(out, "]\n");
}

void cfgout_option(GString *spec, const char *name, const char *value)
{
    if (value)
        g_string_append_printf(spec, "%s%s=%s", spec->len ? "," : "", name,
                               value);
}
