/* A second process that sets things right when one end of a migration is killed
 * before the domain has changed hands. */
#ifndef OP_GUARD_H
#define OP_GUARD_H

#include <sys/types.h>

#include "xen/ctx.h"

struct guard {
    pid_t pid;
    int fd; /* closing it without a word tells the guard to act */
};

enum guard_duty {
    GUARD_TAKE_BACK, /* sender: domain `domid` gets its name and runs again */
    GUARD_REMOVE,    /* receiver: the domain named `name` is destroyed */
};

/* Starts it. -1 and err when it cannot be started. */
int guard_start(struct xen *x, enum guard_duty duty, uint32_t domid,
                const char *name, struct guard *g_out, struct err *err);
/* The domain has changed hands, or has been dealt with: the guard only goes
 * home. Idempotent. */
void guard_dismiss(struct guard *g);

#endif
