/* One sample after the other, and the readings it gives (way C into the
 * archives beside way B): xentop's sample, the records, and this process. */
#include <stdio.h>

#include "rrd/gather_own.h"
#include "rrd/gather_parts.h"
#include "top/metrics.h"

struct rrd_gather *rrd_gather_open(struct xapi *x)
{
    struct rrd_gather *g = g_new0(struct rrd_gather, 1);
    g->x = x;
    g->before = sample_new();
    g->now = sample_new();
    g->spare = sample_new();
    g->rates = rate_new();
    return g;
}

void rrd_gather_close(struct rrd_gather *g)
{
    if (!g)
        return;
    live_close(g->live);
    sample_free(g->before);
    sample_free(g->now);
    sample_free(g->spare);
    rate_free(g->rates);
    g_free(g);
}

void rrd_gather_look(struct rrd_gather *g)
{
    ERR_AUTO err = { 0 };
    if (!g->live && !g->x->config.no_xen)
        g->live = live_open(LIVE_VCPUS | LIVE_PCPUS | LIVE_DETAIL | LIVE_WATCH |
                                LIVE_HURRY,
                            &err);
    g->time = (double)g_get_real_time() / G_USEC_PER_SEC;
    g->fresh = g->live && live_take(g->live, g->spare, &err) == 0;
    if (err.id)
        g_debug("no sample: %s", err.message);
}

/* The new sample takes the place of the last. */
static void turn(struct rrd_gather *g)
{
    if (!g->fresh)
        return;
    struct sample *oldest = g->before;
    g->before = g->now;
    g->now = g->spare;
    g->spare = oldest;
    rate_fill(g->rates, g->seen ? g->before : NULL, g->now);
    g->seen = true;
    g->fresh = false;
}

/* ---- readings
 * -------------------------------------------------------------------- */

void rrd_put_begin(struct rrd_gather *g, enum rrd_owner owner, const char *uuid)
{
    struct rrd_batch b = { .owner = owner, .first = g->readings->len };
    g_strlcpy(b.uuid, uuid, sizeof b.uuid);
    g_array_append_val(g->batches, b);
}

/* Adds a reading to the last object begun; the name is fmt with `which` in the
 * place of its %s. Devices of names too long are left out. */
void rrd_put(struct rrd_gather *g, const char *before, const char *which,
             const char *after, double value)
{
    struct rrd_reading v = { .value = value };
    int len = g_snprintf(v.name, sizeof v.name, "%s%s%s", before, which, after);
    if (len >= (int)sizeof v.name)
        return;
    g_array_append_val(g->readings, v);
    g_array_index(g->batches, struct rrd_batch, g->batches->len - 1).count++;
}

void rrd_put_number(struct rrd_gather *g, const char *before, uint64_t n,
                    const char *after, double value)
{
    char text[24];
    g_snprintf(text, sizeof text, "%" G_GUINT64_FORMAT, n);
    rrd_put(g, before, text, after, value);
}

double rrd_gather_read(struct rrd_gather *g, GArray *batches, GArray *readings)
{
    SNAPSHOT_AUTO *s = store_read(g->x->store);
    g_array_set_size(batches, 0);
    g_array_set_size(readings, 0);
    g->batches = batches;
    g->readings = readings;
    bool sampled = g->fresh;
    turn(g);
    /* a sample that failed leaves the guests unknown, not as they were */
    g->seen = g->seen && sampled;
    rrd_gather_host(g, s);
    for (guint i = 0; g->seen && i < g->now->domains->len; i++)
        rrd_gather_vm(g, s, sample_domain(g->now, i));
    rrd_gather_srs(g, s);
    return g->time;
}

void rrd_gather_metrics(struct rrd_gather *g, GString *out)
{
    SNAPSHOT_AUTO *s = store_read(g->x->store);
    if (g->seen) {
        g_autoptr(GArray) rows = column_rows(g->now, g->rates);
        metrics_render(out, g->now, rows);
    }
    rrd_own_metrics(s, out);
}
