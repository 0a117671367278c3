/* A second process that lets a suspended domain go on when the migrating one is
 * killed before the domain was given away. */
#ifndef OP_GUARD_H
#define OP_GUARD_H

#include <sys/types.h>

#include "xen/ctx.h"

struct guard {
    pid_t pid;
    int fd; /* closing it without a word tells the guard to act */
};

/* Starts it for this domain, which it names `name` again. -1 and err when it
 * cannot be started. */
int guard_start(struct xen *x, uint32_t domid, const char *name,
                struct guard *g_out, struct err *err);
/* From now on the domain is the other host's: the guard only goes home. Also
 * when the domain has been dealt with here. */
void guard_dismiss(struct guard *g);

#endif
