/* Going into the background. */
#ifndef OP_DAEMON_H
#define OP_DAEMON_H

#include "xen/ctx.h"

/* Splits the process. The parent gets 0 (or -1 and err) and goes on; the new
 * process gets 1: detached from terminal and session, libxl opened anew with
 * all its messages, and stdout and stderr, going to /var/log/xen/NAME.log. */
int daemon_start(struct xen *x, const char *name, struct err *err);

#endif
