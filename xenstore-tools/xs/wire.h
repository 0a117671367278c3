/* The messages that clients and xenstored exchange, as bytes. Pure: nothing
 * here reads or writes a descriptor. Source of the layout and of the limits:
 * xen/io/xs_wire.h and docs/misc/xenstore.txt of Xen. */
#ifndef XS_WIRE_H
#define XS_WIRE_H

#include <stddef.h>
#include <stdint.h>

enum { WIRE_HEADER = 16, WIRE_PAYLOAD_MAX = 4096, WIRE_PATH_MAX = 3072 };

struct wire_msg {
    uint32_t type; /* enum xsd_sockmsg_type */
    uint32_t id;
    uint32_t tx;
    uint32_t len;
    const char *data; /* borrowed: points into the buffer that was parsed */
};

/* A piece of a payload. */
struct wire_part {
    const void *data;
    size_t len;
};

/* A text with its final NUL, as most payloads want it. */
struct wire_part wire_text(const char *s);

/* Writes the header of a message with `len` bytes of payload to `buf`, which
 * holds WIRE_HEADER bytes. */
void wire_header(char *buf, const struct wire_msg *msg);

/* Looks for one whole message at the start of buf. Returns the bytes that it
 * takes, 0 when more are needed, -1 when this cannot be a message (payload
 * longer than the protocol allows). */
long wire_parse(const char *buf, size_t len, struct wire_msg *msg_out);

/* errno of an XS_ERROR payload such as "ENOENT"; EINVAL for an unknown name. */
int wire_errno(const char *data, size_t len);

#endif
