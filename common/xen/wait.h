/* Waiting on libxl: one turn of its event loop, and asynchronous operations
 * that a signal can abort. */
#ifndef XEN_WAIT_H
#define XEN_WAIT_H

#include <stdbool.h>
#include <stdint.h>

#include "xen/ctx.h"

/* Milliseconds of a clock that never jumps. */
int64_t wait_now_ms(void);

/* One turn: sleeps until libxl has something to do, wake_fd (or -1) is
 * readable, or timeout_ms is over (-1: no limit), and lets libxl do it. Returns
 * 0, or a libxl code. */
int wait_turn(struct xen *x, int wake_fd, int timeout_ms);

/* The next event into event_out, within timeout_ms (-1: no limit):
 * ERROR_TIMEDOUT when there was none. */
int wait_event(struct xen *x, int timeout_ms, libxl_event **event_out);

/* An asynchronous operation. Give &op.how to libxl, then op_wait. {0} is not
 * enough: wait_op_init. */
struct wait_op {
    libxl_asyncop_how how;
    bool done;
    int rc;
};
void wait_op_init(struct wait_op *op);
/* Runs the loop until the operation has ended and returns its rc. When
 * abort_fd (or -1) becomes readable, or after timeout_ms (-1: no limit), the
 * operation is aborted, after hotplug scripts under way have ended (libxl has a
 * time limit on them); libxl then ends it with ERROR_ABORTED. */
int wait_op(struct xen *x, struct wait_op *op, int abort_fd, int timeout_ms);

#endif
