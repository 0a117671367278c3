/* Messages of the XenStore protocol to and from bytes. The first step of way C
 * for everything that comes from xenstored. */
#include "xs/wire.h"

#include <errno.h>
#include <string.h>
#include <xen/io/xs_wire.h>

struct wire_part wire_text(const char *s)
{
    return (struct wire_part){ s, strlen(s) + 1 };
}

void wire_header(char *buf, const struct wire_msg *msg)
{
    struct xsd_sockmsg h = { msg->type, msg->id, msg->tx, msg->len };

    memcpy(buf, &h, sizeof(h));
}

long wire_parse(const char *buf, size_t len, struct wire_msg *msg_out)
{
    struct xsd_sockmsg h;

    if (len < sizeof(h))
        return 0;
    memcpy(&h, buf, sizeof(h));
    if (h.len > WIRE_PAYLOAD_MAX)
        return -1;
    if (len - sizeof(h) < h.len)
        return 0;
    *msg_out = (struct wire_msg){
        h.type, h.req_id, h.tx_id, h.len, buf + sizeof(h),
    };
    return (long)(sizeof(h) + h.len);
}

int wire_errno(const char *data, size_t len)
{
    size_t n = strnlen(data, len);

    for (size_t i = 0; i < sizeof(xsd_errors) / sizeof(*xsd_errors); i++)
        if (strlen(xsd_errors[i].errstring) == n &&
            !memcmp(data, xsd_errors[i].errstring, n))
            return xsd_errors[i].errnum;
    return EINVAL;
}
