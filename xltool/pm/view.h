/* Structures of libxenctrl as text (the original's layout, which scripts read)
 * and as JSON. Pure. The text functions append. */
#ifndef PM_VIEW_H
#define PM_VIEW_H

#include <glib.h>
#include <xenctrl.h>

#include "base/value.h"

void view_idle(GString *out, int cpu, const struct xc_cx_stat *s);
struct value *view_idle_json(int cpu, const struct xc_cx_stat *s);

void view_freq(GString *out, int cpu, const struct xc_px_stat *s);
struct value *view_freq_json(int cpu, const struct xc_px_stat *s);

void view_para(GString *out, int cpu, const struct xc_get_cpufreq_para *p);
struct value *view_para_json(int cpu, const struct xc_get_cpufreq_para *p);

/* CPUs without a core (offline) are left out. */
void view_topology(GString *out, const xc_cputopo_t *t, unsigned n);
struct value *view_topology_json(const xc_cputopo_t *t, unsigned n);

/* One CPU at one moment; cx.nr and px.total are 0 where it has no such
 * states. */
struct view_sample {
    struct xc_cx_stat cx;
    struct xc_px_stat px;
};

/* What happened between two samples of each CPU. */
struct view_interval {
    unsigned long elapsed_ms;
    unsigned cpus;
    bool has_cx, has_px;
    const struct view_sample *begin, *end; /* `cpus` of each */
    const int *average_khz;                /* `cpus`; 0: not known */
    const xc_cputopo_t *topology;          /* `n_topology`; may be NULL */
    unsigned n_topology;
};

void view_interval(GString *out, const struct view_interval *iv);
struct value *view_interval_json(const struct view_interval *iv);

#endif
