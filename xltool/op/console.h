/* The console client that `create -c` starts as soon as the guest has a
 * console, before it runs. */
#ifndef OP_CONSOLE_H
#define OP_CONSOLE_H

#include <stdbool.h>
#include <sys/types.h>

#include "xen/ctx.h"

struct console {
    struct xen *x;
    libxl_asyncprogress_how how; /* give &how to libxl */
    pid_t pid;                   /* of the client, 0 none */
    int ready[2];                /* the client writes a byte when connected */
};

void console_init(struct console *c, struct xen *x);
/* Waits until the client shows the console, at most ten seconds; says on
 * stderr when it does not, and goes on. */
void console_wait_ready(struct console *c);
/* Waits until the client has ended. The pipe stays open until then: the client
 * writes to it at every new connection (boot loader, then guest), and ends when
 * that fails. */
void console_end(struct console *c);

#endif
