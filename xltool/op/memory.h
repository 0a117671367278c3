/* Free memory for a new domain: counted, and taken from Dom0 where xl.conf
 * lets xl balloon it. */
#ifndef OP_MEMORY_H
#define OP_MEMORY_H

#include <libxl.h>

#include "dom/xlconf.h"
#include "xen/ctx.h"

struct memory_need {
    uint64_t need_kib, free_kib; /* 0: unknown */
};

/* Whether xl may shrink Dom0: xl.conf's autoballoon; "auto" is no when the
 * hypervisor's command line fixes dom0_mem. */
bool memory_autoballoon(struct xen *x, const struct xlconf *conf);

/* Fills need_out as far as libxl can say. */
void memory_count(struct xen *x, const libxl_domain_config *config,
                  struct memory_need *need_out);

/* Shrinks Dom0 until the domain fits. err names both numbers. */
int memory_make_room(struct xen *x, libxl_domain_config *config,
                     const struct memory_need *need, struct err *err);

/* err for a domain that does not fit. Returns -1. */
int memory_too_little(const struct memory_need *need, struct err *err);

#endif
