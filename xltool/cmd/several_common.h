/* Several domains at once: xl destroy A B C, xl create A.cfg B.cfg. */
#ifndef CMD_SEVERAL_COMMON_H
#define CMD_SEVERAL_COMMON_H

#include "cmd/cmd.h"

/* Whether this command line names several of what the command can do in
 * parallel. */
bool several_wanted(const struct cmd *c);
/* Does it: a bounded number of processes at once, one result line each in the
 * order of the words. Exit status 0 only if all succeeded, else that of the
 * first that failed. */
int several_do(struct cmd *c, struct err *err);

#endif
