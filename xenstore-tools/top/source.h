/* Where samples come from: the host, or a file that was recorded. */
#ifndef TOP_SOURCE_H
#define TOP_SOURCE_H

#include "top/live.h"
#include "top/options.h"

struct source;

/* `want` is enum live_want; with --record everything is wanted. */
struct source *source_open(const struct options *o, unsigned want,
                           struct err *err);
/* Fills s: 1, at the end of a recorded file 0, -1 with err. */
int source_next(struct source *src, struct sample *s, struct err *err);
/* A live source: takes a sample that is not recorded, so that the first shown
 * one has rates; waits a moment after it. 1, 0 when there is nothing to prime,
 * -1 with err. */
int source_prime(struct source *src, struct sample *s, struct err *err);
void source_close(struct source *src); /* NULL is fine */

#endif
