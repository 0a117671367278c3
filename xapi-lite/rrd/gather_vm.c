/* Readings of the guests (way C into the archives beside way B). */
#include <math.h>

#include "rrd/gather_parts.h"

/* ---- of a VM
 * ---------------------------------------------------------------------- */

static void vm_cpus(struct rrd_gather *g, const struct domain *d)
{
    double seconds = (double)d->cpu_ns / 1e9;
    rrd_put(g, "cpu_usage", "", "",
            d->vcpus_online ? seconds / (double)d->vcpus_online : NAN);
    for (guint i = 0; i < d->vcpu.count; i++) {
        const struct vcpu *v = sample_vcpu(g->now, d, i);
        rrd_put_number(g, "cpu", v->id, "", (double)v->cpu_ns / 1e9);
    }
    rrd_put(g, "cpu_time", "", "", seconds);
    rrd_put(g, "vcpus", "", "", (double)d->vcpus_online);
}

static void vm_memory(struct rrd_gather *g, const struct domain *d)
{
    rrd_put(g, "memory", "", "", (double)d->memory_bytes);
    if (d->target_bytes >= 0)
        rrd_put(g, "memory_target", "", "", (double)d->target_bytes);
    if (d->agent_free_bytes >= 0)
        rrd_put(g, "memory_internal_free", "", "",
                (double)d->agent_free_bytes / 1024);
}

/* What Dom0's interface receives is what the guest sends. */
static void vm_net(struct rrd_gather *g, const struct net *n)
{
    if (!n->ifname)
        return;
    rrd_put_number(g, "vif_", n->id, "_rx", (double)n->tx_bytes);
    rrd_put_number(g, "vif_", n->id, "_tx", (double)n->rx_bytes);
    rrd_put_number(g, "vif_", n->id, "_rx_errors", (double)n->tx_errors);
    rrd_put_number(g, "vif_", n->id, "_tx_errors", (double)n->rx_errors);
}

static void vm_disk(struct rrd_gather *g, const struct vbd *v)
{
    double rd = (double)v->rd_sects * 512, wr = (double)v->wr_sects * 512;
    double rd_reqs = (double)v->rd_reqs, wr_reqs = (double)v->wr_reqs;
    if (!v->dev || !v->counted || v->error)
        return;
    rrd_put(g, "vbd_", v->dev, "_read", rd);
    rrd_put(g, "vbd_", v->dev, "_write", wr);
    rrd_put(g, "vbd_", v->dev, "_iops_read", rd_reqs);
    rrd_put(g, "vbd_", v->dev, "_iops_write", wr_reqs);
    rrd_put(g, "vbd_", v->dev, "_iops_total", rd_reqs + wr_reqs);
    rrd_put(g, "vbd_", v->dev, "_io_throughput_read", rd / MIB);
    rrd_put(g, "vbd_", v->dev, "_io_throughput_write", wr / MIB);
    rrd_put(g, "vbd_", v->dev, "_io_throughput_total", (rd + wr) / MIB);
}

const struct record *rrd_gather_vm_of(const struct rrd_gather *g,
                                      const struct snapshot *s,
                                      const struct domain *d)
{
    return d->id ? snapshot_find_uuid(s, CLASS_VM, d->uuid ? d->uuid : "")
                 : snapshot_find(s, CLASS_VM, g->x->dom0_ref);
}

/* Those of a paused guest say nothing of its work. */
void rrd_gather_vm(struct rrd_gather *g, const struct snapshot *s,
                   const struct domain *d)
{
    const struct record *vm = rrd_gather_vm_of(g, s, d);
    if (!vm || d->dying || d->shutdown || d->crashed || d->paused)
        return;
    rrd_put_begin(g, RRD_VM, record_str(vm, F_VM_uuid));
    vm_cpus(g, d);
    vm_memory(g, d);
    for (guint i = 0; i < d->net.count; i++)
        vm_net(g, sample_net(g->now, d, i));
    for (guint i = 0; i < d->vbd.count; i++)
        vm_disk(g, sample_vbd(g->now, d, i));
}
