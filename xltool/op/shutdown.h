/* Asking domains to shut down or to reboot, and waiting until they have. */
#ifndef OP_SHUTDOWN_H
#define OP_SHUTDOWN_H

#include "xen/ctx.h"

struct shutdown_how {
    bool reboot;
    bool acpi;        /* press the ACPI button where there is no PV control */
    bool wait;        /* until each has shut down or is gone */
    unsigned seconds; /* limit for the waiting, 0 none */
};

/* One domain. */
int shutdown_one(struct xen *x, uint32_t domid, const struct shutdown_how *how,
                 struct err *err);
/* All but domain 0: every one is asked, then all are waited for; the first
 * failure is reported. */
int shutdown_all(struct xen *x, const struct shutdown_how *how,
                 struct err *err);

#endif
