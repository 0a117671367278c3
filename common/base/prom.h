/* The text format that Prometheus reads (version 0.0.4 of its exposition
 * format). All samples of one metric stand together, behind its head. */
#ifndef BASE_PROM_H
#define BASE_PROM_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define PROM_CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* Appends the HELP and TYPE lines; type is "counter" or "gauge". */
void prom_head(GString *out, const char *metric, const char *type,
               const char *help);
/* Appends NAME="VALUE" to a list of labels, with a comma before all but the
 * first. VALUE must be UTF-8; NULL is shown as "". */
void prom_label(GString *labels, const char *name, const char *value);
/* Append one sample; labels is what prom_label made, or "". */
void prom_u64(GString *out, const char *metric, const char *labels, uint64_t n);
void prom_double(GString *out, const char *metric, const char *labels,
                 double x);
/* ns, shown as seconds without loss. */
void prom_ns(GString *out, const char *metric, const char *labels, uint64_t ns);

#endif
