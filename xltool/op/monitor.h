/* The process that stays behind a domain: restarts, renames, dumps or destroys
 * it when it ends, as its on_*= settings say, and handles ejected disks. */
#ifndef OP_MONITOR_H
#define OP_MONITOR_H

#include "op/create.h"

/* Returns 0 when the domain has ended for good (destroyed by us or by others,
 * or preserved); -1 and err when a restart failed. Writes a journal of what it
 * sees to stderr. */
int monitor_run(struct xen *x, struct load *l, const struct create_how *how,
                uint32_t domid, struct err *err);

#endif
