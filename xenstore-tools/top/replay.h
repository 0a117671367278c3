/* Samples kept as text: one JSON object per line (--record, --replay). */
#ifndef TOP_REPLAY_H
#define TOP_REPLAY_H

#include <stdio.h>

#include "top/sample.h"

/* Appends the sample as one line with its newline. Fields that are zero,
 * unknown or false are left out. */
void replay_format(GString *out, const struct sample *s);
/* Fills s (reset first) from one line. Unknown keys are passed over, so that
 * later versions can add fields. 0, or -1 with err. */
int replay_parse(struct sample *s, const char *line, size_t len,
                 struct err *err);

#endif
