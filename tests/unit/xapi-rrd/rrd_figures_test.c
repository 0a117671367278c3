/* Metrics records: their figures are asked for when they are shown, and are no
 * change of the record; they come and go with their device. */
#include <string.h>

#include "class/device_metrics.h"
#include "rrd/figures.h"
#include "tests/unit/unit.h"

struct bench {
    struct model *m;
    struct store *s;
    bool knows;
};

/* Every figure is 7.5, of records with this reference. */
static bool show(void *user, const struct record *r, const struct field *f,
                 const struct emitter *e, void *e_user)
{
    const struct bench *b = user;
    (void)r;
    if (b->knows && f->type->kind == TYPE_FLOAT)
        e->number(e_user, 7.5);
    return b->knows && f->type->kind == TYPE_FLOAT;
}

static void settle(void *user, struct txn *t, enum class_id c, const char *ref)
{
    (void)user;
    device_metrics_settle(t, c, ref);
}

static void bench_open(struct bench *b)
{
    ERR_AUTO err = { 0 };
    struct store_backend memory;
    store_memory_open(&memory);
    b->m = model_open();
    b->s = store_open(b->m, memory, &err);
    store_hook(b->s, settle, NULL);
    model_live(b->m, show, b);
}

static void bench_close(struct bench *b)
{
    store_close(b->s);
    model_close(b->m);
}

/* A VIF with its metrics; the reference of these. Caller frees. */
static char *device(struct bench *b, char **vif_out)
{
    struct txn *t = store_begin(b->s);
    *vif_out = g_strdup(store_create(t, CLASS_VIF, NULL, NULL));
    CU_ASSERT_EQUAL(store_commit(t, NULL), 0);
    SNAPSHOT_AUTO *s = store_read(b->s);
    return g_strdup(
        record_str(snapshot_find(s, CLASS_VIF, *vif_out), F_VIF_metrics));
}

static void figures_are_asked_for(void)
{
    struct bench b = { .knows = true };
    bench_open(&b);
    g_autofree char *vif = NULL, *metrics = device(&b, &vif);
    const struct field *f = model_field(b.m, F_VIF_metrics_io_read_kbs);
    {
        SNAPSHOT_AUTO *s = store_read(b.s);
        const struct record *r = snapshot_find(s, CLASS_VIF_metrics, metrics);
        CU_ASSERT_PTR_NOT_NULL_FATAL(r);
        uint64_t before = record_modified(r);
        VALUE_AUTO *one = record_value(r, f), *all = record_to_value(r);
        CU_ASSERT_DOUBLE_EQUAL(value_get_double(one), 7.5, 0);
        CU_ASSERT_DOUBLE_EQUAL(
            value_get_double(value_find(all, "io_write_kbs")), 7.5, 0);
        CU_ASSERT_EQUAL(record_modified(r), before);
        /* nobody knows: what is kept */
        b.knows = false;
        VALUE_AUTO *kept = record_value(r, f);
        CU_ASSERT_DOUBLE_EQUAL(value_get_double(kept), 0, 0);
    }
    bench_close(&b);
}

static void metrics_go_with_their_device(void)
{
    struct bench b = { 0 };
    bench_open(&b);
    g_autofree char *vif = NULL, *metrics = device(&b, &vif);
    struct txn *t = store_begin(b.s);
    g_autofree char *copy =
        g_strdup(store_copy(t, txn_find(t, CLASS_VIF, vif)));
    store_commit(t, NULL);
    {
        SNAPSHOT_AUTO *s = store_read(b.s);
        const struct record *r = snapshot_find(s, CLASS_VIF, copy);
        CU_ASSERT(strcmp(record_str(r, F_VIF_metrics), metrics));
        CU_ASSERT_EQUAL(snapshot_count(s, CLASS_VIF_metrics), 2);
    }
    t = store_begin(b.s);
    store_delete(t, CLASS_VIF, vif);
    store_commit(t, NULL);
    SNAPSHOT_AUTO *s = store_read(b.s);
    CU_ASSERT_EQUAL(snapshot_count(s, CLASS_VIF_metrics), 1);
    CU_ASSERT_PTR_NULL(snapshot_find(s, CLASS_VIF_metrics, metrics));
    g_clear_pointer(&s, snapshot_release);
    bench_close(&b);
}

static void rates_are_kib_a_second(void)
{
    CU_ASSERT_DOUBLE_EQUAL(rrd_figures_rate(1024, 11264, 5), 2, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(rrd_figures_rate(11264, 1024, 5), 0, 0);
    CU_ASSERT_DOUBLE_EQUAL(rrd_figures_rate(0, 1024, 0), 0, 0);
}

const struct unit_test unit_tests[] = {
    { "figures are asked for when they are shown, and change nothing",
      figures_are_asked_for },
    { "the metrics of a device are its own, and go with it",
      metrics_go_with_their_device },
    { "a rate is in KiB a second, and never negative", rates_are_kib_a_second },
    { 0 }
};
