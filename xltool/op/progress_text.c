/* Progress as text: bar, line and sum (way A, pure). */
#include <inttypes.h>

#include "op/progress.h"

#define MIB (1024.0 * 1024.0)

enum { BAR_MOST = 40, BAR_LEAST = 5, DAY_S = 24 * 3600 };

double progress_rate(double before, uint64_t bytes, int64_t ms)
{
    if (ms <= 0)
        return before;
    double now = (double)bytes * 1000 / (double)ms;
    /* a memory of some seconds, so that the time left does not jump */
    double part = ms >= 2000 ? 1 : (double)ms / 2000;
    return before > 0 ? before + (now - before) * part : now;
}

/* At most 99 until it is really over. */
static unsigned percent(const struct progress_state *s)
{
    double p = (double)s->done * 100 / (double)s->total;
    return p >= 99 ? 99 : (unsigned)p;
}

static void add_amount(GString *out, double bytes)
{
    if (bytes >= 1024 * MIB)
        g_string_append_printf(out, "%.1f GiB", bytes / (1024 * MIB));
    else
        g_string_append_printf(out, "%.0f MiB", bytes / MIB);
}

static void add_left(GString *out, const struct progress_state *s)
{
    if (s->rate < 1 || s->done < s->total / 100)
        return;
    double left = (double)(s->total - s->done) / s->rate;
    if (left >= DAY_S)
        return;
    unsigned t = (unsigned)(left + 0.5);
    if (t >= 3600)
        g_string_append_printf(out, ", %u:%02u:%02u left", t / 3600,
                               t / 60 % 60, t % 60);
    else
        g_string_append_printf(out, ", %u:%02u left", t / 60, t % 60);
}

/* "12 of 96 MiB, 40 MiB/s, 0:02 left" */
static void add_numbers(GString *out, const struct progress_state *s)
{
    add_amount(out, (double)s->done);
    if (s->total) {
        g_string_append(out, " of ");
        add_amount(out, (double)s->total);
    }
    if (s->total && s->done >= s->total)
        return; /* the rest takes no bytes */
    if (s->rate >= 1) {
        g_string_append(out, ", ");
        add_amount(out, s->rate);
        g_string_append(out, "/s");
    }
    if (s->total)
        add_left(out, s);
}

void progress_bar(GString *out, const struct progress_state *s, int columns)
{
    g_autoptr(GString) numbers = g_string_new(NULL);
    add_numbers(numbers, s);
    int width = columns - (int)g_utf8_strlen(s->what, -1) - (int)numbers->len -
                11; /* blanks, brackets, percent */
    size_t before = out->len;
    g_string_append(out, s->what);
    if (s->total && width >= BAR_LEAST) {
        width = MIN(width, BAR_MOST);
        int full = (int)(percent(s) * (unsigned)width / 100);
        g_string_append(out, " [");
        for (int i = 0; i < width; i++)
            g_string_append_c(out, i < full ? '#' : '.');
        g_string_append(out, "]");
    }
    if (s->total)
        g_string_append_printf(out, " %3u %%", percent(s));
    g_string_append_printf(out, "  %s", numbers->str);
    if (columns > 0 && out->len - before > (size_t)columns &&
        g_utf8_validate(out->str + before, -1, NULL)) {
        char *cut = g_utf8_offset_to_pointer(
            out->str + before,
            MIN(columns, g_utf8_strlen(out->str + before, -1)));
        g_string_truncate(out, (gsize)(cut - out->str));
    }
}

void progress_line(GString *out, const struct progress_state *s)
{
    g_string_append_printf(out, "%s: ", s->what);
    if (s->total)
        g_string_append_printf(out, "%u %%, ", percent(s));
    add_numbers(out, s);
    g_string_append_c(out, '\n');
}

void progress_sum(GString *out, const char *what, uint64_t done, int64_t ms)
{
    g_string_append_printf(out, "%s: ", what);
    add_amount(out, (double)done);
    g_string_append_printf(out, " in %.1f s", (double)ms / 1000);
    if (ms > 0) {
        g_string_append(out, " (");
        add_amount(out, (double)done * 1000 / (double)ms);
        g_string_append(out, "/s)");
    }
    g_string_append_c(out, '\n');
}
