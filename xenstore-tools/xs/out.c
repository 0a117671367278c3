/* The output buffer of the tools; the last step of way C. */
#include "xs/out.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "xs/quote.h"

void out_init(struct out *o, int fd)
{
    struct winsize ws;

    *o = (struct out){ .fd = fd };
    if (ioctl(fd, TIOCGWINSZ, &ws))
        return;
    o->tty = true;
    o->width = ws.ws_col ? ws.ws_col : 82;
}

void out_dispose(struct out *o)
{
    free(o->buf);
    *o = (struct out){ .fd = -1 };
}

void out_reset(struct out *o)
{
    o->len = 0;
}

static void fail(struct out *o)
{
    if (!o->failed)
        o->errnum = errno;
    o->failed = true;
}

int out_flush(struct out *o)
{
    size_t done = 0;

    while (done < o->len && !o->failed) {
        ssize_t n = write(o->fd, o->buf + done, o->len - done);

        if (n >= 0)
            done += (size_t)n;
        else if (errno != EINTR)
            fail(o);
    }
    o->len = 0;
    return o->failed ? -1 : 0;
}

bool out_ready(const struct out *o)
{
    struct pollfd p = { .fd = o->fd, .events = POLLOUT };

    return poll(&p, 1, 0) == 1;
}

char *out_reserve(struct out *o, size_t len)
{
    size_t cap = o->cap ? o->cap : 512;
    char *p;

    if (o->cap - o->len >= len)
        return o->buf + o->len;
    while (cap - o->len < len)
        cap *= 2;
    p = realloc(o->buf, cap);
    if (!p) {
        fail(o);
        return NULL;
    }
    o->buf = p;
    o->cap = cap;
    return p + o->len;
}

void out_commit(struct out *o, size_t len)
{
    o->len += len;
}

void out_bytes(struct out *o, const void *data, size_t len)
{
    char *p = out_reserve(o, len);

    if (!p || !len)
        return;
    memcpy(p, data, len);
    o->len += len;
}

void out_text(struct out *o, const char *s)
{
    out_bytes(o, s, strlen(s));
}

void out_char(struct out *o, char c)
{
    out_bytes(o, &c, 1);
}

void out_number(struct out *o, unsigned long n)
{
    char buf[24], *p = buf + sizeof(buf);

    do
        *--p = (char)('0' + n % 10);
    while (n /= 10);
    out_bytes(o, p, (size_t)(buf + sizeof(buf) - p));
}

void out_quoted(struct out *o, const void *data, size_t len)
{
    char *p = out_reserve(o, len * QUOTE_MAX);

    if (p)
        o->len += quote(p, data, len);
}

void out_raw(struct out *o, const void *data, size_t len)
{
    if (o->tty)
        out_quoted(o, data, len);
    else
        out_bytes(o, data, len);
}
