/* Waiting on libxl (ways A, B and C). */
#include "xen/wait.h"

#include <glib.h>
#include <libxl_event.h>
#include <poll.h>
#include <string.h>
#include <sys/time.h>

#include "xen/child.h"

int64_t wait_now_ms(void)
{
    return g_get_monotonic_time() / 1000;
}

/* Grows fds until libxl's descriptors and `extra` more fit. */
static int before_poll(struct xen *x, struct pollfd **fds, int *room, int *nr,
                       int *timeout)
{
    for (;;) {
        struct timeval now;
        gettimeofday(&now, NULL);
        *nr = *room - 1;
        int rc = libxl_osevent_beforepoll(x->ctx, nr, *fds, timeout, now);
        if (rc != ERROR_BUFFERFULL)
            return rc;
        *room = *nr + 1;
        *fds = g_renew(struct pollfd, *fds, *room);
    }
}

int wait_turn(struct xen *x, int wake_fd, int timeout_ms)
{
    int room = 16, nr = 0;
    struct pollfd *fds = g_new(struct pollfd, room);
    int rc = before_poll(x, &fds, &room, &nr, &timeout_ms);
    if (rc == 0) {
        /* poll() leaves a negative descriptor alone */
        fds[nr] = (struct pollfd){ .fd = wake_fd, .events = POLLIN };
        int r = poll(fds, (nfds_t)nr + 1, timeout_ms);
        struct timeval now;
        gettimeofday(&now, NULL);
        /* interrupted: the revents mean nothing, only timeouts count */
        for (int i = 0; r < 0 && i < nr; i++)
            fds[i].revents = 0;
        libxl_osevent_afterpoll(x->ctx, nr, fds, now);
    }
    g_free(fds);
    return rc;
}

static int left_ms(int64_t end)
{
    if (end < 0)
        return -1;
    int64_t left = end - wait_now_ms();
    return left < 0 ? 0 : left > 1000000 ? 1000000 : (int)left;
}

int wait_event(struct xen *x, int timeout_ms, libxl_event **event_out)
{
    int64_t end = timeout_ms < 0 ? -1 : wait_now_ms() + timeout_ms;
    for (;;) {
        int rc = libxl_event_check(x->ctx, event_out, LIBXL_EVENTMASK_ALL, NULL,
                                   NULL);
        if (rc != ERROR_NOT_READY)
            return rc;
        int left = left_ms(end);
        if (left == 0)
            return ERROR_TIMEDOUT;
        rc = wait_turn(x, -1, left);
        if (rc)
            return rc;
    }
}

static void on_done(libxl_ctx *ctx, int rc, void *for_callback)
{
    (void)ctx;
    struct wait_op *op = for_callback;
    op->rc = rc;
    op->done = true;
}

void wait_op_init(struct wait_op *op)
{
    memset(op, 0, sizeof(*op));
    op->how.callback = on_done;
    op->how.u.for_callback = op;
}

static bool readable(int fd)
{
    struct pollfd p = { .fd = fd, .events = POLLIN };
    return fd >= 0 && poll(&p, 1, 0) == 1;
}

#define QUIET_MS 50

/* Aborts once no hotplug script has been seen twice in a row: one may just be
 * starting. */
static int abort_between_scripts(struct xen *x, struct wait_op *op)
{
    for (int quiet = 0; !op->done && quiet < 2;) {
        int rc = wait_turn(x, -1, QUIET_MS);
        if (rc)
            return rc;
        quiet = child_script_runs() ? 0 : quiet + 1;
    }
    if (!op->done)
        libxl_ao_abort(x->ctx, &op->how);
    return 0;
}

int wait_op(struct xen *x, struct wait_op *op, int abort_fd, int timeout_ms)
{
    int64_t end = timeout_ms < 0 ? -1 : wait_now_ms() + timeout_ms;
    bool aborted = false;
    while (!op->done) {
        int rc =
            wait_turn(x, aborted ? -1 : abort_fd, aborted ? -1 : left_ms(end));
        if (rc == 0 && !aborted && !op->done &&
            (readable(abort_fd) || left_ms(end) == 0)) {
            rc = abort_between_scripts(x, op);
            aborted = true;
        }
        if (rc)
            return rc;
    }
    return op->rc;
}
