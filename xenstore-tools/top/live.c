/* Takes one sample of the host (way C, first arrow): the hypervisor's numbers
 * first, then what XenStore, Dom0's kernel and QEMU add to each domain. */
#include "top/live.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <xenctrl.h>

#include "top/counters.h"
#include "top/qmp.h"
#include "top/store.h"

enum { PATIENCE_MS = 3000 };
enum { ROOM_FOR_NEW = 16, DOMAINS_FIRST = 64, QMP_MS = 500 };

struct live {
    unsigned want;
    xentoollog_logger quiet; /* libxc's own words are for developers */
    xc_interface *xc;
    GArray *info; /* xc_domaininfo_t */
    GArray *live; /* struct store_live, beside info */
    GArray *nets; /* struct owned_net of this sample */
    GArray *vbds; /* struct owned_vbd of this sample */
    xc_cpuinfo_t *cpus;
    int cpus_max;
    struct counters *counters;
    struct store *store;
    char *version, *hostname;
    const char *scheduler;
};

static void silent_message(xentoollog_logger *logger, xentoollog_level level,
                           int errnoval, const char *context,
                           const char *format, va_list al)
{
    (void)logger, (void)level, (void)errnoval;
    (void)context, (void)format, (void)al;
}

static void silent_progress(xentoollog_logger *logger, const char *context,
                            const char *doing, int percent, unsigned long done,
                            unsigned long total)
{
    (void)logger, (void)context, (void)doing;
    (void)percent, (void)done, (void)total;
}

static void silent_destroy(xentoollog_logger *logger)
{
    (void)logger;
}

static int no_hypervisor(struct err *err)
{
    const char *const path = "/dev/xen/privcmd";
    if (access(path, F_OK) && access("/proc/xen/privcmd", F_OK)) {
        err_set(err, ERR_NOXEN, "cannot reach the hypervisor: there is no %s",
                path);
        return err_hint(err, "Is this Dom0 of a Xen host, and is the kernel "
                             "module xen-privcmd loaded?");
    }
    if (access(path, R_OK | W_OK) && (errno == EACCES || errno == EPERM)) {
        err_set(err, ERR_PERM, "not allowed to open %s", path);
        return err_hint(err, "Only root may ask the hypervisor; try sudo.");
    }
    err_set(err, ERR_NOXEN, "cannot reach the hypervisor through %s", path);
    return err_hint(err, "Is this a Xen host's Dom0?");
}

/* Xen's numbers for its schedulers: public/domctl.h, XEN_SCHEDULER_*. */
static const char *scheduler_name(xc_interface *xc)
{
    static const char *const names[] = {
        [4] = "sedf",     [5] = "credit", [6] = "credit2",
        [7] = "arinc653", [8] = "rtds",   [9] = "null"
    };
    int id;
    if (xc_sched_id(xc, &id) || id < 0 || id >= (int)G_N_ELEMENTS(names))
        return NULL;
    return names[id];
}

static void ask_once(struct live *l)
{
    xen_extraversion_t extra = "";
    int version = xc_version(l->xc, XENVER_version, NULL);
    xc_version(l->xc, XENVER_extraversion, extra);
    if (version >= 0)
        l->version =
            g_strdup_printf("%d.%d%.*s", version >> 16, version & 0xffff,
                            (int)sizeof extra, extra);
    l->scheduler = scheduler_name(l->xc);
    char name[256];
    if (!gethostname(name, sizeof name))
        l->hostname = g_strndup(name, sizeof name);
    if (l->want & LIVE_PCPUS) {
        l->cpus_max = xc_get_max_cpus(l->xc);
        l->cpus = g_new0(xc_cpuinfo_t, (gsize)MAX(l->cpus_max, 1));
    }
}

struct live *live_open(unsigned want, struct err *err)
{
    struct live *l = g_new0(struct live, 1);
    l->want = want;
    l->quiet =
        (xentoollog_logger){ silent_message, silent_progress, silent_destroy };
    l->info = g_array_new(FALSE, FALSE, sizeof(xc_domaininfo_t));
    l->live = g_array_new(FALSE, FALSE, sizeof(struct store_live));
    l->nets = g_array_new(FALSE, FALSE, sizeof(struct owned_net));
    l->vbds = g_array_new(FALSE, FALSE, sizeof(struct owned_vbd));
    l->xc = xc_interface_open(&l->quiet, &l->quiet, 0);
    if (!l->xc) {
        no_hypervisor(err);
        live_close(l);
        return NULL;
    }
    ask_once(l);
    l->counters = counters_open("");
    l->store = top_store_open((want & LIVE_DETAIL ? STORE_DETAIL : 0) |
                              (want & LIVE_WATCH ? STORE_WATCH : 0));
    return l;
}

