/* The figures of the metrics records, as the last sample has them (way C into
 * the records of way B). */
#include "rrd/figures.h"

#include <string.h>

#include "rrd/gather_own.h"
#include "rrd/gather_parts.h"

/* Of one record; what its class does not have is 0. */
struct row {
    double read_kibs, write_kibs, used;
    int64_t memory;     /* bytes */
    guint first, count; /* in cpus */
};

struct cpu {
    uint64_t id, pcpu;
    double used; /* fraction */
};

struct table {
    GHashTable *rows; /* reference -> struct row */
    GArray *cpus;     /* struct cpu */
    int64_t time;     /* Unix seconds */
};

struct rrd_figures {
    struct model *model;
    GMutex lock;        /* guards shown */
    struct table shown; /* what readers see */
    struct table next;  /* filled by the sampling thread alone, as is: */
    GArray *nets;       /* struct proc_netdev, of the sample before */
    double nets_time;
};

/* ---- filling
 * -------------------------------------------------------------------- */

static struct row *row_add(struct table *t, const char *ref)
{
    struct row *r = g_new0(struct row, 1);
    g_hash_table_insert(t->rows, g_strdup(ref), r);
    return r;
}

/* The guest's view: what Dom0's interface receives, it has written. */
static void fill_vifs(struct table *t, const struct rrd_gather *g,
                      const struct snapshot *s, const struct record *vm,
                      const struct domain *d)
{
    for (size_t i = 0; i < record_count(vm, F_VM_VIFs); i++) {
        const struct record *vif =
            snapshot_find(s, CLASS_VIF, record_item(vm, F_VM_VIFs, i));
        for (guint k = 0; vif && k < d->net.count; k++) {
            char id[24];
            g_snprintf(id, sizeof id, "%" G_GUINT64_FORMAT,
                       sample_net(g->now, d, k)->id);
            if (strcmp(id, record_str(vif, F_VIF_device)))
                continue;
            const struct rate_net *n = rate_net(g->rates, d->net.first + k);
            struct row *r = row_add(t, record_str(vif, F_VIF_metrics));
            r->read_kibs = n->tx_bytes / 1024;
            r->write_kibs = n->rx_bytes / 1024;
        }
    }
}

static void fill_vbds(struct table *t, const struct rrd_gather *g,
                      const struct snapshot *s, const struct record *vm,
                      const struct domain *d)
{
    for (size_t i = 0; i < record_count(vm, F_VM_VBDs); i++) {
        const struct record *vbd =
            snapshot_find(s, CLASS_VBD, record_item(vm, F_VM_VBDs, i));
        for (guint k = 0; vbd && k < d->vbd.count; k++) {
            const char *dev = sample_vbd(g->now, d, k)->dev;
            if (!dev || strcmp(dev, record_str(vbd, F_VBD_device)))
                continue;
            const struct rate_vbd *v = rate_vbd(g->rates, d->vbd.first + k);
            struct row *r = row_add(t, record_str(vbd, F_VBD_metrics));
            r->read_kibs = v->rd_bytes / 1024;
            r->write_kibs = v->wr_bytes / 1024;
        }
    }
}

static void fill_vm(struct table *t, const struct rrd_gather *g,
                    const struct snapshot *s, const struct domain *d)
{
    const struct record *vm = rrd_gather_vm_of(g, s, d);
    if (!vm || d->dying || d->shutdown || d->crashed)
        return;
    struct row *r = row_add(t, record_str(vm, F_VM_metrics));
    r->memory = (int64_t)d->memory_bytes;
    r->first = t->cpus->len;
    r->count = d->vcpu.count;
    for (guint i = 0; i < d->vcpu.count; i++) {
        const struct vcpu *v = sample_vcpu(g->now, d, i);
        struct cpu c = { v->id, v->pcpu,
                         rate_vcpu(g->rates, d->vcpu.first + i) / 100 };
        g_array_append_val(t->cpus, c);
    }
    fill_vifs(t, g, s, vm, d);
    fill_vbds(t, g, s, vm, d);
}

