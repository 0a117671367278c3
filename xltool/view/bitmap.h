/* Sets of cpus and nodes as the xl commands write them. Pure. */
#ifndef VIEW_BITMAP_H
#define VIEW_BITMAP_H

#include <glib.h>
#include <libxl.h>

/* Appends "all" (bits 0..nr_bits-1), "none" or ranges such as "0-3,5". Bits
 * from nr_bits on do not count. */
void view_bitmap(GString *out, const libxl_bitmap *map, int nr_bits);

#endif
