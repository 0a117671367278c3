/* The socket of xenstored, or the kernel's device in a guest. */
#include "xs/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <xen/io/xs_wire.h>

enum { IN_SIZE = 2048 };

const char *channel_socket_path(char *buf, size_t size)
{
    const char *dir = getenv("XENSTORED_RUNDIR");

    snprintf(buf, size, "%s/socket", dir ? dir : "/var/run/xenstored");
    return buf;
}

static int connect_socket(const char *path)
{
    struct sockaddr_un sa = { .sun_family = AF_UNIX };
    int fd, e;

    if (strlen(path) >= sizeof(sa.sun_path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(sa.sun_path, path, strlen(path) + 1);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || !connect(fd, (struct sockaddr *)&sa, sizeof(sa)))
        return fd;
    e = errno;
    close(fd);
    errno = e;
    return -1;
}

/* The device of a domain that does not run xenstored itself. */
static int open_device(bool *ring_out)
{
    const char *path = getenv("XENSTORED_PATH");
    struct stat st;

    if (!path)
        path = "/dev/xen/xenbus";
    *ring_out = false;
    if (!stat(path, &st) && S_ISSOCK(st.st_mode))
        return connect_socket(path);
    *ring_out = true;
    return open(path, O_RDWR | O_CLOEXEC);
}

void channel_take(struct channel *c, int fd, bool ring)
{
    *c = (struct channel){ .fd = fd, .ring = ring };
}

int channel_open(struct channel *c)
{
    char buf[4096];
    bool ring = false;
    int e, fd = connect_socket(channel_socket_path(buf, sizeof(buf)));

    /* A socket that nobody listens to was a xenstored's that has ended: the
     * kernel's device leads to the same one, and would wait for ever. */
    if (fd < 0 && (errno != ECONNREFUSED || getenv("XENSTORED_PATH"))) {
        e = errno;
        fd = open_device(&ring);
        errno = e;
    }
    channel_take(c, fd, ring);
    return fd < 0 ? -1 : 0;
}

void channel_close(struct channel *c)
{
    if (c->fd >= 0)
        close(c->fd);
    free(c->in.data);
    free(c->out.data);
    *c = (struct channel){ .fd = -1 };
}

/* Makes room for `more` bytes behind b->end. */
static int reserve(struct channel_buffer *b, size_t more)
{
    char *p;

    if (b->start == b->end)
        b->start = b->end = 0;
    if (b->cap - b->end >= more)
        return 0;
    if (b->start) {
        memmove(b->data, b->data + b->start, b->end - b->start);
        b->end -= b->start;
        b->start = 0;
    }
    if (b->cap - b->end >= more)
        return 0;
    p = realloc(b->data, b->end + more);
    if (!p)
        return -1;
    b->data = p;
    b->cap = b->end + more;
    return 0;
}

int channel_queue(struct channel *c, const struct wire_msg *head,
                  const struct wire_part *parts, size_t n_parts)
{
    struct wire_msg msg = *head;
    char *p;

    msg.len = 0;
    for (size_t i = 0; i < n_parts; i++) {
        if (parts[i].len > WIRE_PAYLOAD_MAX - msg.len) {
            errno = E2BIG;
            return -1;
        }
        msg.len += (uint32_t)parts[i].len;
    }
    if (reserve(&c->out, WIRE_HEADER + msg.len))
        return -1;
    p = c->out.data + c->out.end;
    wire_header(p, &msg);
    p += WIRE_HEADER;
    for (size_t i = 0; i < n_parts; i++) {
        if (parts[i].len)
            p = mempcpy(p, parts[i].data, parts[i].len);
    }
    c->out.end += WIRE_HEADER + msg.len;
    return 0;
}

/* How much may be written now. The kernel's device sends a request from the
 * only buffer that it has, so it must not get the next before the answer. */
static size_t write_size(const struct channel *c)
{
    struct wire_msg m;
    size_t len = c->out.end - c->out.start;

    if (!c->ring || !len)
        return len;
    return c->asked ? 0
                    : (size_t)wire_parse(c->out.data + c->out.start, len, &m);
}

int channel_flush(struct channel *c)
{
    size_t len;

    while ((len = write_size(c)) > 0) {
        const char *p = c->out.data + c->out.start;
        ssize_t n = c->ring ? write(c->fd, p, len)
                            : send(c->fd, p, len, MSG_DONTWAIT | MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno == EAGAIN ? 0 : -1;
        c->out.start += (size_t)n;
        c->asked = true;
    }
    return 0;
}

bool channel_has_message(const struct channel *c)
{
    struct wire_msg m;

    return c->in.data && wire_parse(c->in.data + c->in.start,
                                    c->in.end - c->in.start, &m) != 0;
}

/* Reads what is there after poll() said so. */
static int receive(struct channel *c)
{
    ssize_t n;

    if (reserve(&c->in, IN_SIZE))
        return -1;
    n = read(c->fd, c->in.data + c->in.end, c->in.cap - c->in.end);
    if (n < 0)
        return errno == EINTR || errno == EAGAIN ? 0 : -1;
    if (n == 0) {
        errno = ECONNRESET;
        return -1;
    }
    c->in.end += (size_t)n;
    return 0;
}

/* Takes a whole message out of the input buffer: 1, 0 (none yet) or -1. */
static int take_message(struct channel *c, struct wire_msg *msg_out)
{
    long used =
        wire_parse(c->in.data + c->in.start, c->in.end - c->in.start, msg_out);

    if (used < 0) {
        errno = EPROTO;
        return -1;
    }
    c->in.start += (size_t)used;
    if (used > 0 && msg_out->type != XS_WATCH_EVENT)
        c->asked = false;
    return used > 0;
}

/* Sends what is queued and waits for any of them: 1, 0 (time is over) or -1. */
static int exchange(struct channel *const *c, int n, int timeout_ms)
{
    struct pollfd p[CHANNEL_MANY];
    int r;

    for (int i = 0; i < n; i++) {
        if (channel_flush(c[i]))
            return -1;
        p[i] = (struct pollfd){ .fd = c[i]->fd, .events = POLLIN };
        if (write_size(c[i]))
            p[i].events |= POLLOUT;
    }
    r = poll(p, (nfds_t)n, timeout_ms);
    if (r <= 0)
        return r < 0 && errno == EINTR ? 1 : r;
    for (int i = 0; i < n; i++)
        if (p[i].revents & ~POLLOUT && receive(c[i]))
            return -1;
    return 1;
}

int channel_next_of(struct channel *const *c, int n, struct wire_msg *msg_out,
                    int timeout_ms)
{
    int r = 1;

    while (r > 0) {
        for (int i = 0; i < n; i++) {
            int got = c[i]->in.data ? take_message(c[i], msg_out) : 0;

            if (got)
                return got;
        }
        r = exchange(c, n, timeout_ms);
    }
    return r;
}

int channel_next(struct channel *c, struct wire_msg *msg_out, int timeout_ms)
{
    return channel_next_of(&c, 1, msg_out, timeout_ms);
}
