/* Requests to xenstored, one at a time, and transactions. */
#include "xs/client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xen/io/xs_wire.h>

enum { TRIES = 1000 };

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static int copy_reply(const struct wire_msg *m, struct client_text *reply)
{
    if (m->type == XS_ERROR) {
        errno = wire_errno(m->data, m->len);
        return -1;
    }
    if (!reply)
        return 0;
    reply->data = malloc(m->len + 1);
    if (!reply->data)
        return -1;
    memcpy(reply->data, m->data, m->len);
    reply->data[m->len] = '\0';
    reply->len = m->len;
    return 0;
}

int client_call(struct client *c, uint32_t type, const struct wire_part *parts,
                size_t n_parts, struct client_text *reply)
{
    struct wire_msg m = { .type = type, .tx = c->tx };
    int r;

    if (channel_queue(&c->channel, &m, parts, n_parts))
        return -1;
    do
        r = channel_next(&c->channel, &m, CHANNEL_PATIENCE);
    while (r > 0 && m.type == XS_WATCH_EVENT);
    if (r == 0)
        errno = ETIMEDOUT;
    return r > 0 ? copy_reply(&m, reply) : -1;
}

static int path_call(struct client *c, uint32_t type, const char *path,
                     struct client_text *reply)
{
    struct wire_part part = wire_text(path);

    return client_call(c, type, &part, 1, reply);
}

int client_read(struct client *c, const char *path, struct client_text *out)
{
    return path_call(c, XS_READ, path, out);
}

int client_write(struct client *c, const char *path, const void *data,
                 size_t len)
{
    struct wire_part parts[] = { wire_text(path), { data, len } };

    return client_call(c, XS_WRITE, parts, COUNT(parts), NULL);
}

int client_remove(struct client *c, const char *path)
{
    return path_call(c, XS_RM, path, NULL);
}

int client_set_perms(struct client *c, const char *path, const char *perms,
                     size_t len)
{
    struct wire_part parts[] = { wire_text(path), { perms, len } };

    return client_call(c, XS_SET_PERMS, parts, COUNT(parts), NULL);
}

int client_watch(struct client *c, const char *path, const char *token)
{
    struct wire_part parts[] = { wire_text(path), wire_text(token) };

    return client_call(c, XS_WATCH, parts, COUNT(parts), NULL);
}

/* A part is "GENERATION\0name\0name\0..."; an empty name ends the directory. */
int client_part_add(struct client_part *p, const char *data, size_t len)
{
    size_t skip = strnlen(data, len) + 1;
    bool last;
    char *names;

    if (skip > sizeof(p->generation) || skip > len) {
        errno = EPROTO;
        return -1;
    }
    if (p->names.len && strcmp(p->generation, data) != 0) {
        p->names.len = 0;
        return 0;
    }
    memcpy(p->generation, data, skip);
    data += skip;
    len -= skip;
    last = len == 0 || (data[len - 1] == '\0' && (len == 1 || !data[len - 2]));
    if (last && len)
        len--;
    names = realloc(p->names.data, p->names.len + len + 1);
    if (!names)
        return -1;
    p->names.data = names;
    memcpy(names + p->names.len, data, len);
    p->names.len += len;
    names[p->names.len] = '\0';
    return last;
}

static int list_in_parts(struct client *c, const char *path,
                         struct client_text *out)
{
    struct client_part p = { 0 };
    int r = 0;

    while (r == 0) {
        char offset[24];
        struct client_text reply = { 0 };
        struct wire_part parts[2] = { wire_text(path) };

        snprintf(offset, sizeof(offset), "%zu", p.names.len);
        parts[1] = wire_text(offset);
        r = client_call(c, XS_DIRECTORY_PART, parts, COUNT(parts), &reply);
        if (r == 0)
            r = client_part_add(&p, reply.data, reply.len);
        free(reply.data);
    }
    if (r < 0)
        free(p.names.data);
    else
        *out = p.names;
    return r < 0 ? -1 : 0;
}

int client_list(struct client *c, const char *path, struct client_text *out)
{
    int r = path_call(c, XS_DIRECTORY, path, out);

    return r && errno == E2BIG ? list_in_parts(c, path, out) : r;
}

int client_begin(struct client *c)
{
    struct client_text reply = { 0 };

    c->tx = 0;
    if (path_call(c, XS_TRANSACTION_START, "", &reply))
        return -1;
    c->tx = (uint32_t)strtoul(reply.data, NULL, 10);
    free(reply.data);
    return 0;
}

int client_end(struct client *c, bool commit)
{
    int r = path_call(c, XS_TRANSACTION_END, commit ? "T" : "F", NULL);

    c->tx = 0;
    return r;
}

int client_transaction(struct client *c, int (*work)(void *arg), void *arg)
{
    for (int i = 0; i < TRIES; i++) {
        int r, e;

        if (client_begin(c))
            return -1;
        r = work(arg);
        if (r) {
            e = errno;
            client_end(c, false);
            errno = e;
            return r;
        }
        if (!client_end(c, true))
            return 0;
        if (errno != EAGAIN)
            return -1;
    }
    return -1;
}
