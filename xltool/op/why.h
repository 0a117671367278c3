/* Why a creation failed: libxl's messages -> one sentence and the next step. */
#ifndef OP_WHY_H
#define OP_WHY_H

#include <libxl.h>

#include "op/memory.h"
#include "xen/ctx.h"

struct why_facts {
    const libxl_domain_config *config;
    const struct memory_need *memory;
    int rc;         /* what libxl returned */
    uint32_t domid; /* it had, or INVALID_DOMID */
};

/* Sets err from the messages kept in `log`: the first cause, what libxl said
 * behind it as context, the log files that exist as hint. Exit code -rc, as
 * the original's. Returns -1. */
int why_creation_failed(const struct xen_log *log, const struct why_facts *f,
                        struct err *err);

#endif
