/* XenAPI VIF_metrics and VBD_metrics: a record beside each device, whose
 * figures the sampling thread knows (way B). */
#include "class/device_metrics.h"

static const struct {
    enum class_id device, metrics;
    enum field_id field;
} rows[] = {
    { CLASS_VIF, CLASS_VIF_metrics, F_VIF_metrics },
    { CLASS_VBD, CLASS_VBD_metrics, F_VBD_metrics },
};

void device_metrics_settle(struct txn *t, enum class_id c, const char *ref)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct record *r =
            rows[i].device == c ? txn_find(t, c, ref) : NULL;
        if (!r || txn_find(t, rows[i].metrics, record_str(r, rows[i].field)))
            continue;
        const char *m = store_create(t, rows[i].metrics, NULL, NULL);
        store_set_str(t, ref, rows[i].field, m);
    }
}

int device_metrics_start(struct store *store, struct err *err)
{
    struct txn *t = store_begin(store);
    const struct snapshot *s = txn_snapshot(t);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        for (size_t k = 0; k < snapshot_count(s, rows[i].device); k++)
            device_metrics_settle(
                t, rows[i].device,
                record_ref(snapshot_at(s, rows[i].device, k)));
    return store_commit(t, err);
}
