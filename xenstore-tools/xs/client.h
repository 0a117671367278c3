/* One request, one answer: what every command but ls needs. All calls return 0
 * (or a count) on success and -1 with errno set: ENOENT, EACCES, EINVAL (path),
 * E2BIG, ENOSPC (quota), EAGAIN (transaction lost a race), ETIMEDOUT, ... */
#ifndef XS_CLIENT_H
#define XS_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "xs/channel.h"

struct client {
    struct channel channel;
    uint32_t tx; /* the transaction that requests belong to, 0 for none */
};

/* A reply: `len` bytes and a NUL behind them; free() it. */
struct client_text {
    char *data;
    size_t len;
};

/* Sends one request and waits for its answer; watch events that come between
 * are dropped. `reply` may be NULL. */
int client_call(struct client *c, uint32_t type, const struct wire_part *parts,
                size_t n_parts, struct client_text *reply);

int client_read(struct client *c, const char *path, struct client_text *out);
int client_write(struct client *c, const char *path, const void *data,
                 size_t len);
int client_remove(struct client *c, const char *path);
/* Names of the children, each with its NUL, in the store's order; a directory
 * too long for one message is fetched in parts. */
int client_list(struct client *c, const char *path, struct client_text *out);
/* `perms` is a sequence of texts such as "n0", each with its NUL. */
int client_set_perms(struct client *c, const char *path, const char *perms,
                     size_t len);
int client_watch(struct client *c, const char *path, const char *token);

int client_begin(struct client *c);
/* Ends the transaction: commits, or forgets what was done in it. */
int client_end(struct client *c, bool commit);

/* Runs work() in a transaction, again while others get in its way. Returns what
 * work returned, or -1 with errno (EAGAIN when the store never held still).
 * work returns 0 to commit; anything else is handed on and nothing is kept. */
int client_transaction(struct client *c, int (*work)(void *arg), void *arg);

/* Collects a directory that does not fit in one message (E2BIG): feed each
 * reply of XS_DIRECTORY_PART to client_part_add until it returns 1; 0 asks for
 * the next part at `names.len`; -1 is ENOMEM. When the directory changes on the
 * way, it starts over by itself. */
struct client_part {
    char generation[24];
    struct client_text names;
};
int client_part_add(struct client_part *p, const char *data, size_t len);

#endif
