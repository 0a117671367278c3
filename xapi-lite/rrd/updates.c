/* The rows since a time, of many objects side by side: rrdtool's xport format,
 * or the same as JSON in which all numbers are texts (beside way B). */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "rrd/text.h"

enum { VALUES_MAX = 1 << 17 }; /* that are in memory at once: 1 MiB */
static const char *const owners[] = {
    [RRD_VM] = "vm", [RRD_HOST] = "host", [RRD_SR] = "sr"
};

/* A target with the columns that it had when it was asked for. */
struct part {
    const struct rrd_target *target;
    GPtrArray *names; /* char * */
    guint values;     /* in a row: columns times functions */
};

struct job {
    const struct rrd_query *q;
    unsigned scale, first_cf, functions;
    int64_t start, step, end;
    unsigned rows;
    GArray *parts; /* struct part */
    guint columns; /* of all parts */
    GMutex *lock;
    struct rrd_out out;
};

static bool has_function(unsigned scale, int cf)
{
    return cf < 0 || (unsigned)cf < rrd_scales[scale].functions;
}

static int64_t absolute_start(const struct rrd_query *q)
{
    int64_t last = (int64_t)q->last;
    if (q->start >= 0)
        return q->start;
    return q->start < -last ? 0 : last + q->start;
}

unsigned rrd_query_scale(const struct rrd_query *q)
{
    int64_t last = (int64_t)q->last / RRD_STEP * RRD_STEP;
    int64_t start = absolute_start(q);
    for (unsigned i = 0; i < RRD_SCALES; i++) {
        const struct rrd_scale *s = &rrd_scales[i];
        if (has_function(i, q->cf) && s->steps >= q->interval / RRD_STEP &&
            start > last - s->rows * rrd_scale_seconds(i))
            return i;
    }
    return RRD_SCALES - 1;
}

/* ---- head
 * ------------------------------------------------------------------------ */

static void read_names(struct job *j, struct part *p)
{
    if (j->lock)
        g_mutex_lock(j->lock);
    struct rrd_file *f = rrd_file_open(p->target->path);
    for (guint i = 0; f && i < rrd_file_columns(f); i++)
        g_ptr_array_add(p->names, g_strdup(rrd_file_name(f, i)));
    rrd_file_close(f);
    if (j->lock)
        g_mutex_unlock(j->lock);
    p->values = p->names->len * j->functions;
    j->columns += p->values;
}

static void plan(struct job *j, const struct rrd_target *targets, guint n)
{
    const struct rrd_query *q = j->q;
    j->scale = rrd_query_scale(q);
    j->first_cf = q->cf < 0 ? 0 : (unsigned)q->cf;
    j->functions = q->cf < 0 ? rrd_scales[j->scale].functions : 1;
    j->step = rrd_scale_seconds(j->scale);
    j->start = absolute_start(q);
    j->end = (int64_t)q->last / j->step * j->step;
    if (j->end >= j->start)
        j->rows = (unsigned)MIN((j->end - j->start) / j->step + 1,
                                rrd_scales[j->scale].rows);
    j->parts = g_array_new(FALSE, TRUE, sizeof(struct part));
    for (guint i = 0; i < n; i++) {
        struct part p = { &targets[i], g_ptr_array_new_with_free_func(g_free),
                          0 };
        read_names(j, &p);
        g_array_append_val(j->parts, p);
    }
    if (!j->columns)
        j->rows = 0;
}

static void legend(struct job *j, const char *before, const char *between,
                   const char *after)
{
    bool first = true;
    for (guint i = 0; i < j->parts->len; i++) {
        struct part *p = &g_array_index(j->parts, struct part, i);
        for (unsigned cf = 0; cf < j->functions; cf++)
            for (guint k = 0; k < p->names->len; k++) {
                rrd_out_printf(&j->out, "%s%s%s:%s:%s:", first ? "" : between,
                               before, rrd_cf_names[j->first_cf + cf],
                               owners[p->target->owner], p->target->uuid);
                rrd_out_text(&j->out, j->q->json, p->names->pdata[k]);
                rrd_out_printf(&j->out, "%s", after);
                first = false;
            }
    }
}

