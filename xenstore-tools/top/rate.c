/* Two samples make rates (way C, second arrow). Pure. */
#include "top/rate.h"

enum { SECTOR = 512 };

struct rates *rate_new(void)
{
    struct rates *r = g_new0(struct rates, 1);
    r->domains = g_array_new(FALSE, TRUE, sizeof(struct rate_domain));
    r->vcpus = g_array_new(FALSE, TRUE, sizeof(double));
    r->nets = g_array_new(FALSE, TRUE, sizeof(struct rate_net));
    r->vbds = g_array_new(FALSE, TRUE, sizeof(struct rate_vbd));
    r->pcpus = g_array_new(FALSE, TRUE, sizeof(double));
    return r;
}

void rate_free(struct rates *r)
{
    if (!r)
        return;
    g_array_free(r->domains, TRUE);
    g_array_free(r->vcpus, TRUE);
    g_array_free(r->nets, TRUE);
    g_array_free(r->vbds, TRUE);
    g_array_free(r->pcpus, TRUE);
    g_free(r);
}

/* The two samples and the time between them. */
struct pair {
    const struct sample *before, *now;
    struct rates *out;
    double us;
};

static double grown(uint64_t before, uint64_t now)
{
    return now > before ? (double)(now - before) : 0;
}

static double per_second(const struct pair *p, uint64_t before, uint64_t now)
{
    return grown(before, now) * 1e6 / p->us;
}

/* ns of CPU time in us of wall time, as percent. */
static double percent(const struct pair *p, uint64_t before, uint64_t now)
{
    return grown(before, now) / 10.0 / p->us;
}

static void vcpus(const struct pair *p, const struct domain *old,
                  const struct domain *new)
{
    for (guint i = 0; i < new->vcpu.count &&i < old->vcpu.count; i++) {
        const struct vcpu *a = sample_vcpu(p->before, old, i);
        const struct vcpu *b = sample_vcpu(p->now, new, i);
        if (a->id == b->id)
            g_array_index(p->out->vcpus, double, new->vcpu.first + i) =
                percent(p, a->cpu_ns, b->cpu_ns);
    }
}

/* The same device in the earlier sample: mostly at the same place. */
static const struct net *old_net(const struct pair *p, const struct domain *old,
                                 const struct net *b, guint guess)
{
    for (guint k = 0; k < old->net.count; k++) {
        guint at = (guess + k) % old->net.count;
        const struct net *a = sample_net(p->before, old, at);
        if (a->id == b->id && !g_strcmp0(a->ifname, b->ifname))
            return a;
    }
    return NULL;
}

static void nets(const struct pair *p, const struct domain *old,
                 const struct domain *new, struct rate_net *sum)
{
    for (guint i = 0; i < new->net.count; i++) {
        const struct net *b = sample_net(p->now, new, i);
        const struct net *a = old_net(p, old, b, i);
        if (!a)
            continue;
        struct rate_net *r = rate_net(p->out, new->net.first + i);
        r->rx_bytes = per_second(p, a->rx_bytes, b->rx_bytes);
        r->tx_bytes = per_second(p, a->tx_bytes, b->tx_bytes);
        r->rx_packets = per_second(p, a->rx_packets, b->rx_packets);
        r->tx_packets = per_second(p, a->tx_packets, b->tx_packets);
        sum->rx_bytes += r->rx_bytes;
        sum->tx_bytes += r->tx_bytes;
        sum->rx_packets += r->rx_packets;
        sum->tx_packets += r->tx_packets;
    }
}

static const struct vbd *old_vbd(const struct pair *p, const struct domain *old,
                                 const struct vbd *b, guint guess)
{
    for (guint k = 0; k < old->vbd.count; k++) {
        guint at = (guess + k) % old->vbd.count;
        const struct vbd *a = sample_vbd(p->before, old, at);
        if (a->id == b->id && a->kind == b->kind)
            return a;
    }
    return NULL;
}

static void vbds(const struct pair *p, const struct domain *old,
                 const struct domain *new, struct rate_vbd *sum)
{
    for (guint i = 0; i < new->vbd.count; i++) {
        const struct vbd *b = sample_vbd(p->now, new, i);
        const struct vbd *a = old_vbd(p, old, b, i);
        if (!a || a->error || b->error)
            continue;
        struct rate_vbd *r = rate_vbd(p->out, new->vbd.first + i);
        r->rd_bytes = SECTOR * per_second(p, a->rd_sects, b->rd_sects);
        r->wr_bytes = SECTOR * per_second(p, a->wr_sects, b->wr_sects);
        r->rd_reqs = per_second(p, a->rd_reqs, b->rd_reqs);
        r->wr_reqs = per_second(p, a->wr_reqs, b->wr_reqs);
        sum->rd_bytes += r->rd_bytes;
        sum->wr_bytes += r->wr_bytes;
        sum->rd_reqs += r->rd_reqs;
        sum->wr_reqs += r->wr_reqs;
    }
}

/* A domid may be used again for another guest; the uuid tells. */
static bool same(const struct domain *a, const struct domain *b)
{
    return a->id == b->id &&
           (!a->uuid || !b->uuid || g_str_equal(a->uuid, b->uuid));
}

static void domains(const struct pair *p)
{
    guint k = 0;
    for (guint i = 0; i < p->now->domains->len; i++) {
        const struct domain *new = sample_domain(p->now, i);
        while (k < p->before->domains->len &&
               sample_domain(p->before, k)->id < new->id)
            k++;
        if (k == p->before->domains->len)
            return;
        const struct domain *old = sample_domain(p->before, k);
        if (!same(old, new))
            continue;
        struct rate_domain *r = rate_domain(p->out, i);
        r->cpu = percent(p, old->cpu_ns, new->cpu_ns);
        vcpus(p, old, new);
        nets(p, old, new, &r->net);
        vbds(p, old, new, &r->vbd);
    }
}

static void host(const struct pair *p)
{
    double sum = 0;
    guint n = MIN(p->now->pcpus->len, p->before->pcpus->len), known = 0;
    for (guint i = 0; i < n; i++) {
        const struct pcpu *a = &g_array_index(p->before->pcpus, struct pcpu, i);
        const struct pcpu *b = &g_array_index(p->now->pcpus, struct pcpu, i);
        if (a->id != b->id)
            continue;
        double used = 100 - percent(p, a->idle_ns, b->idle_ns);
        used = CLAMP(used, 0, 100);
        g_array_index(p->out->pcpus, double, i) = used;
        sum += used;
        known++;
    }
    p->out->host_cpu = known ? sum / known : 0;
    int64_t a = p->before->host.dom0_steal_ns, b = p->now->host.dom0_steal_ns;
    if (a >= 0 && b >= 0)
        p->out->dom0_steal = percent(p, (uint64_t)a, (uint64_t)b);
}

/* g_array_set_size clears only what it adds. */
static void zero(GArray *array, guint len)
{
    g_array_set_size(array, 0);
    g_array_set_size(array, len);
}

void rate_fill(struct rates *r, const struct sample *before,
               const struct sample *now)
{
    zero(r->domains, now->domains->len);
    zero(r->vcpus, now->vcpus->len);
    zero(r->nets, now->nets->len);
    zero(r->vbds, now->vbds->len);
    zero(r->pcpus, now->pcpus->len);
    r->seconds = 0;
    r->host_cpu = 0;
    r->dom0_steal = -1;
    if (!before || now->host.clock_us <= before->host.clock_us)
        return;
    struct pair p = { before, now, r,
                      (double)(now->host.clock_us - before->host.clock_us) };
    r->seconds = p.us / 1e6;
    host(&p);
    domains(&p);
}
