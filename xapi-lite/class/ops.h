/* Which handler runs a message, and the threads for slow ones. Private to
 * class/. */
#ifndef XAPI_OPS_H
#define XAPI_OPS_H

#include "class/handler.h"

enum how {
    QUICK, /* in the caller's thread */
    SLOW,  /* in a worker thread, under a task */
    LOGIN, /* may sleep; never in the way of the workers */
    WAITS, /* event.from, event.next */
};

struct handler {
    handler_fn *fn;
    enum how how;
};

struct ops *ops_open(const struct xapi *x);
/* Waits for the workers. */
void ops_close(struct ops *o);
/* NULL: the message has no handler. */
const struct handler *ops_find(const struct ops *o, const struct message *m);
/* Runs dispatch_work(job) in another thread. */
void ops_push(struct ops *o, void *job, bool login);
void dispatch_work(void *job, void *user);

#endif
