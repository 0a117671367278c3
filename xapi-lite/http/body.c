/* The body of a request: as long as announced, or in chunks (RFC 9112, 7.1);
 * the wait for it ends when its task is cancelled. */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "http/handler.h"

enum { SILENCE_MS = 60000, LOOK_MS = 250, LINE_MAX_BYTES = 256 };

void http_body_begin(struct http_request *r)
{
    const char *coding = http_header(&r->head, "transfer-encoding");
    r->chunked = coding && !g_ascii_strcasecmp(coding, "chunked");
    r->body_left = r->chunked ? 0 : r->head.length;
}

static int await(struct http_request *r, struct err *err)
{
    struct pollfd p = { .fd = r->fd, .events = POLLIN };
    for (int waited = 0; waited < SILENCE_MS; waited += LOOK_MS) {
        if (r->task && task_cancelled(r->task))
            return err_set(err, ERR_FAIL, "the task was cancelled");
        int n = poll(&p, 1, LOOK_MS);
        if (n == 1)
            return 0;
        if (n < 0 && errno != EINTR)
            break;
    }
    return err_set(err, ERR_TIMEOUT, "the client sends nothing any more");
}

static ssize_t receive(struct http_request *r, void *buf, size_t len,
                       struct err *err)
{
    if (await(r, err) < 0)
        return -1;
    ssize_t n = recv(r->fd, buf, len, 0);
    if (n > 0)
        return n;
    return r->chunked
               ? err_set(err, ERR_IO, "the client ended the upload early")
               : err_set(err, ERR_IO,
                         "the client ended the upload %" PRId64 " bytes early",
                         r->body_left);
}

/* Up to the line's end, which is not part of it. */
static int read_line(struct http_request *r, char line[LINE_MAX_BYTES],
                     struct err *err)
{
    for (size_t n = 0; n < LINE_MAX_BYTES - 1; n++) {
        if (receive(r, line + n, 1, err) < 0)
            return -1;
        if (line[n] != '\n')
            continue;
        line[n && line[n - 1] == '\r' ? n - 1 : n] = 0;
        return 0;
    }
    return err_set(err, ERR_FAIL, "a chunk's first line is too long");
}

static int skip_trailers(struct http_request *r, struct err *err)
{
    enum { MOST = 100 };
    char line[LINE_MAX_BYTES];
    for (int i = 0; i < MOST; i++)
        if (read_line(r, line, err) < 0)
            return -1;
        else if (!*line)
            return 0;
    return err_set(err, ERR_FAIL, "the chunks' trailer does not end");
}

/* The size of the next chunk; the end of the one before is behind us. */
static int next_chunk(struct http_request *r, struct err *err)
{
    char line[LINE_MAX_BYTES], *end;
    if (r->chunk_begun &&
        (read_line(r, line, err) < 0 ||
         (*line &&
          err_set(err, ERR_FAIL, "a chunk is longer than it says") < 0)))
        return -1;
    if (read_line(r, line, err) < 0)
        return -1;
    errno = 0;
    unsigned long long size = strtoull(line, &end, 16);
    if (!g_ascii_isxdigit(*line) || errno || size > INT64_MAX ||
        !strchr("; \t", *end))
        return err_set(err, ERR_FAIL, "\"%s\" is not the size of a chunk",
                       line);
    r->chunk_begun = true;
    r->body_left = (int64_t)size;
    if (size)
        return 0;
    r->chunked = false; /* that was the last */
    return skip_trailers(r, err);
}

ssize_t http_body_read(struct http_request *r, void *buf, size_t len,
                       struct err *err)
{
    if (r->chunked && r->body_left <= 0 && next_chunk(r, err) < 0)
        return -1;
    if (r->body_left <= 0)
        return 0;
    ssize_t n = receive(r, buf, MIN(len, (size_t)r->body_left), err);
    r->body_left -= n > 0 ? n : 0;
    return n;
}
