/* What a domain leaves that was destroyed by someone else while it was being
 * built: libxl goes on for a while and no longer finds the domain it would have
 * to clean up after. */
#ifndef OP_SWEEP_H
#define OP_SWEEP_H

#include <stdbool.h>

#include "xen/ctx.h"

/* Whether the domain is not there any more, or is dying. */
bool sweep_is_gone(struct xen *x, uint32_t domid);

/* Ends the device model of a domain that is gone, gives back its disks and
 * interfaces through their hotplug scripts and removes its nodes from XenStore.
 * `uuid` is the domain's. Does nothing to a domain that lives. */
void sweep_gone(struct xen *x, uint32_t domid, const libxl_uuid *uuid);

/* Someone else has destroyed it and is still cleaning up: waits for that, and
 * sweeps what is left after 15 s. */
void sweep_after_other(struct xen *x, uint32_t domid, const libxl_uuid *uuid);

#endif
