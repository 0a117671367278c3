/* The metrics of a sample (way C, last arrow): those of columns.def, then those
 * of metrics.def. Pure. */
#include "top/metrics.h"

#include <inttypes.h>

#include "base/prom.h"
#include "top/safe.h"

static const char *const types[] = {
    [METRIC_COUNTER] = "counter", [METRIC_GAUGE] = "gauge"
};

/* Prepared label lists: of each domain, and of each vcpu, interface, disk. */
struct labels {
    GPtrArray *domains, *vcpus, *nets, *vbds; /* char * */
};

static void safe_label(GString *labels, const char *name, const char *value)
{
    g_autoptr(GString) safe = g_string_new(NULL);
    safe_append(safe, value ? value : "");
    prom_label(labels, name, safe->str);
}

static char *domain_labels(const struct domain *d)
{
    GString *l = g_string_new(NULL);
    char id[24];
    g_snprintf(id, sizeof id, "%" PRIu64, d->id);
    safe_label(l, "name", d->name);
    safe_label(l, "uuid", d->uuid);
    prom_label(l, "domid", id);
    return g_string_free(l, FALSE);
}

static char *with_label(const char *labels, const char *name, const char *value)
{
    GString *l = g_string_new(labels);
    safe_label(l, name, value);
    return g_string_free(l, FALSE);
}

/* Where XenStore does not name a disk: by its number. */
static char *disk_labels(const char *of_domain, const struct vbd *b)
{
    char number[24];
    g_snprintf(number, sizeof number, "%" PRIu64, b->id);
    return with_label(of_domain, "device", b->dev ? b->dev : number);
}

static struct labels make_labels(const struct sample *s)
{
    struct labels l = { g_ptr_array_new_with_free_func(g_free),
                        g_ptr_array_new_with_free_func(g_free),
                        g_ptr_array_new_with_free_func(g_free),
                        g_ptr_array_new_with_free_func(g_free) };
    for (guint i = 0; i < s->domains->len; i++) {
        const struct domain *d = sample_domain(s, i);
        char *own = domain_labels(d);
        g_ptr_array_add(l.domains, own);
        for (guint k = 0; k < d->vcpu.count; k++) {
            char id[24];
            g_snprintf(id, sizeof id, "%" PRIu64, sample_vcpu(s, d, k)->id);
            g_ptr_array_add(l.vcpus, with_label(own, "vcpu", id));
        }
        for (guint k = 0; k < d->net.count; k++)
            g_ptr_array_add(
                l.nets, with_label(own, "device", sample_net(s, d, k)->ifname));
        for (guint k = 0; k < d->vbd.count; k++)
            g_ptr_array_add(l.vbds, disk_labels(own, sample_vbd(s, d, k)));
    }
    return l;
}

static void dispose_labels(struct labels *l)
{
    g_ptr_array_unref(l->domains);
    g_ptr_array_unref(l->vcpus);
    g_ptr_array_unref(l->nets);
    g_ptr_array_unref(l->vbds);
}

static void column_metric(GString *out, const struct column *c, GArray *rows,
                          const struct labels *l)
{
    prom_head(out, c->metric_name, types[c->metric], c->meaning);
    for (guint i = 0; i < rows->len; i++) {
        struct cell cell = c->get(&g_array_index(rows, struct row, i));
        const char *labels = l->domains->pdata[i];
        if (cell.kind == CELL_INT && c->unit == UNIT_NS)
            prom_ns(out, c->metric_name, labels, cell.n);
        else if (cell.kind == CELL_INT)
            prom_u64(out, c->metric_name, labels, cell.n);
        else if (cell.kind == CELL_REAL)
            prom_double(out, c->metric_name, labels, cell.x);
    }
}

/* One sample per state, 1 for those the domain is in: as state sets are shown
 * in Prometheus. */
static void states(GString *out, const struct sample *s, const struct labels *l)
{
    static const char *const names[6] = { "dying",   "shutdown", "blocked",
                                          "crashed", "paused",   "running" };
    const char *const metric = "xen_domain_state";
    prom_head(out, metric, "gauge", "1 for each state the domain is in.");
    for (guint i = 0; i < s->domains->len; i++) {
        char letters[7];
        column_state(sample_domain(s, i), letters);
        for (int k = 0; k < 6; k++) {
            g_autofree char *labels =
                with_label(l->domains->pdata[i], "state", names[k]);
            prom_u64(out, metric, labels, letters[k] != '-');
        }
    }
}

