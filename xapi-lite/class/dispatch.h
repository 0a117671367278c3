/* The one entry for XenAPI calls, whatever the wire: session, role, parameter
 * count and types are checked here, then the row's handler runs. */
#ifndef XAPI_DISPATCH_H
#define XAPI_DISPATCH_H

#include "model/emit.h"
#include "model/fault.h"
#include "xapi.h"

/* One call as it came in; borrowed for the time of the function only. */
struct call {
    const char *method; /* "VM.start", "Async.VM.start", "system.listMethods" */
    const struct value *params; /* array; the session first, as in XenAPI */
    bool from_unix_socket;      /* caller is root of this host */
    const char *client;         /* address for logs and session limits */
    const char *originator;     /* or NULL */
};

/* The one way to answer. Exactly one of reply and fault is set; both are the
 * callee's to take: free the reply; the fault is disposed after the call. */
typedef void dispatch_done(void *user, struct reply *reply,
                           struct fault *fault);

struct dispatch_wait; /* a call that is not answered yet */

/* Runs the call. Quick ones (all getters and setters) call done() before this
 * returns, in the same thread, and NULL is returned. Slow ones (VM.start) run
 * in a worker thread and blocking ones (event.from, event.next) in no thread at
 * all: done() is called later from another thread, and the returned handle may
 * be given to dispatch_abandon. done() may run before this function returns in
 * that case too, so be ready first (MHD: suspend the connection, then call). */
struct dispatch_wait *dispatch_start(struct xapi *x, const struct call *c,
                                     dispatch_done *done, void *user);
/* The client has gone: done() is not called any more once this returns (it
 * waits for a done() that is running). A slow operation goes on and ends
 * without listener. Must be called exactly once for each handle, also after
 * done() has run: it frees the handle. */
void dispatch_abandon(struct dispatch_wait *w);

/* The same, waiting for the end in this thread: for the CLI and tests. Returns
 * 0 with *reply_out (caller frees), or -1 with the fault. */
int dispatch_call(struct xapi *x, const struct call *c,
                  struct reply **reply_out, struct fault *fault_out);

/* A call from inside the daemon (the CLI) in a session: params without the
 * session; taken over. Result as a tree. */
int dispatch_in_session(struct xapi *x, const char *session, const char *method,
                        struct value *params, struct value **result_out,
                        struct fault *fault_out);

/* Names of every message that has an answer, "Async." ones included. Array of
 * strings; caller frees. */
struct value *dispatch_list_methods(struct xapi *x);
/* Whether this message runs (implicit, or its handler exists). */
bool dispatch_answers(const struct xapi *x, const struct message *m);

#endif
