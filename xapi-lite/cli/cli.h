/* The commands of xe, run inside the daemon for a thin client. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "xapi.h"

/* Serves one `POST /cli` request whose head has been read: fd is the client's
 * connection (blocking, stays the caller's), body the words of the command
 * line, one a line. root: it came by the local socket, no password is asked.
 * Blocks until the command has ended. */
void cli_serve(struct xapi *x, int fd, const char *body, size_t len, bool root,
               const char *client);

#endif
