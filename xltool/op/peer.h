/* The process that carries a migration to the other host: ssh, or what -s
 * names. */
#ifndef OP_PEER_H
#define OP_PEER_H

#include <sys/types.h>

#include "op/migrate.h"

struct peer {
    pid_t pid;
    int send_fd, recv_fd; /* its standard input and output; -1 when closed */
    char *command;        /* for messages */
};

/* Starts it with `xl migrate-receive` and its options as command. */
int peer_start(struct xen *x, const struct migrate_how *how, struct peer *p_out,
               struct err *err);
/* Closes both ends and waits for it (some seconds, then it is killed). */
void peer_end(struct peer *p);

/* Asks the other host whether domain `name` is there: 1 yes, 0 no, -1 it cannot
 * be asked. */
int peer_has_domain(const struct migrate_how *how, const char *name);

#endif
