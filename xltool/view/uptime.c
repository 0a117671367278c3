/* Seconds -> the table of xl uptime, or values (way A, pure). */
#include "view/uptime.h"

static void append_time(GString *out, long seconds, bool with_seconds)
{
    long days = seconds / 86400, hours = seconds / 3600 % 24;
    if (days)
        g_string_append_printf(out, "%ld day%s, ", days, days > 1 ? "s" : "");
    g_string_append_printf(out, "%2ld:%02ld", hours, seconds / 60 % 60);
    if (with_seconds)
        g_string_append_printf(out, ":%02ld", seconds % 60);
}

void view_uptime_text(GString *out, const struct view_uptime *rows, unsigned nr,
                      time_t short_now)
{
    char clock[16];
    struct tm tm;
    localtime_r(&short_now, &tm);
    strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
    if (!short_now)
        g_string_append_printf(out, "%-33s %4s %s\n", "Name", "ID", "Uptime");
    for (unsigned i = 0; i < nr; i++) {
        const char *name = rows[i].name ? rows[i].name : "(null)";
        if (short_now)
            g_string_append_printf(out, " %s up ", clock);
        else
            g_string_append_printf(out, "%-33s %4d ", name, (int)rows[i].domid);
        append_time(out, rows[i].seconds, !short_now);
        if (short_now)
            g_string_append_printf(out, ", %s (%d)", name, (int)rows[i].domid);
        g_string_append_c(out, '\n');
    }
}

struct value *view_uptime_value(const struct view_uptime *rows, unsigned nr)
{
    struct value *v = value_array();
    for (unsigned i = 0; i < nr; i++) {
        struct value *o = value_object();
        value_set(o, "name", value_string(rows[i].name));
        value_set(o, "domid", value_int(rows[i].domid));
        value_set(o, "uptime_seconds", value_int(rows[i].seconds));
        value_push(v, o);
    }
    return v;
}
