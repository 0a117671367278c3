/* Specs whose grammar is libxlutil's: what it reports comes back as text. */
#ifndef DOM_XLU_H
#define DOM_XLU_H

#include <libxl.h>

/* Parses a disk spec into disk (libxl_device_disk_init'ed). NULL, or what is
 * wrong; then near_out is the piece it happened at, or NULL. g_free both. Not
 * from two threads at once. */
char *xlu_disk(const char *spec, libxl_device_disk *disk, char **near_out);

#endif
