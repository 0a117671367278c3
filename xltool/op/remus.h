/* Remus and COLO: a standby on another host that takes over when this one
 * fails. */
#ifndef OP_REMUS_H
#define OP_REMUS_H

#include "op/migrate.h"

struct remus_how {
    struct migrate_how peer; /* where the standby is */
    /* what libxl is to do; borrowed */
    libxl_domain_remus_info *info;
    bool colo, userspace_proxy, blackhole;
    const char *colo_script; /* or NULL */
};

/* Sends checkpoints of the domain until something fails. 0: the domain has
 * been destroyed here, so the standby runs. -1 and err: the standby was lost or
 * never came to be; the domain goes on here (err says so where it does not). */
int remus_send(struct xen *x, uint32_t domid, const struct remus_how *how,
               struct err *err);

#endif
