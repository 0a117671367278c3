/* The cpu lists of xl: "0-3,^1,node:0,all". */
#ifndef DOM_CPUS_H
#define DOM_CPUS_H

#include "dom/dom.h"

/* What is wrong with a list, and the bytes of it. */
struct cpus_error {
    const char *why; /* static text */
    size_t offset, length;
};

/* Parses a list, part after part from the left (so "^2,0-3" keeps 2), into
 * map (libxl_bitmap_init'ed; replaced). The map has the host's cpus, other cpus
 * are dropped as in the original; with an unknown host it is as long as the
 * list needs, at least `least` (what "all" stands for then). 0, or -1 with
 * error_out filled. */
int cpus_parse(const char *text, const struct dom_host *host, unsigned least,
               libxl_bitmap *map, struct cpus_error *error_out);

#endif
