/* Numbers as the text that Prometheus reads (way C, last arrow). */
#include "base/prom.h"

#include <inttypes.h>
#include <math.h>

static void escape(GString *out, const char *text, bool quotes)
{
    for (; *text; text++) {
        if (*text == '\n')
            g_string_append(out, "\\n");
        else if (*text == '\\' || (quotes && *text == '"'))
            g_string_append_printf(out, "\\%c", *text);
        else
            g_string_append_c(out, *text);
    }
}

void prom_head(GString *out, const char *metric, const char *type,
               const char *help)
{
    g_string_append_printf(out, "# HELP %s ", metric);
    escape(out, help, false);
    g_string_append_printf(out, "\n# TYPE %s %s\n", metric, type);
}

void prom_label(GString *labels, const char *name, const char *value)
{
    g_string_append_printf(labels, "%s%s=\"", labels->len ? "," : "", name);
    escape(labels, value ? value : "", true);
    g_string_append_c(labels, '"');
}

static void start(GString *out, const char *metric, const char *labels)
{
    g_string_append(out, metric);
    if (*labels) {
        g_string_append_c(out, '{');
        g_string_append(out, labels);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ' ');
}

void prom_u64(GString *out, const char *metric, const char *labels, uint64_t n)
{
    start(out, metric, labels);
    g_string_append_printf(out, "%" PRIu64 "\n", n);
}

void prom_double(GString *out, const char *metric, const char *labels, double x)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    start(out, metric, labels);
    if (isfinite(x))
        g_string_append(out, g_ascii_dtostr(text, sizeof text, x));
    else
        g_string_append(out, isnan(x) ? "NaN" : x > 0 ? "+Inf" : "-Inf");
    g_string_append_c(out, '\n');
}

void prom_ns(GString *out, const char *metric, const char *labels, uint64_t ns)
{
    start(out, metric, labels);
    g_string_append_printf(out, "%" PRIu64 ".%09" PRIu64 "\n", ns / 1000000000,
                           ns % 1000000000);
}
