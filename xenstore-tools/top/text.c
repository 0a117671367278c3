/* The batch output (way C, last arrow): columns, order and widths as scripts
 * know them from Xen's xentop. Pure. */
#include "top/text.h"

#include <inttypes.h>
#include <string.h>

#include "top/safe.h"

struct widths {
    int of[BATCH_COLUMNS];
};

/* The names and the counters that grow without end widen their columns. */
static struct widths measure(GArray *rows, const struct text_options *o,
                             GString *scratch)
{
    struct widths w;
    for (int c = 0; c < BATCH_COLUMNS; c++) {
        w.of[c] = columns[c].width;
        bool grows = columns[c].form == FORM_GROW ||
                     (columns[c].form == FORM_NAME && o->full_name);
        for (guint i = 0; grows && i < rows->len; i++) {
            const struct row *r = &g_array_index(rows, struct row, i);
            column_text(scratch, &columns[c], columns[c].get(r));
            w.of[c] = MAX(w.of[c], (int)scratch->len);
        }
    }
    return w;
}

static void header(GString *out, const struct widths *w)
{
    for (int c = 0; c < BATCH_COLUMNS; c++)
        g_string_append_printf(out, "%s%*s", c ? " " : "", w->of[c],
                               columns[c].head);
    g_string_append_c(out, '\n');
}

static void line(GString *out, const struct row *r, const struct widths *w,
                 GString *scratch)
{
    for (int c = 0; c < BATCH_COLUMNS; c++) {
        column_text(scratch, &columns[c], columns[c].get(r));
        if (columns[c].form == FORM_NAME)
            g_string_truncate(scratch, safe_cut(scratch->str, (gsize)w->of[c]));
        g_string_append_printf(out, "%s%*s", c ? " " : "", w->of[c],
                               scratch->str);
    }
    g_string_append_c(out, '\n');
}

void text_vcpus(GString *out, const struct row *r)
{
    g_string_append(out, "VCPUs(sec): ");
    for (guint i = 0; i < r->domain->vcpu.count; i++) {
        const struct vcpu *v = sample_vcpu(r->sample, r->domain, i);
        if (!v->online)
            continue;
        if (i && i % 5 == 0)
            g_string_append(out, "\n        ");
        g_string_append_printf(out, " %2" PRIu64 ": %10" PRIu64 "s", v->id,
                               v->cpu_ns / 1000000000);
    }
    g_string_append_c(out, '\n');
}

static void net_counters(GString *out, const char *label, uint64_t bytes,
                         uint64_t packets, uint64_t errors, uint64_t drops)
{
    g_string_append_printf(out,
                           "%s: %8" PRIu64 "bytes %8" PRIu64 "pkts %8" PRIu64
                           "err %8" PRIu64 "drop",
                           label, bytes, packets, errors, drops);
}

void text_nets(GString *out, const struct row *r)
{
    int shown = 0;
    for (guint i = 0; i < r->domain->net.count; i++) {
        const struct net *n = sample_net(r->sample, r->domain, i);
        if (!n->ifname)
            continue;
        g_string_append_printf(out, "Net%d ", shown++);
        net_counters(out, "RX", n->rx_bytes, n->rx_packets, n->rx_errors,
                     n->rx_drops);
        g_string_append(out, "  ");
        net_counters(out, "TX", n->tx_bytes, n->tx_packets, n->tx_errors,
                     n->tx_drops);
        g_string_append_c(out, '\n');
    }
}

const char *text_vbd_kind(const struct vbd *v)
{
    static const char *const kinds[] = { "Unidentified", "BlkBack", "BlkTap",
                                         "Qdisk" };
    return kinds[v->kind < G_N_ELEMENTS(kinds) ? v->kind : 0];
}

static void vbd_counter(GString *out, const struct vbd *v, const char *label,
                        int width, uint64_t n)
{
    if (v->error)
        g_string_append_printf(out, "%s: %*s", label, width, "-");
    else
        g_string_append_printf(out, "%s: %*" PRIu64, label, width, n);
}

void text_vbds(GString *out, const struct row *r)
{
    for (guint i = 0; i < r->domain->vbd.count; i++) {
        const struct vbd *v = sample_vbd(r->sample, r->domain, i);
        if (!v->counted)
            continue;
        g_string_append_printf(out, "VBD %s %4" PRIu64 " [%2x:%2x]  ",
                               text_vbd_kind(v), v->id, (unsigned)(v->id >> 8),
                               (unsigned)(v->id & 0xff));
        vbd_counter(out, v, "OO", 8, v->oo_reqs);
        vbd_counter(out, v, "   RD", 8, v->rd_reqs);
        vbd_counter(out, v, "   WR", 8, v->wr_reqs);
        vbd_counter(out, v, "   RSECT", 10, v->rd_sects);
        vbd_counter(out, v, "   WSECT", 10, v->wr_sects);
        g_string_append_c(out, '\n');
    }
}

void text_render(GString *out, GArray *rows, const struct text_options *o)
{
    g_autoptr(GString) scratch = g_string_new(NULL);
    struct widths w = measure(rows, o, scratch);
    if (!o->repeat_header)
        header(out, &w);
    for (guint i = 0; i < rows->len; i++) {
        const struct row *r = &g_array_index(rows, struct row, i);
        if (o->repeat_header)
            header(out, &w);
        line(out, r, &w, scratch);
        if (o->vcpus)
            text_vcpus(out, r);
        if (o->nets)
            text_nets(out, r);
        if (o->vbds)
            text_vbds(out, r);
    }
}
