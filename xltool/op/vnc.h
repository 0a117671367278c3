/* Starting a VNC viewer on a guest's screen. */
#ifndef OP_VNC_H
#define OP_VNC_H

#include <stdbool.h>
#include <stdint.h>

#include "xen/ctx.h"

/* In a process of its own, not waited for. */
void vnc_start(struct xen *x, uint32_t domid, bool autopass);

#endif
