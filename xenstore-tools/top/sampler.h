/* A thread that takes samples while the screen answers keys. */
#ifndef TOP_SAMPLER_H
#define TOP_SAMPLER_H

#include "top/options.h"
#include "top/rate.h"

struct sampler;

struct sampler_state {
    const struct sample *sample; /* NULL until the first one is there */
    const struct rates *rates;
    uint64_t count;      /* samples so far */
    const char *message; /* why there is no new one, or NULL */
    bool failed; /* there was no sample at all, and there will be none */
};

struct sampler *sampler_open(const struct options *o, struct err *err);
/* Readable when something is new; sampler_lock makes it quiet again. */
int sampler_fd(const struct sampler *s);
/* What there is; stands still until sampler_unlock. */
struct sampler_state sampler_lock(struct sampler *s);
void sampler_unlock(struct sampler *s);
/* From now on this many seconds between samples; `now`: and one at once. */
void sampler_pace(struct sampler *s, double delay, bool now);
/* Ends the thread, waiting at most a second. When it failed, its error moves to
 * err (may be NULL). */
void sampler_close(struct sampler *s, struct err *err);

#endif
