/* C- and P-state counters of one CPU, read from Xen. */
#ifndef PM_SAMPLE_H
#define PM_SAMPLE_H

#include "pm/pm.h"
#include "pm/view.h"

/* Fill a zeroed structure with memory of its own. 0, or -1 with errno: ENODEV
 * where there are no such states. */
int sample_idle(xc_interface *xch, int cpu, struct xc_cx_stat *out);
int sample_freq(xc_interface *xch, int cpu, struct xc_px_stat *out);
/* Frees what both hold; {0} afterwards. */
void sample_dispose(struct view_sample *s);

#endif