static void infos(GString *out, const struct sample *s, const struct labels *l)
{
    const char *const host = "xen_info", *const domain = "xen_domain_info";
    g_autoptr(GString) labels = g_string_new(NULL);
    safe_label(labels, "version", s->host.xen_version);
    safe_label(labels, "scheduler", s->host.scheduler);
    prom_head(out, host, "gauge", "Always 1; the labels tell about Xen.");
    prom_u64(out, host, labels->str, 1);
    prom_head(out, domain, "gauge",
              "Always 1; the labels tell about the "
              "domain.");
    for (guint i = 0; i < s->domains->len; i++) {
        const struct domain *d = sample_domain(s, i);
        char pool[24];
        g_snprintf(pool, sizeof pool, "%" PRIu64, d->cpupool);
        g_autofree char *kind =
            with_label(l->domains->pdata[i], "type", d->kind);
        g_autofree char *all = with_label(kind, "cpupool", pool);
        prom_u64(out, domain, all, 1);
    }
}

static void host_metrics(GString *out, const struct host *h)
{
#define M(type, name, value, meaning)                                          \
    prom_head(out, #name, #type, meaning);                                     \
    prom_u64(out, #name, "", (uint64_t)(value));
#define HOST_METRICS
#include "top/metrics.def"
#undef HOST_METRICS
#undef M
    if (h->dom0_steal_ns < 0)
        return;
    const char *const steal = "xen_dom0_steal_seconds_total";
    prom_head(out, steal, "counter",
              "Time in which a VCPU of Dom0 could run "
              "and another ran.");
    prom_ns(out, steal, "", (uint64_t)h->dom0_steal_ns);
}

static void pcpu_metrics(GString *out, const struct sample *s)
{
#define T(type, name, value, meaning)                                          \
    prom_head(out, #name, #type, meaning);                                     \
    for (guint i = 0; i < s->pcpus->len; i++) {                                \
        const struct pcpu *p = &g_array_index(s->pcpus, struct pcpu, i);       \
        char labels_[32];                                                      \
        g_snprintf(labels_, sizeof labels_, "cpu=\"%" PRIu64 "\"", p->id);     \
        prom_ns(out, #name, labels_, value);                                   \
    }
#define PCPU_METRICS
#include "top/metrics.def"
#undef PCPU_METRICS
#undef T
}

/* One metric of all elements of an array, `when` it is told. */
#define EACH(array, type_, var, list, when, show, type, name, value, meaning)  \
    prom_head(out, #name, #type, meaning);                                     \
    for (guint i = 0; i < (array)->len; i++) {                                 \
        const type_ *var = &g_array_index((array), type_, i);                  \
        if (when)                                                              \
            show(out, #name, (list)->pdata[i], value);                         \
    }

static void vcpu_metrics(GString *out, const struct sample *s,
                         const struct labels *l)
{
#define M(...)                                                                 \
    EACH(s->vcpus, struct vcpu, v, l->vcpus, true, prom_u64, __VA_ARGS__)
#define T(...)                                                                 \
    EACH(s->vcpus, struct vcpu, v, l->vcpus, true, prom_ns, __VA_ARGS__)
#define VCPU_METRICS
#include "top/metrics.def"
#undef VCPU_METRICS
#undef M
#undef T
}

static void net_metrics(GString *out, const struct sample *s,
                        const struct labels *l)
{
#define M(...)                                                                 \
    EACH(s->nets, struct net, n, l->nets, n->ifname, prom_u64, __VA_ARGS__)
#define NET_METRICS
#include "top/metrics.def"
#undef NET_METRICS
#undef M
}

static void vbd_metrics(GString *out, const struct sample *s,
                        const struct labels *l)
{
#define M(...)                                                                 \
    EACH(s->vbds, struct vbd, b, l->vbds, b->counted && !b->error, prom_u64,   \
         __VA_ARGS__)
#define VBD_METRICS
#include "top/metrics.def"
#undef VBD_METRICS
#undef M
}

void metrics_render(GString *out, const struct sample *s, GArray *rows)
{
    struct labels l = make_labels(s);
    infos(out, s, &l);
    host_metrics(out, &s->host);
    pcpu_metrics(out, s);
    for (int i = 0; i < COLUMN_COUNT; i++)
        if (columns[i].metric != METRIC_NO)
            column_metric(out, &columns[i], rows, &l);
    states(out, s, &l);
    vcpu_metrics(out, s, &l);
    net_metrics(out, s, &l);
    vbd_metrics(out, s, &l);
    dispose_labels(&l);
}
