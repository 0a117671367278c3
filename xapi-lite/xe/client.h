/* One command of xe against a server. */
#ifndef XE_CLIENT_H
#define XE_CLIENT_H

#include "xe/args.h"

/* Sends the words, does what the server asks until it says how it ended.
 * Returns the exit code for the process, or -1 when the connection failed. */
int client_run(const struct xe_args *a, struct err *err);

#endif
