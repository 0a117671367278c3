/* What xentop does without a screen. */
#ifndef TOP_RUN_H
#define TOP_RUN_H

#include "top/options.h"

/* Prints samples as text, JSON or metrics until the iterations are done or a
 * replayed file ends. 0, or -1 with err. */
int run_batch(const struct options *o, struct err *err);
/* The rows of a sample as the options sort and filter them; free with
 * g_array_unref. */
GArray *run_rows(const struct options *o, const struct sample *s,
                 const struct rates *r);
/* What each mode needs to be sampled: enum live_want. */
unsigned run_want(const struct options *o);
/* Appends the sample in the mode's form. */
void run_render(GString *out, const struct options *o, const struct sample *s,
                const struct rates *r);

#endif