static void head(struct job *j)
{
    bool json = j->q->json;
    rrd_out_printf(&j->out,
                   json ? "{\"meta\":{\"start\":\"%" PRId64
                          "\",\"step\":\"%" PRId64 "\",\"end\":\"%" PRId64
                          "\",\"rows\":\"%u\",\"columns\":\"%u\",\"legend\":["
                        : "<?xml version=\"1.0\"?><xport><meta><start>%" PRId64
                          "</start><step>%" PRId64 "</step><end>%" PRId64
                          "</end><rows>%u</rows><columns>%u</columns><legend>",
                   j->start / j->step * j->step + j->step, j->step, j->end,
                   j->rows, j->columns);
    if (json)
        legend(j, "\"", ",", "\"");
    else
        legend(j, "<entry>", "", "</entry>");
    rrd_out_printf(&j->out, json ? "]},\"data\":[" : "</legend></meta><data>");
}

/* ---- rows
 * ------------------------------------------------------------------------ */

/* What the file has of the part's row, in the part's columns: they may have
 * become others meanwhile. */
static void take_row(struct job *j, const struct part *p, struct rrd_file *f,
                     int64_t time, double *row, double *out)
{
    guint n = rrd_file_columns(f);
    rrd_file_row(f, j->scale, time, row);
    for (guint i = 0; i < p->values; i++) {
        guint name = i % p->names->len, at = name;
        guint cf = j->first_cf + i / p->names->len;
        const char *want = p->names->pdata[name];
        if (at >= n || strcmp(rrd_file_name(f, at), want))
            for (at = 0; at < n && strcmp(rrd_file_name(f, at), want); at++)
                ;
        if (at < n)
            out[i] = row[(size_t)cf * n + at];
    }
}

/* `count` rows, the newest of which ends at `time`. */
static void take_rows(struct job *j, int64_t time, unsigned count,
                      double *values)
{
    guint at = 0;
    for (guint i = 0; i < j->parts->len; i++) {
        struct part *p = &g_array_index(j->parts, struct part, i);
        struct rrd_file *f = p->values ? rrd_file_open(p->target->path) : NULL;
        g_autofree double *row =
            f ? g_new(double, rrd_file_columns(f) * RRD_FUNCTIONS + 1) : NULL;
        for (unsigned k = 0; f && k < count; k++)
            take_row(j, p, f, time - (int64_t)k * j->step, row,
                     values + (size_t)k * j->columns + at);
        rrd_file_close(f);
        at += p->values;
    }
}

static void write_row(struct job *j, int64_t time, const double *values)
{
    char text[RRD_NUMBER];
    bool json = j->q->json;
    rrd_out_printf(&j->out,
                   json ? "{\"t\":\"%" PRId64 "\",\"values\":["
                        : "<row><t>%" PRId64 "</t>",
                   time);
    for (guint i = 0; i < j->columns; i++)
        if (json)
            rrd_out_printf(&j->out, "%s\"%s\"", i ? "," : "",
                           rrd_number(values[i], text));
        else
            rrd_out_printf(&j->out, "<v>%s</v>", rrd_number(values[i], text));
    rrd_out_printf(&j->out, json ? "]}" : "</row>");
}

static void body(struct job *j)
{
    unsigned batch = MAX(1, VALUES_MAX / MAX(j->columns, 1));
    batch = MIN(batch, MAX(j->rows, 1));
    size_t room = (size_t)batch * j->columns;
    g_autofree double *values = g_new(double, room + 1);
    for (unsigned done = 0; done < j->rows && !j->out.bad; done += batch) {
        unsigned count = MIN(batch, j->rows - done);
        int64_t time = j->end - (int64_t)done * j->step;
        for (size_t i = 0; i < room; i++)
            values[i] = NAN;
        if (j->lock)
            g_mutex_lock(j->lock);
        take_rows(j, time, count, values);
        if (j->lock)
            g_mutex_unlock(j->lock);
        for (unsigned k = 0; k < count; k++) {
            if (j->q->json && done + k)
                rrd_out_printf(&j->out, ",");
            write_row(j, time - (int64_t)k * j->step,
                      values + (size_t)k * j->columns);
        }
    }
}

int rrd_updates(const struct rrd_query *q, const struct rrd_target *targets,
                guint n, GMutex *lock, rrd_sink_fn *sink, void *user)
{
    struct job j = { .q = q, .lock = lock };
    rrd_out_init(&j.out, sink, user);
    plan(&j, targets, n);
    head(&j);
    body(&j);
    rrd_out_printf(&j.out, q->json ? "]}" : "</data></xport>");
    for (guint i = 0; i < j.parts->len; i++)
        g_ptr_array_unref(g_array_index(j.parts, struct part, i).names);
    g_array_unref(j.parts);
    return rrd_out_end(&j.out);
}
