/* All archives of one object: rrdtool's XML, version 0003, which its restore
 * reads, or the same as JSON in which all numbers are texts (beside way B). */
#include <inttypes.h>
#include <math.h>

#include "rrd/text.h"

struct dump {
    const struct rrd *r;
    struct rrd_file *f;
    bool json;
    struct rrd_out out;
};

/* <name>text</name>, or "name":"text" with a comma before all but the first. */
static void item(struct dump *d, bool first, const char *name, const char *text)
{
    if (d->json)
        rrd_out_printf(&d->out, "%s\"%s\":\"", first ? "" : ",", name);
    else
        rrd_out_printf(&d->out, "<%s>", name);
    rrd_out_text(&d->out, d->json, text);
    if (d->json)
        rrd_out_printf(&d->out, "\"");
    else
        rrd_out_printf(&d->out, "</%s>", name);
}

static void number(struct dump *d, const char *name, double x)
{
    char text[RRD_NUMBER];
    item(d, false, name, rrd_number(x, text));
}

static void whole(struct dump *d, bool first, const char *name, int64_t n)
{
    char text[RRD_NUMBER];
    g_snprintf(text, sizeof text, "%" PRId64, n);
    item(d, first, name, text);
}

static void mark(struct dump *d, const char *xml, const char *json)
{
    rrd_out_printf(&d->out, "%s", d->json ? json : xml);
}

/* ---- data sources
 * -------------------------------------------------------------- */

/* The counter in full; rrdtool's word for one that is not known. */
static void last_of(struct dump *d, const struct rrd_ds *ds)
{
    char text[64];
    if (isnan(ds->last))
        item(d, false, "last_ds", "U");
    else {
        g_snprintf(text, sizeof text,
                   ds->last == floor(ds->last) ? "%.0f" : "%.6f", ds->last);
        item(d, false, "last_ds", text);
    }
}

static void data_source(struct dump *d, const struct rrd_ds *ds, bool first)
{
    const struct rrd_source *s = ds->source;
    double under_way =
        d->r->updated - floor(d->r->updated / RRD_STEP) * RRD_STEP;
    mark(d, "<ds>", first ? "{" : ",{");
    item(d, true, "name", ds->name);
    item(d, false, "type", s->kind == RRD_DERIVE ? "DERIVE" : "GAUGE");
    number(d, "minimal_heartbeat", RRD_HEARTBEAT);
    number(d, "min", 0);
    number(d, "max", s->max);
    last_of(d, ds);
    number(d, "value", ds->sum);
    whole(d, false, "unknown_sec", (int64_t)MAX(under_way - ds->known, 0));
    mark(d, "</ds>", "}");
}

/* ---- archives
 * ------------------------------------------------------------------ */

static double prepared_value(const struct rrd_ds *ds,
                             const struct rrd_prepared *p, unsigned cf)
{
    if (cf == RRD_AVERAGE)
        return p->known > 0 ? p->sum / p->known : 0;
    if (cf == RRD_MIN)
        return MIN(p->min, ds->source->max);
    return MAX(p->max, 0);
}

static void prepared(struct dump *d, const struct rrd_ds *ds, unsigned scale,
                     unsigned cf, bool first)
{
    int64_t steps = (int64_t)d->r->updated / RRD_STEP % rrd_scales[scale].steps;
    const struct rrd_prepared *p = &ds->prepared[scale];
    mark(d, "<ds>", first ? "{" : ",{");
    item(d, true, "primary_value", "0.0");
    item(d, false, "secondary_value", "0.0");
    number(d, "value", prepared_value(ds, p, cf));
    whole(d, false, "unknown_datapoints",
          (int64_t)MAX((double)steps - p->known, 0));
    mark(d, "</ds>", "}");
}

static void database(struct dump *d, unsigned scale, unsigned cf)
{
    guint n = rrd_file_columns(d->f);
    int64_t step = rrd_scale_seconds(scale);
    int64_t end = (int64_t)d->r->updated / step * step;
    unsigned rows = rrd_scales[scale].rows;
    char text[RRD_NUMBER];
    g_autofree double *row = g_new(double, (size_t)n *RRD_FUNCTIONS + 1);
    for (unsigned i = 0; i < rows && !d->out.bad; i++) {
        rrd_file_row(d->f, scale, end - (int64_t)(rows - 1 - i) * step, row);
        mark(d, "<row>", i ? ",[" : "[");
        for (guint k = 0; k < n; k++) {
            const char *v = rrd_number(row[(size_t)cf * n + k], text);
            if (d->json)
                rrd_out_printf(&d->out, "%s\"%s\"", k ? "," : "", v);
            else
                rrd_out_printf(&d->out, "<v>%s</v>", v);
        }
        mark(d, "</row>", "]");
    }
}

static void archive(struct dump *d, unsigned scale, unsigned cf)
{
    bool first = true;
    mark(d, "<rra>", scale || cf ? ",{" : "{");
    item(d, true, "cf", rrd_cf_names[cf]);
    whole(d, false, "pdp_per_row", rrd_scales[scale].steps);
    mark(d, "<params><xff>0.5</xff></params><cdp_prep>",
         ",\"params\":{\"xff\":\"0.5\"},\"cdp_prep\":{\"ds\":[");
    for (guint i = 0; i < d->r->ds->len; i++) {
        const struct rrd_ds *ds = rrd_ds_at(d->r, i);
        if (!ds->archived)
            continue;
        prepared(d, ds, scale, cf, first);
        first = false;
    }
    mark(d, "</cdp_prep><database>", "]},\"database\":[");
    database(d, scale, cf);
    mark(d, "</database></rra>", "]}");
}

int rrd_dump(const struct rrd *r, struct rrd_file *f, bool json,
             rrd_sink_fn *sink, void *user)
{
    struct dump d = { .r = r, .f = f, .json = json };
    bool first = true;
    rrd_out_init(&d.out, sink, user);
    mark(&d, "<?xml version=\"1.0\"?><rrd>", "{");
    item(&d, true, "version", "0003");
    whole(&d, false, "step", RRD_STEP);
    whole(&d, false, "lastupdate", (int64_t)r->updated);
    mark(&d, "", ",\"ds\":[");
    for (guint i = 0; i < r->ds->len; i++) {
        if (!rrd_ds_at(r, i)->archived)
            continue;
        data_source(&d, rrd_ds_at(r, i), first);
        first = false;
    }
    mark(&d, "", "],\"rra\":[");
    for (unsigned i = 0; i < RRD_SCALES; i++)
        for (unsigned cf = 0; cf < rrd_scales[i].functions; cf++)
            archive(&d, i, cf);
    mark(&d, "</rrd>", "]}");
    return rrd_out_end(&d.out);
}
