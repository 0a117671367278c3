/* Counters of one CPU, read from Xen. The first step of way C of xenpm. */
#include "pm/sample.h"

#include <string.h>

/* Room for the package and core states that a processor may have: as many
 * kinds as Xen's xen/include/public/sysctl.h lists for one CPU. */
enum { PACKAGE_STATES = 12, CORE_STATES = 8 };

static void free_idle(struct xc_cx_stat *s)
{
    g_free(s->triggers);
    g_free(s->residencies);
    g_free(s->pc);
    g_free(s->cc);
    memset(s, 0, sizeof(*s));
}

static void free_freq(struct xc_px_stat *s)
{
    g_free(s->trans_pt);
    g_free(s->pt);
    memset(s, 0, sizeof(*s));
}

int sample_idle(xc_interface *xch, int cpu, struct xc_cx_stat *out)
{
    int max = 0;

    if (xc_pm_get_max_cx(xch, cpu, &max))
        return -1;
    out->nr = (uint32_t)max;
    out->nr_pc = PACKAGE_STATES;
    out->nr_cc = CORE_STATES;
    out->triggers = g_new0(uint64_t, max);
    out->residencies = g_new0(uint64_t, max);
    out->pc = g_new0(uint64_t, PACKAGE_STATES);
    out->cc = g_new0(uint64_t, CORE_STATES);
    if (xc_pm_get_cxstat(xch, cpu, out)) {
        free_idle(out);
        return -1;
    }
    out->nr = MIN(out->nr, (uint32_t)max);
    out->nr_pc = MIN(out->nr_pc, (uint32_t)PACKAGE_STATES);
    out->nr_cc = MIN(out->nr_cc, (uint32_t)CORE_STATES);
    return 0;
}

int sample_freq(xc_interface *xch, int cpu, struct xc_px_stat *out)
{
    int max = 0;

    if (xc_pm_get_max_px(xch, cpu, &max))
        return -1;
    out->trans_pt = g_new0(uint64_t, (gsize)max * (gsize)max);
    out->pt = g_new0(struct xc_px_val, max);
    if (xc_pm_get_pxstat(xch, cpu, out)) {
        free_freq(out);
        return -1;
    }
    out->total = (uint8_t)MIN((int)out->total, max);
    return 0;
}

void sample_dispose(struct view_sample *s)
{
    free_idle(&s->cx);
    free_freq(&s->px);
}