void live_close(struct live *l)
{
    if (!l)
        return;
    top_store_close(l->store);
    counters_close(l->counters);
    if (l->xc)
        xc_interface_close(l->xc);
    g_array_unref(l->info);
    g_array_unref(l->live);
    g_array_unref(l->nets);
    g_array_unref(l->vbds);
    g_free(l->cpus);
    g_free(l->version);
    g_free(l->hostname);
    g_free(l);
}

static int64_t clock_ns(clockid_t which)
{
    struct timespec t;
    clock_gettime(which, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int take_host(struct live *l, struct sample *s, struct err *err)
{
    xc_physinfo_t p = { 0 };
    struct host *h = &s->host;
    if (xc_physinfo(l->xc, &p))
        return err_errno(err, ERR_NOXEN, errno,
                         "the hypervisor does not tell "
                         "about its host");
    h->time_ns = clock_ns(CLOCK_REALTIME);
    h->clock_us = clock_ns(CLOCK_MONOTONIC) / 1000;
    h->hostname = sample_text(s, l->hostname);
    h->xen_version = sample_text(s, l->version);
    h->scheduler = l->scheduler;
    h->cpus = p.nr_cpus;
    h->cpu_khz = p.cpu_khz;
    h->nodes = p.nr_nodes;
    h->cores_per_socket = p.cores_per_socket;
    h->threads_per_core = p.threads_per_core;
    h->total_bytes = p.total_pages * XC_PAGE_SIZE;
    h->free_bytes = p.free_pages * XC_PAGE_SIZE;
    h->scrub_bytes = p.scrub_pages * XC_PAGE_SIZE;
    h->outstanding_bytes = p.outstanding_pages * XC_PAGE_SIZE;
    return 0;
}

static void take_pcpus(struct live *l, struct sample *s)
{
    int n = 0;
    if (!l->cpus || xc_getcpuinfo(l->xc, l->cpus_max, l->cpus, &n))
        return;
    for (int i = 0; i < n; i++) {
        struct pcpu *p = sample_add_pcpu(s);
        p->id = (uint64_t)i;
        p->idle_ns = l->cpus[i].idletime;
    }
    s->host.dom0_steal_ns = counters_dom0_steal(l->counters);
}

/* All domains in as few calls as there is room for; the room follows their
 * number, because each call copies all of it. */
static int list_domains(struct live *l, struct err *err)
{
    guint had = 0, room = MAX(l->info->len + ROOM_FOR_NEW, DOMAINS_FIRST);
    for (;;) {
        g_array_set_size(l->info, had + room);
        xc_domaininfo_t *into = &g_array_index(l->info, xc_domaininfo_t, had);
        uint32_t first = had ? into[-1].domain + 1u : 0;
        int n = xc_domain_getinfolist(l->xc, first, room, into);
        if (n < 0) {
            g_array_set_size(l->info, had);
            return err_errno(err, ERR_NOXEN, errno,
                             "the hypervisor does not list its domains");
        }
        had += (guint)n;
        g_array_set_size(l->info, had);
        if ((guint)n < room)
            return 0;
        room = MAX(room, 256);
    }
}

static const char *kind(const xc_domaininfo_t *i)
{
    if (!(i->flags & XEN_DOMINF_hvm_guest))
        return "pv";
#if defined(__i386__) || defined(__x86_64__)
    /* A PVH guest gets no emulated device but the local APIC. */
    return i->arch_config.emulation_flags & ~(uint32_t)XEN_X86_EMU_LAPIC
               ? "hvm"
               : "pvh";
#else
    return "pvh";
#endif
}

static void format_uuid(const xen_domain_handle_t h, char out[37])
{
    char *p = out;
    for (int i = 0; i < 16; i++)
        p += g_snprintf(p, 4, "%s%02x",
                        i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", h[i]);
}

static uint64_t limit_bytes(uint64_t pages)
{
    if (pages == UINT32_MAX || pages > UINT64_MAX / XC_PAGE_SIZE)
        return UINT64_MAX;
    return pages * XC_PAGE_SIZE;
}

static void take_domain(struct sample *s, const xc_domaininfo_t *i,
                        const char *uuid)
{
    struct domain *d = sample_add_domain(s, i->domain);
    unsigned reason =
        i->flags >> XEN_DOMINF_shutdownshift & XEN_DOMINF_shutdownmask;
    bool shutdown = i->flags & XEN_DOMINF_shutdown;
    d->uuid = sample_text(s, uuid);
    d->kind = kind(i);
    d->dying = i->flags & XEN_DOMINF_dying;
    d->crashed = shutdown && reason == SHUTDOWN_crash;
    d->shutdown = shutdown && reason != SHUTDOWN_crash;
    d->paused = i->flags & XEN_DOMINF_paused;
    d->blocked = i->flags & XEN_DOMINF_blocked;
    d->running = i->flags & XEN_DOMINF_running;
    d->cpu_ns = i->cpu_time;
    d->memory_bytes = i->tot_pages * XC_PAGE_SIZE;
    d->max_bytes = limit_bytes(i->max_pages);
    d->outstanding_bytes = i->outstanding_pages * XC_PAGE_SIZE;
    d->shared_bytes = i->shr_pages * XC_PAGE_SIZE;
    d->paged_bytes = i->paged_pages * XC_PAGE_SIZE;
    d->vcpus_max =
        i->max_vcpu_id == XEN_INVALID_MAX_VCPU_ID ? 0 : i->max_vcpu_id + 1u;
    d->vcpus_online = i->nr_online_vcpus;
    d->ssid = i->ssidref;
    d->cpupool = i->cpupool;
}

/* One vcpu's time and state are the domain's own: no need to ask. */
static void take_only_vcpu(struct sample *s, const struct domain *d)
{
    struct vcpu *v = sample_add_vcpu(s);
    v->online = d->vcpus_online;
    v->running = d->running;
    v->blocked = d->blocked;
    v->cpu_ns = d->cpu_ns;
}

static void take_vcpus(struct live *l, struct sample *s, struct domain *d)
{
    d->vcpu.first = s->vcpus->len;
    if (!(l->want & LIVE_VCPUS))
        return;
    if (d->vcpus_max == 1 && !(l->want & LIVE_PLACES)) {
        take_only_vcpu(s, d);
        d->vcpu.count = 1;
        return;
    }
    for (uint32_t i = 0; i < d->vcpus_max; i++) {
        xc_vcpuinfo_t info;
        struct vcpu *v = sample_add_vcpu(s);
        v->id = i;
        d->vcpu.count++;
        /* It may have gone since the list was made: then it is offline. */
        if (xc_vcpu_getinfo(l->xc, (uint32_t)d->id, i, &info))
            continue;
        v->online = info.online;
        v->running = info.running;
        v->blocked = info.blocked;
        v->cpu_ns = info.cpu_time;
        v->pcpu = info.cpu;
    }
}

static int64_t kib(int64_t n)
{
    return n < 0 || n > INT64_MAX / 1024 ? -1 : n * 1024;
}

static void add_detail(struct live *l, struct sample *s, struct domain *d,
                       const struct store_domain *x)
{
    d->name = sample_text(s, x->name);
    if (!(l->want & LIVE_DETAIL))
        return;
    d->start_time = x->start_time;
    if (d->id == 0) {
        int64_t up = counters_dom0_uptime(l->counters);
        d->start_time = up < 0 ? -1 : s->host.time_ns / 1000000000 - up;
    }
    d->target_bytes = kib(x->target_kib);
    d->static_max_bytes = kib(x->static_max_kib);
    d->videoram_bytes = kib(x->videoram_kib);
    d->agent_total_bytes = kib(x->agent_total_kib);
    d->agent_free_bytes = kib(x->agent_free_kib);
    d->dm_pid = x->dm_pid;
    d->console = sample_text(s, x->console);
    d->control = sample_text(s, x->control);
}

static void describe_net(struct sample *s, struct net *n,
                         const struct store_net *x)
{
    n->mac = sample_text(s, x->mac);
    n->bridge = sample_text(s, x->bridge);
    n->script = sample_text(s, x->script);
    n->state = x->state;
    n->backend_id = x->backend_id;
}

/* The interfaces that Dom0 counts, then those that only XenStore knows. */
static void add_nets(struct live *l, struct sample *s, struct domain *d,
                     const struct store_domain *x)
{
    d->net.first = s->nets->len;
    for (guint i = 0; i < l->nets->len; i++) {
        const struct owned_net *o =
            &g_array_index(l->nets, struct owned_net, i);
        if (o->domid == d->id) {
            *sample_add_net(s) = o->net;
            d->net.count++;
        }
    }
    guint counted = d->net.count;
    for (guint k = 0; x && x->nets && k < x->nets->len; k++) {
        const struct store_net *from =
            &g_array_index(x->nets, struct store_net, k);
        bool found = false;
        for (guint i = 0; i < counted; i++) {
            struct net *n = sample_net(s, d, i);
            if (n->id == from->id) {
                describe_net(s, n, from);
                found = true;
            }
        }
        if (found || !(l->want & LIVE_DETAIL))
            continue;
        struct net *n = sample_add_net(s);
        n->id = from->id;
        describe_net(s, n, from);
        d->net.count++;
    }
}

static void describe_vbd(struct sample *s, struct vbd *v,
                         const struct store_vbd *x)
{
    v->dev = sample_text(s, x->dev);
    v->params = sample_text(s, x->params);
    v->mode = sample_text(s, x->mode);
    v->state = x->state;
    v->backend_id = x->backend_id;
}

/* The disks that Dom0's kernel counts, then QEMU's, then those of which only
 * XenStore knows. */
static void add_vbds(struct live *l, struct sample *s, struct domain *d,
                     const struct store_domain *x)
{
    d->vbd.first = s->vbds->len;
    for (guint i = 0; i < l->vbds->len; i++) {
        const struct owned_vbd *o =
            &g_array_index(l->vbds, struct owned_vbd, i);
        if (o->domid == d->id) {
            *sample_add_vbd(s) = o->vbd;
            d->vbd.count++;
        }
    }
    guint counted = d->vbd.count;
    for (guint k = 0; x && x->vbds && k < x->vbds->len; k++) {
        const struct store_vbd *from =
            &g_array_index(x->vbds, struct store_vbd, k);
        struct vbd *v = NULL;
        for (guint i = 0; i < counted && !v; i++)
            if (sample_vbd(s, d, i)->id == from->id)
                v = sample_vbd(s, d, i);
        if (!v && !from->qdisk && !(l->want & LIVE_DETAIL))
            continue;
        if (!v) {
            v = sample_add_vbd(s);
            v->id = from->id;
            v->kind = from->qdisk ? 3 : 0;
            v->counted = from->qdisk;
            d->vbd.count++;
        }
        describe_vbd(s, v, from);
    }
}

static void ask_qemu(struct sample *s)
{
    g_autoptr(GArray) disks = g_array_new(FALSE, TRUE, sizeof(struct qmp_disk));
    g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < s->domains->len; i++) {
        const struct domain *d = sample_domain(s, i);
        for (guint k = d->vbd.first; k < d->vbd.first + d->vbd.count; k++) {
            struct vbd *v = &g_array_index(s->vbds, struct vbd, k);
            struct qmp_disk q = { .domid = (uint32_t)d->id,
                                  .dev = v->dev,
                                  .params = v->params,
                                  .vbd = *v };
            if (v->kind != 3)
                continue;
            g_array_append_val(disks, q);
            g_array_append_val(places, k);
        }
    }
    if (!disks->len)
        return;
    qmp_ask("/var/run/xen", disks, QMP_MS);
    for (guint i = 0; i < disks->len; i++)
        g_array_index(s->vbds, struct vbd, g_array_index(places, guint, i)) =
            g_array_index(disks, struct qmp_disk, i).vbd;
}

static void sync_store(struct live *l, struct sample *s)
{
    g_array_set_size(l->live, l->info->len);
    for (guint i = 0; i < l->info->len; i++) {
        const xc_domaininfo_t *x = &g_array_index(l->info, xc_domaininfo_t, i);
        struct store_live *one = &g_array_index(l->live, struct store_live, i);
        one->id = x->domain;
        format_uuid(x->handle, one->uuid);
    }
    bool all = (l->want & LIVE_DETAIL) && !(l->want & LIVE_HURRY);
    s->host.xenstore_down =
        !store_sync(l->store, (struct store_live *)(void *)l->live->data,
                    l->live->len, all, PATIENCE_MS);
}

int live_take(struct live *l, struct sample *s, struct err *err)
{
    sample_reset(s);
    /* The clock first: the time between two samples is that between their
     * first numbers. */
    if (take_host(l, s, err) || list_domains(l, err))
        return -1;
    for (guint i = 0; i < l->info->len; i++) {
        const xc_domaininfo_t *x = &g_array_index(l->info, xc_domaininfo_t, i);
        char uuid[37];
        format_uuid(x->handle, uuid);
        take_domain(s, x, uuid);
    }
    for (guint i = 0; i < s->domains->len; i++)
        take_vcpus(l, s, sample_domain(s, i));
    take_pcpus(l, s);
    g_array_set_size(l->nets, 0);
    g_array_set_size(l->vbds, 0);
    counters_nets(l->counters, s, l->nets);
    counters_vbds(l->counters, l->vbds);
    sync_store(l, s);
    store_lock(l->store);
    for (guint i = 0; i < s->domains->len; i++) {
        struct domain *d = sample_domain(s, i);
        const struct store_domain *x = store_find(l->store, (uint32_t)d->id);
        add_nets(l, s, d, x);
        add_vbds(l, s, d, x);
        if (x)
            add_detail(l, s, d, x);
    }
    store_unlock(l->store);
    ask_qemu(s);
    return 0;
}
