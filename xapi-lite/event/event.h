/* Event streams: what changed since a token, and who waits for it. Reached by
 * event.from, event.next and event.inject; HTTP calls those through dispatch.h,
 * so only class/ needs this header. */
#ifndef XAPI_EVENT_H
#define XAPI_EVENT_H

#include "model/emit.h"
#include "model/fault.h"
#include "store/store.h"

struct events;
struct event_wait;

typedef void event_done(void *user, struct reply *reply, struct fault *fault);

/* Starts the one dispatcher thread. Observes the store. */
struct events *events_open(struct store *s);
void events_close(struct events *e);

/* event.from: done() is called once, from the dispatcher thread or at once from
 * this one, with a batch {events, valid_ref_counts, token}; an empty batch when
 * timeout_s passes. A bad class or token is answered by done() with a fault.
 * Returns NULL when done() has been called already. */
struct event_wait *event_from(struct events *e, const char *session,
                              const struct value *classes, const char *token,
                              double timeout_s, event_done *done, void *user);
/* event.next: events since the last call for the registered classes. */
struct event_wait *event_next(struct events *e, const char *session,
                              event_done *done, void *user);
int event_register(struct events *e, const char *session,
                   const struct value *classes, struct fault *f);
int event_unregister(struct events *e, const char *session,
                     const struct value *classes, struct fault *f);
/* Frees the wait; done() will not run after this returns. */
void event_cancel(struct event_wait *w);
/* The session is over: its waits end with SESSION_INVALID. */
void event_session_ended(struct events *e, const char *session);
int64_t event_current_id(struct events *e);
/* Token for "everything after now". Caller frees. */
char *event_token(struct events *e);

#endif
