/* All about one domain, on the screen (way C, before the screen). Pure. */
#include <inttypes.h>
#include <time.h>

#include "top/view.h"

static void label(struct page *p, const char *text)
{
    page_line(p);
    page_field(p, STYLE_DIM, text, 9);
}

static void title(struct page *p, const struct row *r)
{
    const struct domain *d = r->domain;
    char state[7];
    column_state(d, state);
    page_line(p);
    page_printf(p, STYLE_PLAIN, "%s  id %" PRIu64 "  %s  %s",
                d->name ? d->name : "(null)", d->id, d->kind ? d->kind : "?",
                state);
    page_paint(p, STYLE_HEAD);
}

static void times(struct page *p, const struct row *r)
{
    const struct domain *d = r->domain;
    char started[32] = "not known";
    int64_t up = 0;
    if (d->start_time >= 0) {
        time_t t = (time_t)d->start_time;
        struct tm tm;
        strftime(started, sizeof started, "%Y-%m-%d %H:%M:%S",
                 localtime_r(&t, &tm));
        up = MAX(r->sample->host.time_ns / 1000000000 - d->start_time, 0);
    }
    label(p, "uuid");
    page_text(p, STYLE_PLAIN, d->uuid ? d->uuid : "-");
    label(p, "started");
    page_text(p, STYLE_PLAIN, started);
    if (d->start_time >= 0)
        page_printf(p, STYLE_PLAIN,
                    ", up %" PRId64 " d %02" PRId64 ":%02" PRId64 ":%02" PRId64,
                    up / 86400, up / 3600 % 24, up / 60 % 60, up % 60);
}

static void kib(struct page *p, const char *words, int64_t bytes)
{
    if (bytes >= 0)
        page_printf(p, STYLE_PLAIN, ", %s %" PRId64 "k", words, bytes / 1024);
}

static void use(struct page *p, const struct row *r)
{
    const struct domain *d = r->domain;
    label(p, "CPU");
    page_printf(p, STYLE_BOLD, "%.1f%%", r->rate->cpu);
    page_printf(p, STYLE_PLAIN,
                ", %" PRIu64 " of %" PRIu64 " VCPUs online, %.1f s used, "
                "cpupool %" PRIu64,
                d->vcpus_online, d->vcpus_max, (double)d->cpu_ns / 1e9,
                d->cpupool);
    label(p, "memory");
    page_printf(p, STYLE_BOLD, "%" PRIu64 "k", d->memory_bytes / 1024);
    if (d->max_bytes == UINT64_MAX)
        page_text(p, STYLE_PLAIN, ", no limit");
    else
        kib(p, "limit", (int64_t)d->max_bytes);
    kib(p, "target", d->target_bytes);
    kib(p, "static max", d->static_max_bytes);
    kib(p, "video", d->videoram_bytes);
    label(p, "");
    page_printf(p, STYLE_PLAIN, "claimed %" PRIu64 "k",
                d->outstanding_bytes / 1024);
    kib(p, "shared", (int64_t)d->shared_bytes);
    kib(p, "paged out", (int64_t)d->paged_bytes);
    kib(p, "agent says free", d->agent_free_bytes);
    kib(p, "of", d->agent_total_bytes);
}

static void processes(struct page *p, const struct domain *d)
{
    label(p, "console");
    page_text(p, STYLE_PLAIN, d->console ? d->console : "-");
    if (d->dm_pid >= 0)
        page_printf(p, STYLE_PLAIN, ", device model is process %" PRId64,
                    d->dm_pid);
    label(p, "control");
    page_text(p, STYLE_PLAIN, d->control ? d->control : "-");
}

static void vcpus(struct page *p, const struct row *r)
{
    page_line(p);
    page_text(p, STYLE_PLAIN, "VCPU  state     on pCPU   CPU(%)    CPU(sec)");
    page_paint(p, STYLE_HEAD);
    for (guint i = 0; i < r->domain->vcpu.count; i++) {
        const struct vcpu *v = sample_vcpu(r->sample, r->domain, i);
        const char *state = !v->online   ? "offline"
                            : v->running ? "running"
                            : v->blocked ? "blocked"
                                         : "runnable";
        page_line(p);
        page_printf(p, STYLE_PLAIN,
                    "%4" PRIu64 "  %-8s %8" PRIu64 " %8.1f  %10.1f", v->id,
                    state, v->pcpu,
                    rate_vcpu(r->rates, r->domain->vcpu.first + i),
                    (double)v->cpu_ns / 1e9);
    }
}

