/* Readings of the host, its guests and its SRs (way C into the archives beside
 * way B): xentop's sample, the records, and this process. */
#include "rrd/gather.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "rrd/gather_own.h"
#include "top/live.h"
#include "top/metrics.h"
#include "top/rate.h"

#define MIB 1048576.0
enum { SR_DIGITS = 8 }; /* of an SR's uuid in the name of a source */

struct rrd_gather {
    struct xapi *x;
    struct live *live; /* NULL: no Xen */
    struct sample *before, *now, *spare;
    struct rates *rates;
    bool seen;                  /* `now` is a sample */
    bool fresh;                 /* `spare` is the next one */
    double time;                /* Unix seconds of the last look */
    GArray *batches, *readings; /* the caller's */
};

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

static void begin(struct rrd_gather *g, enum rrd_owner owner, const char *uuid)
{
    struct rrd_batch b = { .owner = owner, .first = g->readings->len };
    g_strlcpy(b.uuid, uuid, sizeof b.uuid);
    g_array_append_val(g->batches, b);
}

/* Adds a reading to the last object begun; the name is fmt with `which` in the
 * place of its %s. Devices of names too long are left out. */
static void put(struct rrd_gather *g, const char *before, const char *which,
                const char *after, double value)
{
    struct rrd_reading v = { .value = value };
    int len = g_snprintf(v.name, sizeof v.name, "%s%s%s", before, which, after);
    if (len >= (int)sizeof v.name)
        return;
    g_array_append_val(g->readings, v);
    g_array_index(g->batches, struct rrd_batch, g->batches->len - 1).count++;
}

static void put_number(struct rrd_gather *g, const char *before, uint64_t n,
                       const char *after, double value)
{
    char text[24];
    g_snprintf(text, sizeof text, "%" G_GUINT64_FORMAT, n);
    put(g, before, text, after, value);
}

/* ---- of a VM
 * ---------------------------------------------------------------------- */

static void vm_cpus(struct rrd_gather *g, const struct domain *d)
{
    double seconds = (double)d->cpu_ns / 1e9;
    put(g, "cpu_usage", "", "",
        d->vcpus_online ? seconds / (double)d->vcpus_online : NAN);
    for (guint i = 0; i < d->vcpu.count; i++) {
        const struct vcpu *v = sample_vcpu(g->now, d, i);
        put_number(g, "cpu", v->id, "", (double)v->cpu_ns / 1e9);
    }
    put(g, "cpu_time", "", "", seconds);
    put(g, "vcpus", "", "", (double)d->vcpus_online);
}

static void vm_memory(struct rrd_gather *g, const struct domain *d)
{
    put(g, "memory", "", "", (double)d->memory_bytes);
    if (d->target_bytes >= 0)
        put(g, "memory_target", "", "", (double)d->target_bytes);
    if (d->agent_free_bytes >= 0)
        put(g, "memory_internal_free", "", "",
            (double)d->agent_free_bytes / 1024);
}

/* What Dom0's interface receives is what the guest sends. */
static void vm_net(struct rrd_gather *g, const struct net *n)
{
    if (!n->ifname)
        return;
    put_number(g, "vif_", n->id, "_rx", (double)n->tx_bytes);
    put_number(g, "vif_", n->id, "_tx", (double)n->rx_bytes);
    put_number(g, "vif_", n->id, "_rx_errors", (double)n->tx_errors);
    put_number(g, "vif_", n->id, "_tx_errors", (double)n->rx_errors);
}

static void vm_disk(struct rrd_gather *g, const struct vbd *v)
{
    double rd = (double)v->rd_sects * 512, wr = (double)v->wr_sects * 512;
    double rd_reqs = (double)v->rd_reqs, wr_reqs = (double)v->wr_reqs;
    if (!v->dev || !v->counted || v->error)
        return;
    put(g, "vbd_", v->dev, "_read", rd);
    put(g, "vbd_", v->dev, "_write", wr);
    put(g, "vbd_", v->dev, "_iops_read", rd_reqs);
    put(g, "vbd_", v->dev, "_iops_write", wr_reqs);
    put(g, "vbd_", v->dev, "_iops_total", rd_reqs + wr_reqs);
    put(g, "vbd_", v->dev, "_io_throughput_read", rd / MIB);
    put(g, "vbd_", v->dev, "_io_throughput_write", wr / MIB);
    put(g, "vbd_", v->dev, "_io_throughput_total", (rd + wr) / MIB);
}

static const struct record *
vm_of(struct rrd_gather *g, const struct snapshot *s, const struct domain *d)
{
    return d->id ? snapshot_find_uuid(s, CLASS_VM, d->uuid ? d->uuid : "")
                 : snapshot_find(s, CLASS_VM, g->x->dom0_ref);
}

/* Those of a paused guest say nothing of its work. */
static void read_vm(struct rrd_gather *g, const struct snapshot *s,
                    const struct domain *d)
{
    const struct record *vm = vm_of(g, s, d);
    if (!vm || d->dying || d->shutdown || d->crashed || d->paused)
        return;
    begin(g, RRD_VM, record_str(vm, F_VM_uuid));
    vm_cpus(g, d);
    vm_memory(g, d);
    for (guint i = 0; i < d->net.count; i++)
        vm_net(g, sample_net(g->now, d, i));
    for (guint i = 0; i < d->vbd.count; i++)
        vm_disk(g, sample_vbd(g->now, d, i));
}

/* ---- of the host
 * ------------------------------------------------------------------ */

