/* Long writes whose end is waited for. */
#ifndef BASE_EARLY_SYNC_H
#define BASE_EARLY_SYNC_H

#include <stddef.h>

/* To be called with the n bytes of each write to the file: every 16 MiB the
 * device begins to write what is there, so that the fsync(2) at the end has
 * little left to wait for. *unsynced is 0 at first. Nothing is promised. */
void early_sync(int fd, size_t n, size_t *unsynced);

#endif
