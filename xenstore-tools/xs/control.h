/* The pieces of xenstore-control. */
#ifndef XS_CONTROL_H
#define XS_CONTROL_H

#include "xs/verb.h"

/* Exit codes beyond those of the other verbs. */
enum { CONTROL_USAGE = 2, CONTROL_REFUSED = 3 };

/* Sends the words, each with its NUL. 0, or -1 with errno. */
int control_call(struct job *job, char **words, int n,
                 struct client_text *reply);
/* Prints a reply; line ends stay, other control characters are quoted when a
 * terminal would get them. */
void control_print(struct job *job, const struct client_text *reply);
/* job->args is "live-update" and its arguments. Returns an exit code. */
int control_live_update(struct job *job);

#endif