/* XenBus states: xen/io/xenbus.h. */
static const char *xenbus_state(int64_t state)
{
    static const char *const words[] = {
        "unknown", "initialising", "init wait", "initialised",  "connected",
        "closing", "closed",       "reconfig",  "reconfigured",
    };
    return state >= 0 && state < (int64_t)G_N_ELEMENTS(words) ? words[state]
                                                              : "-";
}

static void nets(struct page *p, const struct row *r)
{
    page_line(p);
    page_text(p, STYLE_PLAIN,
              "Interface      state        RX/s(k)  TX/s(k)    RX(k)    TX(k) "
              " err drop");
    page_paint(p, STYLE_HEAD);
    for (guint i = 0; i < r->domain->net.count; i++) {
        const struct net *n = sample_net(r->sample, r->domain, i);
        const struct rate_net *rate =
            rate_net(r->rates, r->domain->net.first + i);
        char elsewhere[32];
        g_snprintf(elsewhere, sizeof elsewhere,
                   "%" PRIu64 " in domain %" PRId64, n->id, n->backend_id);
        page_line(p);
        page_field(p, STYLE_BOLD, n->ifname ? n->ifname : elsewhere, 14);
        page_printf(p, STYLE_PLAIN, " %-12s", xenbus_state(n->state));
        if (n->ifname)
            page_printf(p, STYLE_PLAIN,
                        "%7.0f %8.0f %8" PRIu64 " %8" PRIu64 " %4" PRIu64
                        " %4" PRIu64,
                        rate->rx_bytes / 1024, rate->tx_bytes / 1024,
                        n->rx_bytes / 1024, n->tx_bytes / 1024,
                        n->rx_errors + n->tx_errors, n->rx_drops + n->tx_drops);
        page_line(p);
        page_printf(p, STYLE_DIM, "    %s%s%s%s%s", n->mac ? n->mac : "-",
                    n->bridge ? " on " : "", n->bridge ? n->bridge : "",
                    n->script ? " by " : "", n->script ? n->script : "");
    }
}

static void vbds(struct page *p, const struct row *r)
{
    page_line(p);
    page_text(p, STYLE_PLAIN,
              "Disk           state        RD/s(k)  WR/s(k)   RD req   WR req "
              "  OO");
    page_paint(p, STYLE_HEAD);
    for (guint i = 0; i < r->domain->vbd.count; i++) {
        const struct vbd *v = sample_vbd(r->sample, r->domain, i);
        const struct rate_vbd *rate =
            rate_vbd(r->rates, r->domain->vbd.first + i);
        char number[24];
        g_snprintf(number, sizeof number, "%" PRIu64, v->id);
        page_line(p);
        page_field(p, STYLE_BOLD, v->dev ? v->dev : number, 14);
        page_printf(p, STYLE_PLAIN, " %-12s", xenbus_state(v->state));
        if (v->counted && !v->error)
            page_printf(p, STYLE_PLAIN,
                        "%7.0f %8.0f %8" PRIu64 " %8" PRIu64 " %4" PRIu64,
                        rate->rd_bytes / 1024, rate->wr_bytes / 1024,
                        v->rd_reqs, v->wr_reqs, v->oo_reqs);
        else
            page_text(p, STYLE_WARN,
                      v->error ? "counters cannot be read"
                               : "nobody counts its requests");
        page_line(p);
        page_printf(p, STYLE_DIM, "    %s %s %s", text_vbd_kind(v),
                    v->mode ? v->mode : "-", v->params ? v->params : "-");
    }
}

void view_detail(struct page *p, const struct row *r)
{
    title(p, r);
    times(p, r);
    use(p, r);
    processes(p, r->domain);
    if (r->domain->vcpu.count)
        vcpus(p, r);
    if (r->domain->net.count)
        nets(p, r);
    if (r->domain->vbd.count)
        vbds(p, r);
}
