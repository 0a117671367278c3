/* xentop without a screen: sample, rates, rows, print, wait (way C, whole). */
#include "top/run.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "top/json.h"
#include "top/metrics.h"
#include "top/source.h"
#include "top/text.h"

unsigned run_want(const struct options *o)
{
    unsigned want = 0;
    switch (o->mode) {
    case MODE_JSON:
        want = LIVE_VCPUS | LIVE_PLACES | LIVE_PCPUS | LIVE_DETAIL;
        break;
    case MODE_PROMETHEUS:
    case MODE_LISTEN:
        want = LIVE_VCPUS | LIVE_PCPUS | LIVE_DETAIL;
        break;
    case MODE_SCREEN:
        want = LIVE_VCPUS | LIVE_PLACES | LIVE_PCPUS | LIVE_DETAIL | LIVE_HURRY;
        break;
    default:
        want = (o->text.vcpus ? LIVE_VCPUS : 0) | (o->pcpus ? LIVE_PCPUS : 0);
        /* Columns beyond the batch output can be sorted by. */
        if (o->sort > COLUMN_SSID)
            want |= LIVE_VCPUS | LIVE_DETAIL;
    }
    bool once = o->iterations == 1 || o->mode == MODE_PROMETHEUS;
    return want | (once ? 0 : LIVE_WATCH);
}

static void dom0_to_top(GArray *rows)
{
    for (guint i = 1; i < rows->len; i++) {
        struct row r = g_array_index(rows, struct row, i);
        if (r.domain->id)
            continue;
        g_array_remove_index(rows, i);
        g_array_insert_val(rows, 0, r);
        return;
    }
}

GArray *run_rows(const struct options *o, const struct sample *s,
                 const struct rates *r)
{
    GArray *rows = column_rows(s, r);
    if (o->filter && *o->filter)
        column_filter(rows, o->filter);
    column_sort(rows, o->sort, o->reverse);
    if (o->dom0_first)
        dom0_to_top(rows);
    return rows;
}

static void pcpu_lines(GString *out, const struct sample *s,
                       const struct rates *r)
{
    for (guint i = 0; i < s->pcpus->len; i++)
        g_string_append_printf(out, "%s %2" PRIu64 ": %5.1f%%",
                               i % 5 ? ""
                               : i   ? "\n        "
                                     : "PCPUs(%): ",
                               g_array_index(s->pcpus, struct pcpu, i).id,
                               rate_pcpu(r, i));
    if (s->pcpus->len)
        g_string_append_c(out, '\n');
}

void run_render(GString *out, const struct options *o, const struct sample *s,
                const struct rates *r)
{
    if (o->mode == MODE_PROMETHEUS || o->mode == MODE_LISTEN) {
        /* in the sample's order, which does not depend on options */
        g_autoptr(GArray) all = column_rows(s, r);
        metrics_render(out, s, all);
        return;
    }
    g_autoptr(GArray) rows = run_rows(o, s, r);
    if (o->mode == MODE_JSON) {
        json_render(out, s, r, rows);
        return;
    }
    text_render(out, rows, &o->text);
    if (o->pcpus)
        pcpu_lines(out, s, r);
}

/* Says once that names are missing, and once that they are back. */
static void tell_xenstore(const struct sample *s, bool *told)
{
    if (s->host.xenstore_down && !*told)
        fputs("xentop: XenStore does not answer: names and devices of domains "
              "are missing or old\n",
              stderr);
    else if (!s->host.xenstore_down && *told)
        fputs("xentop: XenStore answers again\n", stderr);
    *told = s->host.xenstore_down;
}

static int print(const GString *out, struct err *err)
{
    if ((out->len && fwrite(out->str, out->len, 1, stdout) != 1) ||
        fflush(stdout))
        return err_errno(err, ERR_IO, errno, "cannot write the output");
    return 0;
}

struct loop {
    const struct options *o;
    struct source *src;
    struct sample *before, *now;
    struct rates *rates;
    GString *out;
    bool primed, told;
};

/* One iteration: 1, at the end of the samples 0, -1 with err. */
static int once(struct loop *l, struct err *err)
{
    int more = source_next(l->src, l->now, err);
    if (more <= 0)
        return more;
    tell_xenstore(l->now, &l->told);
    rate_fill(l->rates, l->primed ? l->before : NULL, l->now);
    g_string_truncate(l->out, 0);
    run_render(l->out, l->o, l->now, l->rates);
    if (print(l->out, err))
        return -1;
    struct sample *swap = l->before;
    l->before = l->now;
    l->now = swap;
    l->primed = true;
    return 1;
}

static int loop_run(struct loop *l, struct err *err)
{
    const struct options *o = l->o;
    uint64_t n =
        o->mode == MODE_PROMETHEUS && !o->iterations ? 1 : o->iterations;
    /* Metrics have no rates. */
    if (o->mode != MODE_PROMETHEUS) {
        int primed = source_prime(l->src, l->before, err);
        if (primed < 0)
            return -1;
        l->primed = primed;
    }
    for (uint64_t i = 1;; i++) {
        int more = once(l, err);
        if (more <= 0 || i == n)
            return more < 0 ? -1 : 0;
        if (!o->replay)
            g_usleep((gulong)(o->delay * G_USEC_PER_SEC));
    }
}

int run_batch(const struct options *o, struct err *err)
{
    struct source *src = source_open(o, run_want(o), err);
    if (!src)
        return -1;
    struct loop l = { .o = o,
                      .src = src,
                      .before = sample_new(),
                      .now = sample_new(),
                      .rates = rate_new(),
                      .out = g_string_new(NULL) };
    int r = loop_run(&l, err);
    sample_free(l.before);
    sample_free(l.now);
    rate_free(l.rates);
    g_string_free(l.out, TRUE);
    source_close(src);
    return r;
}
