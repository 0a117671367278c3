/* Readings of the SRs (way C into the archives beside way B). */
#include <string.h>

#include "rrd/gather_parts.h"

enum { SR_DIGITS = 8 }; /* of an SR's uuid in the name of a source */

/* ---- storage
 * ---------------------------------------------------------------------- */

/* The SR behind a guest's disk, or NULL. */
static const struct record *sr_of(const struct snapshot *s,
                                  const struct record *vm, const char *device)
{
    for (size_t i = 0; device && i < record_count(vm, F_VM_VBDs); i++) {
        const struct record *vbd =
            snapshot_find(s, CLASS_VBD, record_item(vm, F_VM_VBDs, i));
        if (!vbd || strcmp(record_str(vbd, F_VBD_device), device))
            continue;
        const struct record *vdi =
            snapshot_find(s, CLASS_VDI, record_str(vbd, F_VBD_VDI));
        return vdi ? snapshot_find(s, CLASS_SR, record_str(vdi, F_VDI_SR))
                   : NULL;
    }
    return NULL;
}

/* Adds up, for each SR, what all guests do with it. */
static GHashTable *sr_flows(struct rrd_gather *g, const struct snapshot *s)
{
    GHashTable *flows = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    const struct sample *now = g->now;
    for (guint i = 0; g->seen && i < now->domains->len; i++) {
        const struct domain *d = sample_domain(now, i);
        const struct record *vm = rrd_gather_vm_of(g, s, d);
        for (guint k = 0; vm && k < d->vbd.count; k++) {
            const struct record *sr = sr_of(s, vm, sample_vbd(now, d, k)->dev);
            const struct rate_vbd *r = rate_vbd(g->rates, d->vbd.first + k);
            if (!sr)
                continue;
            struct rate_vbd *sum = g_hash_table_lookup(flows, sr);
            if (!sum) {
                sum = g_new0(struct rate_vbd, 1);
                g_hash_table_insert(flows, (void *)sr, sum);
            }
            sum->rd_bytes += r->rd_bytes;
            sum->wr_bytes += r->wr_bytes;
            sum->rd_reqs += r->rd_reqs;
            sum->wr_reqs += r->wr_reqs;
        }
    }
    return flows;
}

static bool is_plugged(const struct snapshot *s, const struct record *sr)
{
    for (size_t i = 0; i < record_count(sr, F_SR_PBDs); i++) {
        const struct record *pbd =
            snapshot_find(s, CLASS_PBD, record_item(sr, F_SR_PBDs, i));
        if (pbd && record_bool(pbd, F_PBD_currently_attached))
            return true;
    }
    return false;
}

void rrd_gather_storage(struct rrd_gather *g, const struct snapshot *s)
{
    static const struct rate_vbd none;
    g_autoptr(GHashTable) flows = sr_flows(g, s);
    for (size_t i = 0; i < snapshot_count(s, CLASS_SR); i++) {
        const struct record *sr = snapshot_at(s, CLASS_SR, i);
        const struct rate_vbd *f = g_hash_table_lookup(flows, sr);
        char id[SR_DIGITS + 1];
        if (!is_plugged(s, sr))
            continue;
        f = f ? f : &none;
        g_strlcpy(id, record_str(sr, F_SR_uuid), sizeof id);
        rrd_put(g, "read_", id, "", f->rd_bytes);
        rrd_put(g, "write_", id, "", f->wr_bytes);
        rrd_put(g, "iops_read_", id, "", f->rd_reqs);
        rrd_put(g, "iops_write_", id, "", f->wr_reqs);
        rrd_put(g, "iops_total_", id, "", f->rd_reqs + f->wr_reqs);
        rrd_put(g, "io_throughput_read_", id, "", f->rd_bytes / MIB);
        rrd_put(g, "io_throughput_write_", id, "", f->wr_bytes / MIB);
        rrd_put(g, "io_throughput_total_", id, "",
                (f->rd_bytes + f->wr_bytes) / MIB);
    }
}

void rrd_gather_srs(struct rrd_gather *g, const struct snapshot *s)
{
    for (size_t i = 0; i < snapshot_count(s, CLASS_SR); i++) {
        const struct record *sr = snapshot_at(s, CLASS_SR, i);
        if (!is_plugged(s, sr))
            continue;
        rrd_put_begin(g, RRD_SR, record_str(sr, F_SR_uuid));
        rrd_put(g, "physical_size", "", "",
                (double)record_int(sr, F_SR_physical_size));
        rrd_put(g, "physical_utilisation", "", "",
                (double)record_int(sr, F_SR_physical_utilisation));
        rrd_put(g, "virtual_allocation", "", "",
                (double)record_int(sr, F_SR_virtual_allocation));
    }
}
