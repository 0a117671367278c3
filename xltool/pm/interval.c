/* What `xenpm start` measured: shares of time in each C-state, P-state, package
 * and core state. Pure. */
#include "pm/view.h"

enum { NS_PER_MS = 1000000 };

static uint64_t cx_ns(const struct view_interval *iv, unsigned cpu, uint32_t i)
{
    return iv->end[cpu].cx.residencies[i] - iv->begin[cpu].cx.residencies[i];
}

static uint64_t px_ns(const struct view_interval *iv, unsigned cpu, uint32_t i)
{
    return iv->end[cpu].px.pt[i].residency - iv->begin[cpu].px.pt[i].residency;
}

static uint64_t cx_total(const struct view_interval *iv, unsigned cpu)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < iv->end[cpu].cx.nr; i++)
        sum += cx_ns(iv, cpu, i);
    return sum;
}

static uint64_t px_total(const struct view_interval *iv, unsigned cpu)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < iv->end[cpu].px.total; i++)
        sum += px_ns(iv, cpu, i);
    return sum;
}

static double percent(uint64_t part, uint64_t whole)
{
    return whole ? 100.0 * (double)part / (double)whole : 0;
}

/* Milliseconds per visit of a C-state. A CPU that neither entered nor left any
 * was in its last one all the time. */
static double cx_average(const struct view_interval *iv, unsigned cpu,
                         uint32_t i)
{
    const struct xc_cx_stat *b = &iv->begin[cpu].cx, *e = &iv->end[cpu].cx;
    uint64_t visits = e->triggers[i] - b->triggers[i];

    if (visits)
        return (double)cx_ns(iv, cpu, i) / (double)visits / NS_PER_MS;
    if (e->last == i)
        return (double)cx_total(iv, cpu) / NS_PER_MS;
    return 0;
}

static void show_cpu(GString *out, const struct view_interval *iv, unsigned cpu)
{
    uint64_t cx = cx_total(iv, cpu), px = px_total(iv, cpu);

    g_string_append_printf(out, "\nCPU%u:\tResidency(ms)\t\tAvg Res(ms)\n",
                           cpu);
    for (uint32_t i = 0; cx && i < iv->end[cpu].cx.nr; i++)
        g_string_append_printf(out, "  C%u\t%lu\t(%5.2f%%)\t%.2f\n", i,
                               cx_ns(iv, cpu, i) / NS_PER_MS,
                               percent(cx_ns(iv, cpu, i), cx),
                               cx_average(iv, cpu, i));
    if (cx)
        g_string_append_c(out, '\n');
    for (uint32_t i = 0; px && i < iv->end[cpu].px.total; i++)
        g_string_append_printf(out, "  P%u\t%lu\t(%5.2f%%)\n", i,
                               px_ns(iv, cpu, i) / NS_PER_MS,
                               percent(px_ns(iv, cpu, i), px));
    if (iv->has_px && iv->average_khz[cpu])
        g_string_append_printf(out, "  Avg freq\t%d\tKHz\n",
                               iv->average_khz[cpu]);
}

/* Whether this CPU is the first of its socket (or of its core). */
static bool is_first(const struct view_interval *iv, unsigned cpu, bool core)
{
    const xc_cputopo_t *t = iv->topology;

    if (t[cpu].core == XEN_INVALID_CORE_ID || cpu >= iv->cpus ||
        !iv->end[cpu].cx.nr)
        return false;
    for (unsigned i = 0; i < cpu; i++)
        if (t[i].socket == t[cpu].socket && (!core || t[i].core == t[cpu].core))
            return false;
    return true;
}

static void show_shares(GString *out, const char *name, const uint64_t *begin,
                        const uint64_t *end, uint32_t n, uint64_t whole)
{
    for (uint32_t i = 0; i < n; i++)
        g_string_append_printf(out, "%s%u\t%lu ms\t%.2f%%\n", name, i + 1,
                               (end[i] - begin[i]) / NS_PER_MS,
                               percent(end[i] - begin[i], whole));
}

