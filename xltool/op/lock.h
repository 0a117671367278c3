/* The lock that keeps two creations from counting the same free memory. It is
 * the original's (fcntl on xl.conf's lockfile), so both respect each other. */
#ifndef OP_LOCK_H
#define OP_LOCK_H

#include "base/err.h"

/* Takes it; waits while another process holds it, saying so after a second;
 * gives up when abort_fd (or -1) becomes readable, or after ten minutes.
 * Returns the descriptor, or -1. */
int lock_take(const char *path, int abort_fd, struct err *err);
/* Releases it; -1 is fine. */
void lock_release(int fd);

#endif
