/* Ctrl-C and friends as a readable descriptor, while something that must be
 * undone is under way. */
#ifndef OP_SIGNALS_H
#define OP_SIGNALS_H

#include <signal.h>

struct signals {
    int fd; /* readable when one has come; -1: signals act as ever */
    sigset_t before;
};

/* From here on SIGINT, SIGTERM and SIGHUP make fd readable. */
void signals_hold(struct signals *s);
/* Whether one has come. */
int signals_came(const struct signals *s);
/* They act as before again; one that came is forgotten. Idempotent. */
void signals_release(struct signals *s);

#endif
