/* Round-robin archives: how samples become rows, and that files keep them. */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "rrd/file.h"
#include "tests/unit/unit.h"

enum { DAY = 86400, T0 = 20000 * DAY }; /* a time at which all scales begin */

/* A VM with one gauge and one counter, and the rows it made. */
struct bench {
    struct rrd r;
    struct rrd_rows rows;
    char dir[64], path[96];
};

static void bench_open(struct bench *b)
{
    rrd_init(&b->r, RRD_VM);
    rrd_rows_init(&b->rows);
    strcpy(b->dir, "/tmp/rrd-test-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL(g_mkdtemp(b->dir));
    g_snprintf(b->path, sizeof b->path, "%s/a.rrd", b->dir);
}

static void bench_close(struct bench *b)
{
    rrd_dispose(&b->r);
    rrd_rows_dispose(&b->rows);
    g_unlink(b->path);
    CU_ASSERT_EQUAL(g_rmdir(b->dir), 0); /* and no scratch file is left */
}

static void feed(struct bench *b, double now, double memory, double cpu)
{
    struct rrd_reading v[2] = { { "memory", memory }, { "cpu0", cpu } };
    rrd_meet(&b->r, v, 2);
    rrd_feed(&b->r, now, v, 2, rrd_rows_take, &b->rows);
}

/* The value of a row; fails when there is no such row. */
static double got(const struct bench *b, unsigned scale, int64_t time, guint at)
{
    for (guint i = 0; i < b->rows.rows->len; i++) {
        struct rrd_row *w = &g_array_index(b->rows.rows, struct rrd_row, i);
        if (w->scale == scale && w->time == time && at < w->count)
            return g_array_index(b->rows.values, double, w->first + at);
    }
    CU_FAIL("there is no such row");
    return NAN;
}

static guint count(const struct bench *b, unsigned scale)
{
    guint n = 0;
    for (guint i = 0; i < b->rows.rows->len; i++)
        n += g_array_index(b->rows.rows, struct rrd_row, i).scale == scale;
    return n;
}

#define NEAR(a, b) CU_ASSERT_DOUBLE_EQUAL(a, b, 1e-6 * (1 + fabs((double)(b))))

static void gauges_and_counters(void)
{
    struct bench b;
    bench_open(&b);
    feed(&b, T0, 100, 10);
    feed(&b, T0 + 5, 200, 11);
    feed(&b, T0 + 10, 300, 16);
    NEAR(got(&b, 0, T0 + 5, 0), 200);
    NEAR(got(&b, 0, T0 + 5, 1), 0.2);
    NEAR(got(&b, 0, T0 + 10, 0), 300);
    NEAR(got(&b, 0, T0 + 10, 1), 1);
    CU_ASSERT_EQUAL(count(&b, 0), 2);
    CU_ASSERT_EQUAL(count(&b, 1), 0);
    bench_close(&b);
}

static void between_steps(void)
{
    struct bench b;
    bench_open(&b);
    feed(&b, T0 + 3, 0, 0);
    feed(&b, T0 + 8, 100, 5); /* 2 s of the first step, 3 s of the next */
    CU_ASSERT(isnan(got(&b, 0, T0 + 5, 0))); /* 2 s are too little */
    feed(&b, T0 + 13, 200, 5);
    /* 3 s of 100 and 2 s of 200; 3 s of rate 1 and 2 s of rate 0 */
    NEAR(got(&b, 0, T0 + 10, 0), 140);
    NEAR(got(&b, 0, T0 + 10, 1), 0.6);
    bench_close(&b);
}

static void functions(void)
{
    struct bench b;
    bench_open(&b);
    feed(&b, T0, 0, 0);
    for (int i = 1; i <= 12; i++)
        feed(&b, T0 + 5 * i, i, 0.5 * i);
    /* columns memory, cpu0; AVERAGE, MIN, MAX */
    NEAR(got(&b, 1, T0 + 60, 0), 6.5);
    NEAR(got(&b, 1, T0 + 60, 1), 0.1);
    NEAR(got(&b, 1, T0 + 60, 2), 1);
    NEAR(got(&b, 1, T0 + 60, 4), 12);
    bench_close(&b);
}

static void all_scales(void)
{
    struct bench b;
    bench_open(&b);
    for (int i = 0; i <= DAY / 5; i++)
        feed(&b, T0 + 5.0 * i, i % 720, 0);
    CU_ASSERT_EQUAL(count(&b, 0), DAY / 5);
    CU_ASSERT_EQUAL(count(&b, 1), DAY / 60);
    CU_ASSERT_EQUAL(count(&b, 2), 24);
    CU_ASSERT_EQUAL(count(&b, 3), 1);
    NEAR(got(&b, 3, T0 + DAY, 0), 359.5);
    NEAR(got(&b, 3, T0 + DAY, 2), 0);
    NEAR(got(&b, 3, T0 + DAY, 4), 719);
    bench_close(&b);
}

static void short_gap(void)
{
    struct bench b;
    bench_open(&b);
    feed(&b, T0, 0, 0);
    feed(&b, T0 + 60, 7, 30); /* the counter tells what was missed */
    CU_ASSERT_EQUAL(count(&b, 0), 12);
    NEAR(got(&b, 0, T0 + 30, 1), 0.5);
    NEAR(got(&b, 1, T0 + 60, 1), 0.5);
    bench_close(&b);
}

static void long_gap(void)
{
    struct bench b;
    bench_open(&b);
    for (int i = 0; i <= 9; i++)
        feed(&b, T0 + 5.0 * i, 4, 0);
    feed(&b, T0 + 7200, 8, 10); /* the minute had 9 of its 12 steps */
    CU_ASSERT_EQUAL(count(&b, 0), 9);
    NEAR(got(&b, 1, T0 + 60, 0), 4);
    CU_ASSERT(isnan(got(&b, 2, T0 + 3600, 0)));
    feed(&b, T0 + 7205, 8, 11); /* and it goes on as if it were new */
    NEAR(got(&b, 0, T0 + 7205, 0), 8);
    NEAR(got(&b, 0, T0 + 7205, 1), 0.2);
    bench_close(&b);
}

static void unknown_rows(void)
{
    struct bench b;
    bench_open(&b);
    feed(&b, T0, 4, 0);
    for (int i = 1; i <= 5; i++)
        feed(&b, T0 + 5.0 * i, 4, 0);
    for (int i = 6; i <= 12; i++)
        feed(&b, T0 + 5.0 * i, NAN, 0);
    CU_ASSERT(isnan(got(&b, 0, T0 + 30, 0)));
    CU_ASSERT(isnan(got(&b, 1, T0 + 60, 0))); /* 5 of 12 are too few */
    NEAR(got(&b, 1, T0 + 60, 1), 0);
    bench_close(&b);
}

static void counter_restarts(void)
{
    struct bench b;
    bench_open(&b);
    feed(&b, T0, 0, 1000);
    feed(&b, T0 + 5, 0, 2); /* the guest was rebooted */
    feed(&b, T0 + 10, 0, 3);
    CU_ASSERT(isnan(got(&b, 0, T0 + 5, 1)));
    NEAR(got(&b, 0, T0 + 10, 1), 0.2);
    feed(&b, T0 + 15, 0, 8.2); /* clocks are not exact */
    NEAR(got(&b, 0, T0 + 15, 1), 1);
    feed(&b, T0 + 20, 0, 50); /* ten CPUs in one cannot be */
    CU_ASSERT(isnan(got(&b, 0, T0 + 20, 1)));
    bench_close(&b);
}

static void clock_goes_back(void)
{
    struct bench b;
    bench_open(&b);
    feed(&b, T0 + 1000, 4, 0);
    feed(&b, T0, 5, 1);
    feed(&b, T0 + 5, 6, 2);
    CU_ASSERT_EQUAL(count(&b, 0), 1);
    NEAR(got(&b, 0, T0 + 5, 0), 6);
    NEAR(got(&b, 0, T0 + 5, 1), 0.2);
    bench_close(&b);
}

static void source_names(void)
{
    const struct rrd_source *s = rrd_source_find(RRD_VM, "vbd_xvda_iops_read");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    UNIT_EQUAL(s->name, "vbd_%_iops_read");
    g_autofree char *d = rrd_source_describe(s, "vbd_xvda_iops_read");
    UNIT_EQUAL(d, "Read requests to disk xvda");
    UNIT_EQUAL(rrd_source_find(RRD_VM, "vbd_xvda_read")->name, "vbd_%_read");
    UNIT_EQUAL(rrd_source_find(RRD_VM, "cpu_usage")->name, "cpu_usage");
    UNIT_EQUAL(rrd_source_find(RRD_VM, "cpu17")->name, "cpu%");
    UNIT_EQUAL(rrd_source_find(RRD_HOST, "pif_aggr_rx")->name, "pif_aggr_rx");
    UNIT_EQUAL(rrd_source_find(RRD_HOST, "pif_eth0_rx")->name, "pif_%_rx");
    CU_ASSERT_PTR_NULL(rrd_source_find(RRD_VM, "loadavg"));
    CU_ASSERT_PTR_NULL(rrd_source_find(RRD_VM, "vif__rx"));
    CU_ASSERT_PTR_NULL(rrd_source_find(RRD_HOST, "no such thing"));
}

static void standard_and_forgotten(void)
{
    struct rrd r;
    rrd_init(&r, RRD_VM);
    struct rrd_reading v[] = { { "memory", 1 }, { "vif_0_rx_errors", 0 } };
    CU_ASSERT(rrd_meet(&r, v, 2));
    CU_ASSERT_EQUAL(rrd_columns(&r), 1); /* errors are not archived */
    CU_ASSERT(rrd_record(&r, rrd_ds_find(&r, "vif_0_rx_errors"), true));
    CU_ASSERT_EQUAL(rrd_columns(&r), 2);
    CU_ASSERT(rrd_record(&r, rrd_ds_find(&r, "memory"), false));
    CU_ASSERT(!rrd_meet(&r, v, 2));
    CU_ASSERT_EQUAL(rrd_columns(&r), 1);
    rrd_dispose(&r);
}

/* ---- files
 * -------------------------------------------------------------------------- */

static void save(struct bench *b)
{
    ERR_AUTO err = { 0 };
    if (access(b->path, F_OK) < 0)
        CU_ASSERT_EQUAL(rrd_file_make(b->path, &b->r, &err), 0);
    CU_ASSERT_EQUAL(rrd_file_put(b->path, &b->r, &b->rows, &err), 0);
    rrd_rows_clear(&b->rows);
}

/* As after kill -9: only what the file has is left. */
static void restart(struct bench *b)
{
    ERR_AUTO err = { 0 };
    rrd_dispose(&b->r);
    rrd_init(&b->r, RRD_VM);
    rrd_rows_clear(&b->rows);
    CU_ASSERT_EQUAL(rrd_file_load(b->path, &b->r, &err), 1);
}

static double kept(struct bench *b, unsigned scale, int64_t time, guint at)
{
    double row[64];
    struct rrd_file *f = rrd_file_open(b->path);
    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    rrd_file_row(f, scale, time, row);
    rrd_file_close(f);
    return row[at];
}

static void files_keep_rows(void)
{
    struct bench b;
    bench_open(&b);
    for (int i = 0; i <= 24; i++)
        feed(&b, T0 + 5.0 * i, i, i);
    save(&b);
    NEAR(kept(&b, 0, T0 + 50, 0), 10);
    NEAR(kept(&b, 0, T0 + 50, 1), 0.2);
    NEAR(kept(&b, 1, T0 + 120, 4), 24);
    CU_ASSERT(isnan(kept(&b, 0, T0 + 125, 0)));
    CU_ASSERT(isnan(kept(&b, 0, T0 - 600, 0)));
    bench_close(&b);
}

static void files_wrap(void)
{
    struct bench b;
    bench_open(&b);
    for (int i = 0; i <= 130; i++) {
        feed(&b, T0 + 5.0 * i, i, 0);
        save(&b);
    }
    NEAR(kept(&b, 0, T0 + 5 * 130, 0), 130);
    NEAR(kept(&b, 0, T0 + 5 * 11, 0), 11); /* the last 120 are there */
    CU_ASSERT(isnan(kept(&b, 0, T0 + 5 * 10, 0)));
    bench_close(&b);
}

static void restart_loses_nothing(void)
{
    struct bench b;
    bench_open(&b);
    for (int i = 0; i <= 7; i++)
        feed(&b, T0 + 5.0 * i + 1, i, 0.5 * i);
    save(&b);
    restart(&b);
    CU_ASSERT_EQUAL(rrd_columns(&b.r), 2);
    for (int i = 8; i <= 12; i++)
        feed(&b, T0 + 5.0 * i + 1, i, 0.5 * i);
    save(&b);
    /* the minute is whole, the counter went on, nothing is unknown */
    NEAR(kept(&b, 1, T0 + 60, 1), 0.1);
    for (int i = 2; i <= 12; i++)
        NEAR(kept(&b, 0, T0 + 5 * i, 1), 0.1);
    bench_close(&b);
}

static void new_columns_keep_old_rows(void)
{
    struct bench b;
    ERR_AUTO err = { 0 };
    bench_open(&b);
    for (int i = 0; i <= 12; i++)
        feed(&b, T0 + 5.0 * i, i, 0);
    save(&b);
    struct rrd_reading v = { "vif_0_rx", 0 };
    CU_ASSERT(rrd_meet(&b.r, &v, 1));
    rrd_record(&b.r, rrd_ds_find(&b.r, "cpu0"), false);
    CU_ASSERT_EQUAL(rrd_file_make(b.path, &b.r, &err), 0);
    restart(&b);
    UNIT_EQUAL(rrd_ds_at(&b.r, 1)->name, "vif_0_rx");
    CU_ASSERT(g_hash_table_contains(b.r.unwanted, "cpu0"));
    NEAR(kept(&b, 0, T0 + 50, 0), 10);
    CU_ASSERT(isnan(kept(&b, 0, T0 + 50, 1)));
    NEAR(kept(&b, 1, T0 + 60, 4), 12); /* memory's MAX, by the new columns */
    bench_close(&b);
}

static void damaged_state(void)
{
    struct bench b;
    bench_open(&b);
    for (int i = 0; i <= 3; i++)
        feed(&b, T0 + 5.0 * i, i, 0);
    save(&b);
    g_autofree char *data = NULL;
    gsize len;
    CU_ASSERT(g_file_get_contents(b.path, &data, &len, NULL));
    data[24 + 2 * RRD_NAME + 20] ^= 1;
    CU_ASSERT(g_file_set_contents(b.path, data, (gssize)len, NULL));
    restart(&b);
    CU_ASSERT_EQUAL(b.r.updated, 0);
    CU_ASSERT_EQUAL(rrd_columns(&b.r), 2);
    NEAR(kept(&b, 0, T0 + 15, 0), 3); /* the rows are not concerned */
    bench_close(&b);
}

static void foreign_files(void)
{
    struct bench b;
    ERR_AUTO err = { 0 };
    bench_open(&b);
    CU_ASSERT_EQUAL(rrd_file_load(b.path, &b.r, &err), 0);
    feed(&b, T0, 1, 1);
    save(&b);
    g_autofree char *data = NULL;
    gsize len;
    CU_ASSERT(g_file_get_contents(b.path, &data, &len, NULL));
    for (gsize cut = 0; cut < len; cut += 97) {
        CU_ASSERT(g_file_set_contents(b.path, data, (gssize)cut, NULL));
        CU_ASSERT_EQUAL(rrd_file_load(b.path, &b.r, &err), -1);
        CU_ASSERT_PTR_NULL(rrd_file_open(b.path));
    }
    memset(data, 0xff, len);
    CU_ASSERT(g_file_set_contents(b.path, data, (gssize)len, NULL));
    CU_ASSERT_EQUAL(rrd_file_load(b.path, &b.r, &err), -1);
    bench_close(&b);
}

const struct unit_test unit_tests[] = {
    { "a gauge is kept as it is, a counter as its rate", gauges_and_counters },
    { "samples between steps count for the time they cover", between_steps },
    { "a minute has the average, least and greatest value", functions },
    { "a day has rows of 5 s, a minute, an hour and a day", all_scales },
    { "a short gap takes what the counter missed", short_gap },
    { "a long gap is unknown, and what was under way is kept", long_gap },
    { "a row of which more than half is unknown is unknown", unknown_rows },
    { "a counter that starts again or runs wild is unknown", counter_restarts },
    { "a clock that goes back makes no rows of its own", clock_goes_back },
    { "a source is found by its name, with what it says", source_names },
    { "standard sources are archived until forgotten", standard_and_forgotten },
    { "a file has the rows by their time", files_keep_rows },
    { "a ring wraps: what is older than its rows is gone", files_wrap },
    { "a restart loses neither rows nor what is under way",
      restart_loses_nothing },
    { "a new source keeps the rows of the others", new_columns_keep_old_rows },
    { "a damaged state costs what was under way only", damaged_state },
    { "a cut or foreign file is refused", foreign_files },
    { 0 },
};