double rrd_figures_rate(uint64_t before, uint64_t now, double seconds)
{
    return seconds > 0 && now > before ? (double)(now - before) / 1024 / seconds
                                       : 0;
}

/* A card's, VLAN's or bond's link; Open vSwitch has no link for a VLAN but its
 * bridge. */
static const struct proc_netdev *
link_of(const GArray *nets, const struct snapshot *s, const struct record *pif)
{
    const char *device = record_str(pif, F_PIF_device);
    int64_t tag = record_int(pif, F_PIF_VLAN);
    if (tag < 0)
        return rrd_own_net_find(nets, device);
    g_autofree char *name =
        g_strdup_printf("%s.%" G_GINT64_FORMAT, device, tag);
    const struct proc_netdev *n = rrd_own_net_find(nets, name);
    const struct record *net =
        snapshot_find(s, CLASS_network, record_str(pif, F_PIF_network));
    return n || !net
               ? n
               : rrd_own_net_find(nets, record_str(net, F_network_bridge));
}

static void fill_pifs(struct rrd_figures *f, const struct snapshot *s,
                      double time)
{
    GArray *nets = rrd_own_nets();
    double seconds = f->nets ? time - f->nets_time : 0;
    for (size_t i = 0; i < snapshot_count(s, CLASS_PIF); i++) {
        const struct record *pif = snapshot_at(s, CLASS_PIF, i);
        const struct proc_netdev *now = link_of(nets, s, pif);
        const struct proc_netdev *was =
            now && f->nets ? rrd_own_net_find(f->nets, now->name) : NULL;
        if (!now)
            continue;
        struct row *r = row_add(&f->next, record_str(pif, F_PIF_metrics));
        if (!was)
            continue;
        r->read_kibs = rrd_figures_rate(was->rx_bytes, now->rx_bytes, seconds);
        r->write_kibs = rrd_figures_rate(was->tx_bytes, now->tx_bytes, seconds);
    }
    g_clear_pointer(&f->nets, g_array_unref);
    f->nets = nets;
    f->nets_time = time;
}

static void fill_host(struct table *t, const struct rrd_gather *g,
                      const struct snapshot *s)
{
    const struct record *host = snapshot_find(s, CLASS_host, g->x->host_ref);
    if (host)
        row_add(t, record_str(host, F_host_metrics))->memory =
            (int64_t)g->now->host.free_bytes;
    for (size_t i = 0; i < snapshot_count(s, CLASS_host_cpu); i++) {
        const struct record *c = snapshot_at(s, CLASS_host_cpu, i);
        for (guint k = 0; k < g->now->pcpus->len; k++)
            if ((int64_t)g_array_index(g->now->pcpus, struct pcpu, k).id ==
                record_int(c, F_host_cpu_number))
                row_add(t, record_ref(c))->used = rate_pcpu(g->rates, k) / 100;
    }
}

void rrd_figures_fill(struct rrd_figures *f, const struct rrd_gather *g)
{
    SNAPSHOT_AUTO *s = store_read(g->x->store);
    struct table *t = &f->next;
    g_hash_table_remove_all(t->rows);
    g_array_set_size(t->cpus, 0);
    t->time = (int64_t)g->time;
    fill_pifs(f, s, g->time);
    if (g->seen)
        fill_host(t, g, s);
    for (guint i = 0; g->seen && i < g->now->domains->len; i++)
        fill_vm(t, g, s, sample_domain(g->now, i));
    g_mutex_lock(&f->lock);
    struct table old = f->shown;
    f->shown = f->next;
    f->next = old;
    g_mutex_unlock(&f->lock);
}

/* ---- showing
 * -------------------------------------------------------------------- */

static void show_read(const struct table *t, const struct row *r,
                      const struct emitter *e, void *user)
{
    (void)t;
    e->number(user, r->read_kibs);
}

static void show_write(const struct table *t, const struct row *r,
                       const struct emitter *e, void *user)
{
    (void)t;
    e->number(user, r->write_kibs);
}

static void show_used(const struct table *t, const struct row *r,
                      const struct emitter *e, void *user)
{
    (void)t;
    e->number(user, r->used);
}

static void show_memory(const struct table *t, const struct row *r,
                        const struct emitter *e, void *user)
{
    (void)t;
    e->integer(user, r->memory);
}

