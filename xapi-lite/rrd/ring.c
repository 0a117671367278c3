/* Samples become rows of round-robin archives (beside way B). Pure. */
#include "rrd/ring.h"

#include <math.h>
#include <string.h>

/* A rate that has a greatest value may be this part of it outside its limits,
 * since clocks are not exact: it counts as the limit. */
#define SLACK 0.1

void rrd_init(struct rrd *r, enum rrd_owner owner)
{
    *r = (struct rrd){ .owner = owner };
    r->ds = g_array_new(FALSE, TRUE, sizeof(struct rrd_ds));
    r->unwanted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

void rrd_dispose(struct rrd *r)
{
    g_clear_pointer(&r->ds, g_array_unref);
    g_clear_pointer(&r->unwanted, g_hash_table_destroy);
}

struct rrd_ds *rrd_ds_at(const struct rrd *r, guint i)
{
    return &g_array_index(r->ds, struct rrd_ds, i);
}

struct rrd_ds *rrd_ds_find(const struct rrd *r, const char *name)
{
    for (guint i = 0; i < r->ds->len; i++)
        if (!strcmp(rrd_ds_at(r, i)->name, name))
            return rrd_ds_at(r, i);
    return NULL;
}

guint rrd_columns(const struct rrd *r)
{
    guint n = 0;
    for (guint i = 0; i < r->ds->len; i++)
        n += rrd_ds_at(r, i)->archived;
    return n;
}

static struct rrd_prepared nothing(void)
{
    return (struct rrd_prepared){ 0, INFINITY, -INFINITY, 0 };
}

/* As if it had never been measured. */
static void empty(struct rrd_ds *ds)
{
    ds->last = ds->value = ds->latest = NAN;
    ds->sum = ds->known = 0;
    for (unsigned i = 0; i < RRD_SCALES; i++)
        ds->prepared[i] = nothing();
}

struct rrd_ds *rrd_ds_add(struct rrd *r, const char *name, bool archived)
{
    const struct rrd_source *s = rrd_source_find(r->owner, name);
    if (!s)
        return NULL;
    struct rrd_ds ds = { .source = s, .archived = archived };
    g_strlcpy(ds.name, name, sizeof ds.name);
    empty(&ds);
    g_array_append_val(r->ds, ds);
    return rrd_ds_at(r, r->ds->len - 1);
}

bool rrd_record(struct rrd *r, struct rrd_ds *ds, bool archived)
{
    bool change = ds->archived != archived;
    if (archived)
        g_hash_table_remove(r->unwanted, ds->name);
    else
        g_hash_table_add(r->unwanted, g_strdup(ds->name));
    ds->archived = archived;
    for (unsigned i = 0; change && i < RRD_SCALES; i++)
        ds->prepared[i] = nothing();
    return change;
}

bool rrd_meet(struct rrd *r, const struct rrd_reading *v, guint n)
{
    bool column = false;
    for (guint i = 0; i < n; i++) {
        /* they come in the same order each time */
        if (i < r->ds->len && !strcmp(rrd_ds_at(r, i)->name, v[i].name))
            continue;
        if (rrd_ds_find(r, v[i].name))
            continue;
        const struct rrd_source *s = rrd_source_find(r->owner, v[i].name);
        bool wanted =
            s && s->standard && !g_hash_table_contains(r->unwanted, v[i].name);
        column |= rrd_ds_add(r, v[i].name, wanted) && wanted;
    }
    return column;
}

/* ---- one sample
 * ---------------------------------------------------------------- */

struct walk {
    struct rrd *r;
    double *rate; /* beside r->ds */
    double *row;
    rrd_row_fn *fn;
    void *user;
};

static double reading_of(const struct rrd_reading *v, guint n, guint hint,
                         const char *name)
{
    if (hint < n && !strcmp(v[hint].name, name))
        return v[hint].value;
    for (guint i = 0; i < n; i++)
        if (!strcmp(v[i].name, name))
            return v[i].value;
    return NAN;
}

/* What the sample says of the time since the one before. */
static double rate_of(struct rrd_ds *ds, double raw, double interval)
{
    double max = ds->source->max;
    double rate = raw;
    if (ds->source->kind == RRD_DERIVE)
        rate = (raw - ds->last) / interval;
    ds->last = raw;
    if (rate < 0 && rate >= -SLACK * max && isfinite(max))
        rate = 0;
    if (!(rate >= 0) || rate > max * (1 + SLACK))
        return NAN; /* also what is NaN */
    return MIN(rate, max);
}

static void spend(struct walk *w, double seconds)
{
    for (guint i = 0; i < w->r->ds->len; i++) {
        struct rrd_ds *ds = rrd_ds_at(w->r, i);
        if (isnan(w->rate[i]))
            continue;
        ds->sum += w->rate[i] * seconds;
        ds->known += seconds;
    }
}

static double consolidated(const struct rrd_prepared *p, unsigned steps,
                           enum rrd_cf cf)
{
    if (p->known < steps * (1 - RRD_XFF))
        return NAN;
    return cf == RRD_AVERAGE ? p->sum / p->known
           : cf == RRD_MIN   ? p->min
                             : p->max;
}

static void tell_first(struct walk *w, int64_t time)
{
    guint n = 0;
    for (guint i = 0; i < w->r->ds->len; i++)
        if (rrd_ds_at(w->r, i)->archived)
            w->row[n++] = rrd_ds_at(w->r, i)->value;
    w->fn(w->user, 0, time, w->row, n);
}

static void tell(struct walk *w, unsigned scale, int64_t time)
{
    guint n = 0;
    for (unsigned cf = 0; cf < rrd_scales[scale].functions; cf++)
        for (guint i = 0; i < w->r->ds->len; i++) {
            struct rrd_ds *ds = rrd_ds_at(w->r, i);
            if (ds->archived)
                w->row[n++] = consolidated(&ds->prepared[scale],
                                           rrd_scales[scale].steps, cf);
        }
    w->fn(w->user, scale, time, w->row, n);
    for (guint i = 0; i < w->r->ds->len; i++)
        rrd_ds_at(w->r, i)->prepared[scale] = nothing();
}

static void add_step(struct rrd_ds *ds)
{
    bool known = ds->known >= RRD_STEP * RRD_XFF;
    ds->value = known ? ds->sum / ds->known : NAN;
    ds->sum = ds->known = 0;
    for (unsigned k = 1; known && k < RRD_SCALES; k++) {
        struct rrd_prepared *p = &ds->prepared[k];
        p->sum += ds->value;
        p->min = MIN(p->min, ds->value);
        p->max = MAX(p->max, ds->value);
        p->known++;
    }
}

/* The step that ends at `time` is whole. */
static void end_step(struct walk *w, int64_t time)
{
    for (guint i = 0; i < w->r->ds->len; i++)
        add_step(rrd_ds_at(w->r, i));
    tell_first(w, time);
    for (unsigned k = 1; k < RRD_SCALES; k++)
        if (time % rrd_scale_seconds(k) == 0)
            tell(w, k, time);
}

/* Nothing is known of the time since the last sample: rows that were under way
 * and ended meanwhile are told of what they had. */
static void skip(struct walk *w, double now)
{
    for (guint i = 0; i < w->r->ds->len; i++) {
        struct rrd_ds *ds = rrd_ds_at(w->r, i);
        ds->sum = ds->known = 0;
        ds->value = NAN;
    }
    for (unsigned k = 1; k < RRD_SCALES; k++) {
        int64_t len = rrd_scale_seconds(k);
        int64_t end = ((int64_t)w->r->updated / len + 1) * len;
        if ((double)end <= now)
            tell(w, k, end);
    }
}

static void advance(struct walk *w, double now)
{
    double t = w->r->updated;
    int64_t end = ((int64_t)t / RRD_STEP + 1) * RRD_STEP;
    for (; (double)end <= now; t = (double)end, end += RRD_STEP) {
        spend(w, (double)end - t);
        end_step(w, end);
    }
    spend(w, now - t);
}

void rrd_feed(struct rrd *r, double now, const struct rrd_reading *v, guint n,
              rrd_row_fn *fn, void *user)
{
    double interval = now - r->updated;
    guint count = r->ds->len;
    g_autofree double *rate = g_new(double, count + 1);
    g_autofree double *row = g_new(double, (count + 1) * RRD_FUNCTIONS);
    struct walk w = { r, rate, row, fn, user };
    if (r->updated > 0 && interval <= 0)
        for (guint i = 0; i < count; i++)
            empty(rrd_ds_at(r, i));
    bool known = r->updated > 0 && interval > 0 && interval <= RRD_HEARTBEAT;
    for (guint i = 0; i < count; i++) {
        struct rrd_ds *ds = rrd_ds_at(r, i);
        double raw = reading_of(v, n, i, ds->name);
        rate[i] = ds->latest = rate_of(ds, raw, interval);
    }
    if (known)
        advance(&w, now);
    else if (r->updated > 0 && interval > 0)
        skip(&w, now);
    r->updated = now;
}
