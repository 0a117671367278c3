/* A connection to xenstored: bytes out, messages in, any number of requests in
 * flight. Never blocks on sending while replies wait to be received, so that
 * neither side can wait for the other for ever. */
#ifndef XS_CHANNEL_H
#define XS_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "xs/wire.h"

struct channel_buffer {
    char *data;
    size_t start, end, cap; /* the bytes in use are start..end */
};

struct channel {
    int fd;
    bool ring;  /* the kernel's device, not a socket: one request at a time */
    bool asked; /* ring: the answer to the last request is still to come */
    struct channel_buffer in, out;
};

enum { CHANNEL_FOREVER = -1, CHANNEL_PATIENCE = 120000 }; /* milliseconds */
enum { CHANNEL_MANY = 4 };

/* Connects where libxenstore would: the socket in $XENSTORED_RUNDIR (default
 * /var/run/xenstored), else $XENSTORED_PATH or /dev/xen/xenbus. Returns 0, or
 * -1 with errno of the socket (when there is no device either). */
int channel_open(struct channel *c);
/* Where channel_open looks first. The text is in `buf`. */
const char *channel_socket_path(char *buf, size_t size);
/* Takes over a connected descriptor (tests, and channel_open itself). */
void channel_take(struct channel *c, int fd, bool ring);
void channel_close(struct channel *c);

/* Queues one request. Nothing is sent before channel_next or channel_flush.
 * Returns 0, or -1 with errno: E2BIG when the payload is over WIRE_PAYLOAD_MAX,
 * ENOMEM. */
int channel_queue(struct channel *c, const struct wire_msg *head,
                  const struct wire_part *parts, size_t n_parts);
/* Sends what the other side takes now. 0, or -1 with errno. */
int channel_flush(struct channel *c);
/* Whether channel_next would have a message without waiting. */
bool channel_has_message(const struct channel *c);
/* Sends what is queued and waits up to timeout_ms for the next message, whose
 * data is valid until the next call. Returns 1, 0 when the time is over, or -1
 * with errno (ECONNRESET when xenstored closed the connection, EPROTO when it
 * sent no message of the protocol). */
int channel_next(struct channel *c, struct wire_msg *msg_out, int timeout_ms);
/* The same over the first `n` (CHANNEL_MANY at most) of `c`: whichever has a
 * message. */
int channel_next_of(struct channel *const *c, int n, struct wire_msg *msg_out,
                    int timeout_ms);

#endif