static void show_time(const struct table *t, const struct row *r,
                      const struct emitter *e, void *user)
{
    char text[32];
    (void)r;
    datetime_format(text, t->time);
    e->datetime(user, text, strlen(text));
}

static void show_cpus(const struct table *t, const struct row *r,
                      const struct emitter *e, void *user, bool where)
{
    e->object_begin(user);
    for (guint i = r->first; i < r->first + r->count; i++) {
        const struct cpu *c = &g_array_index(t->cpus, struct cpu, i);
        char id[24];
        g_snprintf(id, sizeof id, "%" G_GUINT64_FORMAT, c->id);
        e->key(user, id, strlen(id));
        if (where)
            e->integer(user, (int64_t)c->pcpu);
        else
            e->number(user, c->used);
    }
    e->object_end(user);
}

static void show_use(const struct table *t, const struct row *r,
                     const struct emitter *e, void *user)
{
    show_cpus(t, r, e, user, false);
}

static void show_place(const struct table *t, const struct row *r,
                       const struct emitter *e, void *user)
{
    show_cpus(t, r, e, user, true);
}

static const struct {
    enum field_id field;
    void (*show)(const struct table *t, const struct row *r,
                 const struct emitter *e, void *user);
} shows[] = {
    { F_VM_metrics_memory_actual, show_memory },
    { F_VM_metrics_VCPUs_utilisation, show_use },
    { F_VM_metrics_VCPUs_CPU, show_place },
    { F_VM_metrics_last_updated, show_time },
    { F_VIF_metrics_io_read_kbs, show_read },
    { F_VIF_metrics_io_write_kbs, show_write },
    { F_VIF_metrics_last_updated, show_time },
    { F_VBD_metrics_io_read_kbs, show_read },
    { F_VBD_metrics_io_write_kbs, show_write },
    { F_VBD_metrics_last_updated, show_time },
    { F_PIF_metrics_io_read_kbs, show_read },
    { F_PIF_metrics_io_write_kbs, show_write },
    { F_PIF_metrics_last_updated, show_time },
    { F_host_metrics_memory_free, show_memory },
    { F_host_metrics_last_updated, show_time },
    { F_host_cpu_utilisation, show_used },
};

/* A guest that has just ended has no memory, whatever the sample before says:
 * its record knows first. */
static bool is_over(const struct record *r, const struct field *f)
{
    return f->class->id == CLASS_VM_metrics &&
           !record_int(r, F_VM_metrics_VCPUs_number);
}

static bool show(void *user, const struct record *r, const struct field *f,
                 const struct emitter *e, void *e_user)
{
    struct rrd_figures *all = user;
    bool shown = false;
    g_mutex_lock(&all->lock);
    const struct row *row = g_hash_table_lookup(all->shown.rows, record_ref(r));
    for (size_t i = 0; row && !is_over(r, f) && i < G_N_ELEMENTS(shows); i++)
        if (shows[i].field == f->id) {
            shows[i].show(&all->shown, row, e, e_user);
            shown = true;
        }
    g_mutex_unlock(&all->lock);
    return shown;
}

/* ---- life
 * ------------------------------------------------------------------------ */

static void table_init(struct table *t)
{
    t->rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    t->cpus = g_array_new(FALSE, FALSE, sizeof(struct cpu));
}

static void table_dispose(struct table *t)
{
    g_hash_table_destroy(t->rows);
    g_array_unref(t->cpus);
}

struct rrd_figures *rrd_figures_open(struct model *m)
{
    struct rrd_figures *f = g_new0(struct rrd_figures, 1);
    f->model = m;
    g_mutex_init(&f->lock);
    table_init(&f->shown);
    table_init(&f->next);
    model_live(m, show, f);
    return f;
}

void rrd_figures_close(struct rrd_figures *f)
{
    if (!f)
        return;
    model_live(f->model, NULL, NULL);
    table_dispose(&f->shown);
    table_dispose(&f->next);
    g_clear_pointer(&f->nets, g_array_unref);
    g_mutex_clear(&f->lock);
    g_free(f);
}
