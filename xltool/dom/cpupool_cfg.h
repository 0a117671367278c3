/* Config files of `xl cpupool-create`. */
#ifndef DOM_CPUPOOL_CFG_H
#define DOM_CPUPOOL_CFG_H

#include "dom/dom.h"

struct cpupool_cfg {
    char *name; /* NULL when the file does not give one */
    bool has_sched;
    libxl_scheduler sched;
    libxl_bitmap cpus; /* of the host; empty map when the file names none */
    unsigned cpu_count;
};

/* Reads name, sched, nodes and cpus. `free` holds the cpus that belong to no
 * pool (libxl_get_freecpus), NULL: unknown, nothing is checked against it.
 * Findings go to cfg->diags. 0, or -1 when the original would refuse the file.
 * Dispose `out` in any case. */
int cpupool_cfg_read(struct cfg *cfg, const struct dom_host *host,
                     const libxl_bitmap *free, struct cpupool_cfg *out);
void cpupool_cfg_dispose(struct cpupool_cfg *pool);

#endif
