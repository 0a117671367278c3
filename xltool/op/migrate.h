/* Live migration: the words both ends say to each other (those of Xen's xl, so
 * that each can be the other's peer), the sending and the receiving end.
 *
 *   sender                               receiver (xl migrate-receive)
 *                      <- BANNER
 *   head, libxl stream ->
 *                      <- READY          built, paused, named NAME--incoming
 *   (renames its copy NAME--migratedaway)
 *   GO                 ->                renames, unpauses
 *                      <- REPORT + one byte, 0: it runs there
 *   destroys its copy  |  byte not 0:  <- GO (its copy is gone), resumes here
 */
#ifndef OP_MIGRATE_H
#define OP_MIGRATE_H

#include "op/create.h"

/* BANNER is sent without its final NUL, the others with it. */
#define MIGRATE_BANNER "xl migration receiver ready, send binary domain data.\n"
#define MIGRATE_READY "domain received, ready to unpause"
#define MIGRATE_GO "domain is yours, you are cleared to unpause"
#define MIGRATE_REPORT "my copy unpause results are as follows"

struct migrate_how {
    const char *host;    /* where to */
    const char *command; /* -s: in place of "ssh"; "" runs `host` itself */
    const char *config;  /* -C: xl.cfg that goes with it, or NULL */
    bool no_monitor;     /* -e: the receiver does not stay behind it */
    bool paused;         /* -p: leave it paused there */
    bool debug;          /* --debug: libxl compares both memories */
    bool keep_domid;     /* -D: the same number there */
    bool verbose;        /* the receiver says more, too */
    const char *receive; /* further words for the receiver, or NULL */
};

/* Moves the domain. On return exactly one copy is there that runs or can run:
 * 0: on the other host; -1: here, unless err says otherwise. */
int migrate_send(struct xen *x, uint32_t domid, const struct migrate_how *how,
                 struct err *err);

struct migrate_receive_how {
    bool no_monitor, paused, foreground;
    /* The sender keeps this copy as standby: it starts when the stream ends. */
    libxl_checkpointed_stream standby;
    const char *colo_script; /* or NULL */
    bool userspace_proxy;
    int in_fd, out_fd; /* the stream, and the words back */
};

/* Takes a domain in. On failure nothing of it is left here. */
int migrate_receive(struct xen *x, const struct migrate_receive_how *how,
                    struct err *err);

/* Reads exactly `word` (len bytes) within timeout_ms (-1: no limit); err tells
 * an early end from other text. `who`: "the receiver". */
int migrate_expect(int fd, const char *word, size_t len, int timeout_ms,
                   const char *who, struct err *err);

#endif
