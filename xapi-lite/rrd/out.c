/* Text that is handed on in pieces, so that a year of figures of many VMs never
 * stands in memory (beside way B). */
#include <math.h>
#include <string.h>

#include "rrd/text.h"

enum { PIECE = 65536 };

void rrd_out_init(struct rrd_out *o, rrd_sink_fn *sink, void *user)
{
    *o = (struct rrd_out){ sink, user, g_string_sized_new(PIECE + 4096), 0 };
}

static void hand_on(struct rrd_out *o)
{
    if (!o->bad && o->buf->len)
        o->bad = o->sink(o->user, o->buf->str, o->buf->len);
    g_string_truncate(o->buf, 0);
}

void rrd_out_printf(struct rrd_out *o, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    g_string_append_vprintf(o->buf, fmt, ap);
    va_end(ap);
    if (o->buf->len >= PIECE)
        hand_on(o);
}

void rrd_out_text(struct rrd_out *o, bool json, const char *text)
{
    for (const char *p = text; *p; p++) {
        if (json && (*p == '"' || *p == '\\'))
            g_string_append_c(o->buf, '\\');
        if (!json && strchr("<>&", *p))
            g_string_append_printf(o->buf, "&#%d;", *p);
        else if ((unsigned char)*p >= ' ')
            g_string_append_c(o->buf, *p);
    }
}

int rrd_out_end(struct rrd_out *o)
{
    hand_on(o);
    g_string_free(o->buf, TRUE);
    return o->bad;
}

const char *rrd_number(double x, char out[RRD_NUMBER])
{
    if (isnan(x))
        return "NaN";
    if (isinf(x))
        return x > 0 ? "Infinity" : "-Infinity";
    if (x == 0)
        return "0.0";
    g_snprintf(out, RRD_NUMBER, "%.5g", x);
    return out;
}
