/* A connection of xe to a server: unix socket, TCP or TLS. */
#ifndef XE_CONN_H
#define XE_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

/* Where to connect; borrowed texts. */
struct conn_target {
    const char *host; /* NULL: this host's unix socket, then TCP port; a path:
                         that unix socket */
    int port;         /* 0: 443 with TLS, 80 without */
    bool tls;
};

struct conn;

/* Connects within 30 s. With TLS the server's certificate must be trusted by
 * the system, or be the one seen the first time (kept in
 * ~/.config/xe/known_hosts): a changed one is refused. */
struct conn *conn_open(const struct conn_target *t, struct err *err);
void conn_close(struct conn *c); /* NULL is fine */
/* As read(2); 0 at the end. Waits for ever: guests and exports take time. */
ssize_t conn_read(struct conn *c, void *buf, size_t len, struct err *err);
/* All or -1. */
int conn_read_full(struct conn *c, void *buf, size_t len, struct err *err);
int conn_write(struct conn *c, const void *buf, size_t len, struct err *err);
/* Of a file, from its place on, without reading it here; how much went, 0 at
 * its end. -1 without an error: this file or connection cannot do it. */
ssize_t conn_send_file(struct conn *c, int fd, struct err *err);
/* For poll(2); when conn_pending, bytes wait without poll's knowledge. */
int conn_fd(const struct conn *c);
bool conn_pending(const struct conn *c);

#endif