static void show_socket(GString *out, const struct view_interval *iv,
                        unsigned first)
{
    const struct view_sample *b = iv->begin, *e = iv->end;
    const xc_cputopo_t *t = iv->topology;

    g_string_append_printf(out, "\nSocket %u\n", t[first].socket);
    show_shares(out, "\tPC", b[first].cx.pc, e[first].cx.pc, e[first].cx.nr_pc,
                cx_total(iv, first));
    for (unsigned i = first; i < iv->n_topology; i++) {
        if (t[i].socket != t[first].socket || !is_first(iv, i, true))
            continue;
        g_string_append_printf(out, "\t Core %u CPU %u\n", t[i].core, i);
        show_shares(out, "\t\tCC", b[i].cx.cc, e[i].cx.cc, e[i].cx.nr_cc,
                    cx_total(iv, i));
    }
}

void view_interval(GString *out, const struct view_interval *iv)
{
    g_string_append_printf(out, "Elapsed time (ms): %lu\n", iv->elapsed_ms);
    for (unsigned i = 0; i < iv->cpus; i++)
        show_cpu(out, iv, i);
    for (unsigned i = 0; iv->has_cx && iv->topology && i < iv->n_topology; i++)
        if (is_first(iv, i, false))
            show_socket(out, iv, i);
}

static struct value *share_json(const char *letter, uint32_t i, uint64_t ns,
                                uint64_t whole)
{
    struct value *o = value_object();

    value_set(o, "state", value_printf("%s%u", letter, i));
    value_set(o, "residency_ms", value_int((int64_t)(ns / NS_PER_MS)));
    value_set(o, "percent", value_double(percent(ns, whole)));
    return o;
}

static struct value *cpu_json(const struct view_interval *iv, unsigned cpu)
{
    struct value *o = value_object(), *cx = value_array(), *px = value_array();
    const struct view_sample *e = &iv->end[cpu], *b = &iv->begin[cpu];
    struct value *cc = value_array();

    for (uint32_t i = 0; i < e->cx.nr; i++) {
        struct value *c =
            share_json("C", i, cx_ns(iv, cpu, i), cx_total(iv, cpu));

        value_set(c, "average_ms", value_double(cx_average(iv, cpu, i)));
        value_push(cx, c);
    }
    for (uint32_t i = 0; i < e->px.total; i++)
        value_push(px,
                   share_json("P", i, px_ns(iv, cpu, i), px_total(iv, cpu)));
    for (uint32_t i = 0; i < e->cx.nr_cc; i++)
        value_push(cc, share_json("CC", i + 1, e->cx.cc[i] - b->cx.cc[i],
                                  cx_total(iv, cpu)));
    value_set(o, "cpu", value_int(cpu));
    value_set(o, "cstates", cx);
    value_set(o, "core_states", cc);
    value_set(o, "pstates", px);
    value_set(o, "average_khz",
              iv->average_khz[cpu] ? value_int(iv->average_khz[cpu])
                                   : value_null());
    return o;
}

static struct value *socket_json(const struct view_interval *iv, unsigned cpu)
{
    const struct view_sample *e = &iv->end[cpu], *b = &iv->begin[cpu];
    struct value *o = value_object(), *pc = value_array();

    for (uint32_t i = 0; i < e->cx.nr_pc; i++)
        value_push(pc, share_json("PC", i + 1, e->cx.pc[i] - b->cx.pc[i],
                                  cx_total(iv, cpu)));
    value_set(o, "socket", value_int(iv->topology[cpu].socket));
    value_set(o, "package_states", pc);
    return o;
}

struct value *view_interval_json(const struct view_interval *iv)
{
    struct value *o = value_object(), *cpus = value_array();
    struct value *sockets = value_array();

    for (unsigned i = 0; i < iv->cpus; i++)
        value_push(cpus, cpu_json(iv, i));
    for (unsigned i = 0; iv->topology && i < iv->n_topology; i++)
        if (is_first(iv, i, false))
            value_push(sockets, socket_json(iv, i));
    value_set(o, "elapsed_ms", value_int((int64_t)iv->elapsed_ms));
    value_set(o, "cpus", cpus);
    value_set(o, "sockets", sockets);
    return o;
}
