/* What has changed for one subscriber, ready to be encoded. Private to event/.
 */
#ifndef XAPI_EVENT_BATCH_H
#define XAPI_EVENT_BATCH_H

#include "model/emit.h"
#include "model/fault.h"
#include "store/store.h"

/* Which objects somebody wants to hear of. */
struct filter {
    bool all;
    bool classes[CLASS_COUNT];
    GHashTable *refs; /* "OpaqueRef:..." -> itself; NULL when none */
};

/* Adds subscriptions ("*", "vm", "vm/OpaqueRef:..") to the filter. */
int filter_add(struct filter *f, const struct model *m,
               const struct value *classes, struct fault *fault);
void filter_remove(struct filter *f, const struct model *m,
                   const struct value *classes);
void filter_dispose(struct filter *f);

struct batch;
/* Changes after `since` that pass the filter; NULL when there are none and
 * `or_empty` is false. *lost_out tells that deletions that far back are
 * forgotten. */
struct batch *batch_collect(struct store *s, const struct filter *f,
                            uint64_t since, bool or_empty, bool *lost_out);
uint64_t batch_generation(const struct batch *b);
/* As event.from answers: {events, valid_ref_counts, token}. Takes b over. */
struct reply *batch_reply_from(struct batch *b);
/* As event.next answers: an array of events. Takes b over. */
struct reply *batch_reply_next(struct batch *b);
/* "00000000000000000007,00000000000000000007". Caller frees. */
char *token_format(uint64_t generation);
/* 0 for ""; false when it is no token. */
bool token_parse(const char *text, uint64_t *generation_out);

#endif
