/* A sample as the text that Prometheus reads. Pure. */
#ifndef TOP_METRICS_H
#define TOP_METRICS_H

#include "top/columns.h"

/* Appends all metrics; rows as column_rows made them of the sample. */
void metrics_render(GString *out, const struct sample *s, GArray *rows);

#endif
