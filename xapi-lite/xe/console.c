/* A guest's console on the terminal of xe. */
#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "xe/request.h"
#include "xe/transfer.h"

enum { ESCAPE = 0x1d }; /* Ctrl-] */

/* The terminal as it was; `raw` when it must be put back. */
struct terminal {
    struct termios before;
    bool raw;
};

static void terminal_raw(struct terminal *t)
{
    struct termios now;
    t->raw = tcgetattr(STDIN_FILENO, &t->before) == 0;
    if (!t->raw)
        return;
    now = t->before;
    cfmakeraw(&now);
    tcsetattr(STDIN_FILENO, TCSANOW, &now);
}

static void terminal_restore(struct terminal *t)
{
    if (t->raw)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &t->before);
    t->raw = false;
}

static int put_out(const char *buf, ssize_t len, struct err *err)
{
    for (ssize_t n; len > 0; buf += n, len -= n) {
        n = write(STDOUT_FILENO, buf, (size_t)len);
        if (n < 0 && errno == EINTR)
            n = 0;
        else if (n < 0)
            return err_errno(err, ERR_IO, errno, "cannot write the console");
    }
    return 0;
}

/* Bytes of the guest. 1: go on, 0: the console has ended. */
static int from_guest(struct conn *c, struct err *err)
{
    char buf[4096];
    ssize_t n = conn_read(c, buf, sizeof(buf), err);
    if (n <= 0)
        return (int)n;
    return put_out(buf, n, err) ? -1 : 1;
}

/* Bytes of the user. 1: go on, 0: Ctrl-]. At the end of input (a script's
 * pipe) only the guest is heard: *input is cleared. */
static int from_user(struct conn *c, bool *input, struct err *err)
{
    char buf[4096];
    ssize_t n = read(STDIN_FILENO, buf, sizeof(buf));
    if (n <= 0) {
        *input = false;
        return 1;
    }
    char *end = memchr(buf, ESCAPE, (size_t)n);
    size_t len = end ? (size_t)(end - buf) : (size_t)n;
    if (conn_write(c, buf, len, err))
        return -1;
    return end ? 0 : 1;
}

static int bridge(struct conn *c, struct err *err)
{
    bool input = true;
    for (;;) {
        struct pollfd p[2] = {
            { .fd = conn_fd(c), .events = POLLIN },
            { .fd = input ? STDIN_FILENO : -1, .events = POLLIN },
        };
        if (!conn_pending(c) && poll(p, 2, -1) < 0 && errno != EINTR)
            return err_errno(err, ERR_IO, errno, "cannot wait for the console");
        int r = 1;
        if (conn_pending(c) || p[0].revents)
            r = from_guest(c, err);
        if (r == 1 && p[1].revents)
            r = from_user(c, &input, err);
        if (r < 1)
            return r;
    }
}

int transfer_connect(const struct transfer *t, const char *url, struct err *err)
{
    struct request r = { .method = "CONNECT", .length = -1 };
    struct terminal term = { 0 };
    int64_t unused;
    struct conn *c = request_start(&t->target, &r, url, &unused, err);
    if (!c)
        return -1;
    if (isatty(STDIN_FILENO))
        fputs("Connected. Press Ctrl-] to leave.\r\n", stderr);
    terminal_raw(&term);
    int result = bridge(c, err);
    terminal_restore(&term);
    conn_close(c);
    return result;
}
