/* A connection to xenstored: bytes out, messages in, any number of requests in
 * flight. Never blocks on sending while replies wait to be received, so that
 * neither side can wait for the other for ever. */
#ifndef XS_CONN_H
#define XS_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "xs/wire.h"

struct conn_buffer {
    char *data;
    size_t start, end, cap; /* the bytes in use are start..end */
};

struct conn {
    int fd;
    bool ring; /* the kernel's device, not a socket: it takes one request at a
                  time */
    struct conn_buffer in, out;
};

enum { CONN_FOREVER = -1, CONN_PATIENCE = 120000 }; /* milliseconds */

/* Connects where libxenstore would: the socket in $XENSTORED_RUNDIR (default
 * /var/run/xenstored), else $XENSTORED_PATH or /dev/xen/xenbus. Returns 0, or
 * -1 with errno of the socket (when there is no device either). */
int conn_open(struct conn *c);
/* Where conn_open looks first. The text is in `buf`. */
const char *conn_socket_path(char *buf, size_t size);
/* Takes over a connected descriptor (tests, and conn_open itself). */
void conn_take(struct conn *c, int fd, bool ring);
void conn_close(struct conn *c);

/* Queues one request. Nothing is sent before conn_next or conn_flush. Returns
 * 0, or -1 with errno: E2BIG when the payload is over WIRE_PAYLOAD_MAX,
 * ENOMEM. */
int conn_queue(struct conn *c, const struct wire_msg *head,
               const struct wire_part *parts, size_t n_parts);
/* Sends what the other side takes without blocking. 0, or -1 with errno. */
int conn_flush(struct conn *c);
/* Whether conn_next would have a message without waiting. */
bool conn_has_message(const struct conn *c);
/* Sends what is queued and waits up to timeout_ms for the next message, whose
 * data is valid until the next call. Returns 1, 0 when the time is over, or -1
 * with errno (ECONNRESET when xenstored closed the connection, EPROTO when it
 * sent no message of the protocol). */
int conn_next(struct conn *c, struct wire_msg *msg_out, int timeout_ms);

#endif
