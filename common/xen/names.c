/* Names of domains with all requests in flight at once (ways A and C). */
#include "xen/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xen/io/xs_wire.h>

#include "xs/channel.h"

enum { SILENCE_MS = 30000 };

static bool ask_all(struct channel *c, const uint32_t *domids, int nr)
{
    for (int i = 0; i < nr; i++) {
        char path[64];
        const struct wire_msg head = { .type = XS_READ, .id = (uint32_t)i };
        snprintf(path, sizeof(path), "/local/domain/%u/name", domids[i]);
        const struct wire_part part = wire_text(path);
        if (channel_queue(c, &head, &part, 1))
            return false;
    }
    return true;
}

/* The answer of one, whichever it is. */
static bool take_answer(struct channel *c, int nr, char **names_out)
{
    struct wire_msg msg;
    if (channel_next(c, &msg, SILENCE_MS) <= 0 || msg.id >= (uint32_t)nr ||
        names_out[msg.id])
        return false;
    if (msg.type == XS_READ)
        names_out[msg.id] = strndup(msg.data, msg.len);
    return msg.type == XS_READ || msg.type == XS_ERROR;
}

bool xen_names_read(const uint32_t *domids, int nr, char **names_out)
{
    struct channel c;
    memset(names_out, 0, sizeof(*names_out) * (size_t)nr);
    if (channel_open(&c))
        return false;
    bool good = ask_all(&c, domids, nr);
    for (int i = 0; i < nr && good; i++)
        good = take_answer(&c, nr, names_out);
    channel_close(&c);
    for (int i = 0; i < nr && !good; i++) {
        free(names_out[i]);
        names_out[i] = NULL;
    }
    return good;
}
