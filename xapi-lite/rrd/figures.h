/* The figures of the metrics records (VM_metrics, VIF_metrics, ...): from the
 * sample that feeds the archives, shown whenever such a record is read. They
 * are never written to the records, where each would be an event. */
#ifndef RRD_FIGURES_H
#define RRD_FIGURES_H

#include "rrd/gather.h"

struct rrd_figures;

/* From now on the model's live fields are shown from here. */
struct rrd_figures *rrd_figures_open(struct model *m);
void rrd_figures_close(struct rrd_figures *f); /* NULL is fine */
/* Takes over what was seen last. */
void rrd_figures_fill(struct rrd_figures *f, const struct rrd_gather *g);
/* Pure: KiB a second between two counts of bytes; 0 when it went back. */
double rrd_figures_rate(uint64_t before, uint64_t now, double seconds);

#endif
