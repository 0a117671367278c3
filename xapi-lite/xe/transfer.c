/* Files up and down for the server, with a bar when asked. */
#include "xe/transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/early_sync.h"
#include "xe/request.h"

enum { BLOCK = 256 * 1024, BAR = 40 };

/* A bar on standard error, drawn when it grows. */
struct bar {
    bool on;
    int64_t total, done;
    int shown;
};

static void bar_add(struct bar *b, ssize_t n)
{
    b->done += n;
    if (!b->on || b->total <= 0)
        return;
    int cells = (int)(b->done * BAR / b->total);
    if (cells == b->shown || cells > BAR)
        return;
    b->shown = cells;
    fprintf(stderr, "\r[%.*s%*s] %3d%%", cells,
            "########################################", BAR - cells, "",
            (int)(b->done * 100 / b->total));
}

static void bar_end(struct bar *b)
{
    if (b->on && b->shown)
        fputc('\n', stderr);
}

static int write_file(int fd, const char *buf, size_t len, const char *file,
                      struct err *err)
{
    while (len) {
        ssize_t n = write(fd, buf, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(err, ERR_IO, errno, "cannot write \"%s\"", file);
        buf += n;
        len -= (size_t)n;
    }
    return 0;
}

static int receive(struct conn *c, int fd, const char *file, struct bar *b,
                   struct err *err)
{
    g_autofree char *buf = g_malloc(BLOCK);
    size_t unsynced = 0;
    for (;;) {
        ssize_t n = conn_read(c, buf, BLOCK, err);
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        if (write_file(fd, buf, (size_t)n, file, err))
            return -1;
        early_sync(fd, (size_t)n, &unsynced);
        bar_add(b, n);
    }
    if (b->total >= 0 && b->done != b->total)
        return err_set(err, ERR_IO,
                       "the download ended after %" PRId64 " of %" PRId64
                       " bytes",
                       b->done, b->total);
    return 0;
}

int transfer_get(const struct transfer *t, const char *file, const char *url,
                 struct err *err)
{
    struct request r = { .method = "GET", .length = -1 };
    struct bar b = { .on = t->progress };
    int fd = STDOUT_FILENO;
    if (*file)
        fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_errno(err, ERR_IO, errno, "cannot make the file \"%s\"",
                         file);
    struct conn *c = request_start(&t->target, &r, url, &b.total, err);
    int result = c ? receive(c, fd, file, &b, err) : -1;
    bar_end(&b);
    conn_close(c);
    if (!*file)
        return result;
    if (result == 0 && fsync(fd) < 0)
        result = err_errno(err, ERR_IO, errno, "cannot write \"%s\"", file);
    if (close(fd) < 0 && result == 0)
        result = err_errno(err, ERR_IO, errno, "cannot write \"%s\"", file);
    if (result)
        unlink(file);
    return result;
}

static int send_all(struct conn *c, int fd, const char *file, struct bar *b,
                    struct err *err)
{
    ssize_t sent;
    while ((sent = conn_send_file(c, fd, err)) > 0)
        bar_add(b, sent);
    if (sent < 0 && err->message)
        return -1;
    g_autofree char *buf = g_malloc(BLOCK);
    for (;;) { /* what is left, or a pipe */
        ssize_t n = read(fd, buf, BLOCK);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(err, ERR_IO, errno, "cannot read \"%s\"", file);
        if (n == 0)
            return 0;
        if (conn_write(c, buf, (size_t)n, err))
            return -1;
        bar_add(b, n);
    }
}

/* The server may answer and close before it has read all (a refused upload):
 * its answer says more than the failed write. */
static int put_body(struct conn *c, int fd, const char *file, struct bar *b,
                    struct err *err)
{
    ERR_AUTO send_err = { 0 };
    int sent = send_all(c, fd, file, b, &send_err);
    bar_end(b);
    if (request_finish(c, err) == 0 && sent == 0)
        return 0;
    if (sent && !err->message)
        err_move(err, &send_err);
    return -1;
}

int transfer_put(const struct transfer *t, const char *file, const char *url,
                 struct err *err)
{
    struct stat st = { 0 };
    struct bar b = { .on = t->progress };
    int64_t unused;
    int fd = *file ? open(file, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    if (fd < 0 || fstat(fd, &st) < 0)
        return err_errno(err, ERR_IO, errno, "cannot open \"%s\"", file);
    /* of a pipe the length is not known: the end of the stream tells */
    b.total = S_ISREG(st.st_mode) ? st.st_size : INT64_C(1) << 50;
    struct request r = { .method = "PUT", .length = b.total };
    b.on = b.on && S_ISREG(st.st_mode);
    struct conn *c = request_start(&t->target, &r, url, &unused, err);
    int result = c ? put_body(c, fd, file, &b, err) : -1;
    conn_close(c);
    if (*file)
        close(fd);
    return result;
}
