/* How often each message was called and how long it took. */
#ifndef XAPI_TIMING_H
#define XAPI_TIMING_H

#include "base/value.h"
#include "xapi.h"

struct timings *timing_open(void);
void timing_close(struct timings *t);
/* usec: from the start of the handler to its end. name is kept as it is: a row
 * of the model. */
void timing_note(struct timings *t, const char *name, int64_t usec);
/* name -> [calls, microseconds in all, longest], in the order of names. Caller
 * frees. */
struct value *timing_list(struct timings *t);

#endif