/* Busy seconds: what is left of the time beside the idle ones. */
static void host_cpus(struct rrd_gather *g)
{
    const struct sample *s = g->now;
    double clock = (double)s->host.clock_us / 1e6, sum = 0;
    for (guint i = 0; i < s->pcpus->len; i++) {
        const struct pcpu *p = &g_array_index(s->pcpus, struct pcpu, i);
        double busy = clock - (double)p->idle_ns / 1e9;
        put_number(g, "cpu", p->id, "", busy);
        sum += busy;
    }
    if (s->pcpus->len)
        put(g, "cpu_avg", "", "", sum / s->pcpus->len);
}

static void host_domains(struct rrd_gather *g)
{
    const struct sample *s = g->now;
    double load = 0, domains = 0;
    for (guint i = 0; i < s->domains->len; i++)
        domains += !sample_domain(s, i)->paused;
    for (guint i = 0; i < s->vcpus->len; i++) {
        const struct vcpu *v = &g_array_index(s->vcpus, struct vcpu, i);
        load += v->online && !v->blocked;
    }
    put(g, "hostload", "", "",
        s->host.cpus ? load / (double)s->host.cpus : NAN);
    put(g, "running_domains", "", "", domains);
    put(g, "running_vcpus", "", "", load);
}

static void host_memory(struct rrd_gather *g, const struct snapshot *snap)
{
    const struct sample *s = g->now;
    double taken = 0, at_most = 0;
    for (guint i = 0; i < s->domains->len; i++) {
        const struct domain *d = sample_domain(s, i);
        const struct record *vm = d->id ? vm_of(g, snap, d) : NULL;
        if (!vm)
            continue;
        int64_t max = record_int(vm, F_VM_memory_dynamic_max);
        if (d->target_bytes >= 0)
            taken += (double)MAX(max - d->target_bytes, 0);
        at_most +=
            (double)MAX(max - record_int(vm, F_VM_memory_dynamic_min), 0);
    }
    put(g, "memory_total_kib", "", "", (double)s->host.total_bytes / 1024);
    put(g, "memory_free_kib", "", "", (double)s->host.free_bytes / 1024);
    put(g, "memory_reclaimed", "", "", taken);
    put(g, "memory_reclaimed_max", "", "", at_most);
}

static void host_nets(struct rrd_gather *g, const struct snapshot *snap)
{
    double rx = 0, tx = 0;
    g_autoptr(GArray) nets = rrd_own_nets();
    for (size_t i = 0; i < snapshot_count(snap, CLASS_PIF); i++) {
        const struct record *pif = snapshot_at(snap, CLASS_PIF, i);
        const char *device = record_str(pif, F_PIF_device);
        const struct proc_netdev *n = rrd_own_net_find(nets, device);
        if (!n || !record_bool(pif, F_PIF_physical))
            continue;
        put(g, "pif_", device, "_rx", (double)n->rx_bytes);
        put(g, "pif_", device, "_tx", (double)n->tx_bytes);
        put(g, "pif_", device, "_rx_errors", (double)n->rx_errors);
        put(g, "pif_", device, "_tx_errors", (double)n->tx_errors);
        rx += (double)n->rx_bytes;
        tx += (double)n->tx_bytes;
    }
    put(g, "pif_aggr_rx", "", "", rx);
    put(g, "pif_aggr_tx", "", "", tx);
}

static void host_self(struct rrd_gather *g, const struct snapshot *s)
{
    double load = NAN;
    if (getloadavg(&load, 1) == 1)
        put(g, "loadavg", "", "", load);
    put(g, "pool_session_count", "", "",
        (double)snapshot_count(s, CLASS_session));
    put(g, "pool_task_count", "", "", (double)snapshot_count(s, CLASS_task));
    put(g, "xapi_memory_usage_kib", "", "", rrd_own_memory_kib());
    put(g, "xapi_open_fds", "", "", rrd_own_files());
}

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
        const struct record *vm = vm_of(g, s, d);
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

static void host_storage(struct rrd_gather *g, const struct snapshot *s)
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
        put(g, "read_", id, "", f->rd_bytes);
        put(g, "write_", id, "", f->wr_bytes);
        put(g, "iops_read_", id, "", f->rd_reqs);
        put(g, "iops_write_", id, "", f->wr_reqs);
        put(g, "iops_total_", id, "", f->rd_reqs + f->wr_reqs);
        put(g, "io_throughput_read_", id, "", f->rd_bytes / MIB);
        put(g, "io_throughput_write_", id, "", f->wr_bytes / MIB);
        put(g, "io_throughput_total_", id, "",
            (f->rd_bytes + f->wr_bytes) / MIB);
    }
}

static void read_srs(struct rrd_gather *g, const struct snapshot *s)
{
    for (size_t i = 0; i < snapshot_count(s, CLASS_SR); i++) {
        const struct record *sr = snapshot_at(s, CLASS_SR, i);
        if (!is_plugged(s, sr))
            continue;
        begin(g, RRD_SR, record_str(sr, F_SR_uuid));
        put(g, "physical_size", "", "",
            (double)record_int(sr, F_SR_physical_size));
        put(g, "physical_utilisation", "", "",
            (double)record_int(sr, F_SR_physical_utilisation));
        put(g, "virtual_allocation", "", "",
            (double)record_int(sr, F_SR_virtual_allocation));
    }
}

static void read_host(struct rrd_gather *g, const struct snapshot *s)
{
    const struct record *host = snapshot_find(s, CLASS_host, g->x->host_ref);
    begin(g, RRD_HOST, host ? record_str(host, F_host_uuid) : "");
    if (g->seen) {
        host_cpus(g);
        host_memory(g, s);
        host_domains(g);
    }
    host_self(g, s);
    host_nets(g, s);
    host_storage(g, s);
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
    read_host(g, s);
    for (guint i = 0; g->seen && i < g->now->domains->len; i++)
        read_vm(g, s, sample_domain(g->now, i));
    read_srs(g, s);
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
