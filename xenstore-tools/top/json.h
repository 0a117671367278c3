/* A sample and its rates as one JSON object: --json. Pure. */
#ifndef TOP_JSON_H
#define TOP_JSON_H

#include "top/columns.h"

/* Appends one line. Every key is always there; what is not known is null. */
void json_render(GString *out, const struct sample *s, const struct rates *r,
                 GArray *rows);

#endif
