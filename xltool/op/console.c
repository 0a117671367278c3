/* The console client of `create -c` (way A). */
#include "op/console.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "xen/child.h"

#define READY_MS 10000

static bool alive(const struct console *c)
{
    return c->pid > 0 && waitpid(c->pid, NULL, WNOHANG) == 0;
}

/* With a boot loader libxl calls twice, once for its console, once for the
 * guest's. The client follows from one to the other by itself. */
static void on_console(libxl_ctx *ctx, libxl_event *event, void *for_callback)
{
    struct console *c = for_callback;
    uint32_t domid = event->domid;
    ERR_AUTO err = { 0 };
    libxl_event_free(ctx, event);
    if (alive(c))
        return;
    c->pid = child_fork(c->x, &err);
    if (c->pid < 0)
        err_print(stderr, "xl", &err);
    if (c->pid != 0)
        return;
    fcntl(c->ready[1], F_SETFD, 0);
    libxl_primary_console_exec(c->x->ctx, domid, c->ready[1]);
    fprintf(stderr, "xl: the console client cannot be started\n");
    _exit(1);
}

void console_init(struct console *c, struct xen *x)
{
    *c = (struct console){ .x = x, .ready = { -1, -1 } };
    c->how.callback = on_console;
    c->how.for_callback = c;
    if (pipe2(c->ready, O_CLOEXEC))
        c->ready[0] = c->ready[1] = -1;
}

static void close_end(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

void console_wait_ready(struct console *c)
{
    /* our end closed: a client that died makes the pipe end */
    close_end(&c->ready[1]);
    struct pollfd p = { .fd = c->ready[0], .events = POLLIN };
    char byte;
    if (c->pid <= 0)
        fprintf(stderr, "xl: this domain has no console to show\n");
    else if (poll(&p, 1, READY_MS) != 1 || read(c->ready[0], &byte, 1) != 1)
        fprintf(stderr, "xl: the console client did not connect\n");
}

void console_end(struct console *c)
{
    if (c->pid > 0)
        child_wait(c->pid, -1);
    close_end(&c->ready[0]);
    close_end(&c->ready[1]);
}
