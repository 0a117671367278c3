/* The thin client's connection, as commands see it. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "cli/internal.h"

enum { SEND_WAIT_S = 60, ANSWER_WAIT_S = 3600, LOAD_MAX = 32 * 1024 * 1024 };

static int gone(struct cli *c)
{
    c->gone = true;
    return cli_fail(c, "the client is gone");
}

static int wait_for(struct cli *c, short events, unsigned wait_s)
{
    struct pollfd p = { .fd = c->fd, .events = events };
    int n;
    do {
        n = poll(&p, 1, (int)wait_s * 1000);
    } while (n < 0 && errno == EINTR);
    return n == 1 ? 0 : gone(c);
}

static int write_all(struct cli *c, const uint8_t *data, size_t len)
{
    while (len) {
        ssize_t n = send(c->fd, data, len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
            if (wait_for(c, POLLOUT, SEND_WAIT_S))
                return -1;
            continue;
        }
        if (n < 0)
            return gone(c);
        data += n;
        len -= (size_t)n;
    }
    return 0;
}

int cli_send(struct cli *c, const struct thin_message *m)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    if (c->gone)
        return -1;
    if (c->fd < 0) {
        thin_encode(c->sent, m);
        return 0;
    }
    thin_encode(bytes, m);
    return write_all(c, bytes->data, bytes->len);
}

int cli_read(struct cli *c, void *buf, size_t len, unsigned wait_s)
{
    for (size_t done = 0; done < len;) {
        if (c->gone || wait_for(c, POLLIN, wait_s))
            return -1;
        ssize_t n = recv(c->fd, (char *)buf + done, len - done, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return gone(c);
        done += (size_t)n;
    }
    return 0;
}

static int receive_one(struct cli *c, struct thin_message *out, unsigned wait_s)
{
    uint8_t head[4];
    uint32_t len;
    ERR_AUTO err = { 0 };
    if (cli_read(c, head, sizeof(head), wait_s))
        return -1;
    if (thin_length(head, &len, &err))
        return gone(c);
    g_autofree uint8_t *body = g_malloc(len ? len : 1);
    if (cli_read(c, body, len, wait_s))
        return -1;
    return thin_decode(body, len, out, &err) ? gone(c) : 0;
}

int cli_receive(struct cli *c, struct thin_message *out, unsigned wait_s)
{
    for (;;) {
        if (receive_one(c, out, wait_s))
            return -1;
        if (out->tag != THIN_WAIT)
            return 0;
        thin_message_dispose(out);
    }
}

int cli_greet(struct cli *c)
{
    uint8_t mine[THIN_GREETING], peer[THIN_GREETING];
    int32_t minor;
    thin_greet(mine);
    if (write_all(c, mine, sizeof(mine)) ||
        cli_read(c, peer, sizeof(peer), SEND_WAIT_S))
        return -1;
    return thin_check_greeting(peer, &minor, NULL) ? gone(c) : 0;
}

/* The bytes of a blob: chunks until its end, after `first` if that is one. */
static GString *receive_blob(struct cli *c)
{
    GString *blob = g_string_new(NULL);
    for (;;) {
        struct thin_message m;
        if (cli_receive(c, &m, ANSWER_WAIT_S))
            break;
        enum thin_tag tag = m.tag;
        int64_t n = m.number;
        thin_message_dispose(&m);
        if (tag == THIN_END)
            return blob;
        if (tag != THIN_CHUNK || n < 0 || n + (int64_t)blob->len > LOAD_MAX)
            break;
        gsize at = blob->len;
        g_string_set_size(blob, at + (gsize)n);
        if (cli_read(c, blob->str + at, (size_t)n, SEND_WAIT_S))
            break;
    }
    gone(c);
    g_string_free(blob, TRUE);
    return NULL;
}

char *cli_ask(struct cli *c, const char *question)
{
    struct thin_message m = { .tag = THIN_PROMPT };
    cli_stderr(c, question);
    if (cli_send(c, &m))
        return NULL;
    GString *blob = receive_blob(c);
    return blob ? g_string_free(blob, FALSE) : NULL;
}

/* OK or Failed of the client. */
static int verdict(struct cli *c, const char *what)
{
    struct thin_message m;
    if (cli_receive(c, &m, ANSWER_WAIT_S * 24))
        return -1;
    enum thin_tag tag = m.tag;
    thin_message_dispose(&m);
    return tag == THIN_OK ? 0 : cli_fail(c, "%s failed", what);
}

char *cli_load(struct cli *c, const char *file, size_t *len_out)
{
    struct thin_message m = { .tag = THIN_LOAD, .text = (char *)file };
    if (cli_send(c, &m) || verdict(c, "reading the file"))
        return NULL;
    GString *blob = receive_blob(c);
    if (!blob)
        return NULL;
    *len_out = blob->len;
    return g_string_free(blob, FALSE);
}

int cli_http(struct cli *c, enum thin_tag tag, const char *file,
             const char *url)
{
    bool connect = tag == THIN_HTTP_CONNECT;
    struct thin_message m = { .tag = tag,
                              .text = (char *)(connect ? url : file),
                              .url = (char *)url };
    if (cli_send(c, &m))
        return -1;
    return verdict(c, connect ? "the console" : "the transfer");
}
