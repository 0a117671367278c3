/* Readings of the host (way C into the archives beside way B). */
#include <math.h>
#include <stdlib.h>

#include "rrd/gather_own.h"
#include "rrd/gather_parts.h"

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
        rrd_put_number(g, "cpu", p->id, "", busy);
        sum += busy;
    }
    if (s->pcpus->len)
        rrd_put(g, "cpu_avg", "", "", sum / s->pcpus->len);
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
    rrd_put(g, "hostload", "", "",
            s->host.cpus ? load / (double)s->host.cpus : NAN);
    rrd_put(g, "running_domains", "", "", domains);
    rrd_put(g, "running_vcpus", "", "", load);
}

static void host_memory(struct rrd_gather *g, const struct snapshot *snap)
{
    const struct sample *s = g->now;
    double taken = 0, at_most = 0;
    for (guint i = 0; i < s->domains->len; i++) {
        const struct domain *d = sample_domain(s, i);
        const struct record *vm = d->id ? rrd_gather_vm_of(g, snap, d) : NULL;
        if (!vm)
            continue;
        int64_t max = record_int(vm, F_VM_memory_dynamic_max);
        if (d->target_bytes >= 0)
            taken += (double)MAX(max - d->target_bytes, 0);
        at_most +=
            (double)MAX(max - record_int(vm, F_VM_memory_dynamic_min), 0);
    }
    rrd_put(g, "memory_total_kib", "", "", (double)s->host.total_bytes / 1024);
    rrd_put(g, "memory_free_kib", "", "", (double)s->host.free_bytes / 1024);
    rrd_put(g, "memory_reclaimed", "", "", taken);
    rrd_put(g, "memory_reclaimed_max", "", "", at_most);
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
        rrd_put(g, "pif_", device, "_rx", (double)n->rx_bytes);
        rrd_put(g, "pif_", device, "_tx", (double)n->tx_bytes);
        rrd_put(g, "pif_", device, "_rx_errors", (double)n->rx_errors);
        rrd_put(g, "pif_", device, "_tx_errors", (double)n->tx_errors);
        rx += (double)n->rx_bytes;
        tx += (double)n->tx_bytes;
    }
    rrd_put(g, "pif_aggr_rx", "", "", rx);
    rrd_put(g, "pif_aggr_tx", "", "", tx);
}

static void host_self(struct rrd_gather *g, const struct snapshot *s)
{
    double load = NAN;
    if (getloadavg(&load, 1) == 1)
        rrd_put(g, "loadavg", "", "", load);
    rrd_put(g, "pool_session_count", "", "",
            (double)snapshot_count(s, CLASS_session));
    rrd_put(g, "pool_task_count", "", "",
            (double)snapshot_count(s, CLASS_task));
    rrd_put(g, "xapi_memory_usage_kib", "", "", rrd_own_memory_kib());
    rrd_put(g, "xapi_open_fds", "", "", rrd_own_files());
}

void rrd_gather_host(struct rrd_gather *g, const struct snapshot *s)
{
    const struct record *host = snapshot_find(s, CLASS_host, g->x->host_ref);
    rrd_put_begin(g, RRD_HOST, host ? record_str(host, F_host_uuid) : "");
    if (g->seen) {
        host_cpus(g);
        host_memory(g, s);
        host_domains(g);
    }
    host_self(g, s);
    host_nets(g, s);
    rrd_gather_storage(g, s);
}
