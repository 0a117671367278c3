/* An archive from a web server: HTTP/1.0, so that its body ends with the
 * connection (way B). */
#include "xva/fetch.h"

#include <errno.h>
#include <glib.h>
#include <inttypes.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEAD_MAX = 16384, LOOK_MS = 250, SILENCE_MS = 60000 };

struct xva_fetch {
    int fd;
    int64_t left; /* -1: until the end of the connection */
};

struct place {
    char *host, *port, *path;
};

static void place_dispose(struct place *p)
{
    g_free(p->host);
    g_free(p->port);
    g_free(p->path);
}
#define PLACE_AUTO __attribute__((cleanup(place_dispose))) struct place

static int split_url(const char *url, struct place *out, struct err *err)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(GUri) u = g_uri_parse(url, G_URI_FLAGS_ENCODED, &why);
    if (!u)
        return err_set(err, ERR_CONFIG, "\"%s\" is not a URL: %s", url,
                       why->message);
    if (strcmp(g_uri_get_scheme(u), "http"))
        return err_set(err, ERR_CONFIG,
                       "only http:// is fetched, not %s://; give the file with "
                       "filename=",
                       g_uri_get_scheme(u));
    const char *path = g_uri_get_path(u), *query = g_uri_get_query(u);
    int port = g_uri_get_port(u);
    out->host = g_strdup(g_uri_get_host(u));
    out->port = g_strdup_printf("%d", port > 0 ? port : 80);
    out->path = g_strdup_printf("%s%s%s", *path ? path : "/", query ? "?" : "",
                                query ? query : "");
    return out->host && *out->host
               ? 0
               : err_set(err, ERR_CONFIG, "\"%s\" names no server", url);
}

static int connect_to(const struct place *p, struct err *err)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *all = NULL;
    struct timeval limit = { .tv_sec = 10 };
    int fd = -1, why = 0;
    int r = getaddrinfo(p->host, p->port, &hints, &all);
    if (r)
        return err_set(err, ERR_IO, "%s: %s", p->host, gai_strerror(r));
    for (struct addrinfo *a = all; a && fd < 0; a = a->ai_next) {
        fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd < 0)
            continue;
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        if (connect(fd, a->ai_addr, a->ai_addrlen) == 0)
            break;
        why = errno;
        close(fd);
        fd = -1;
    }
    freeaddrinfo(all);
    return fd >= 0 ? fd
                   : err_errno(err, ERR_IO, why, "cannot reach %s port %s",
                               p->host, p->port);
}

static int ask(int fd, const struct place *p, struct err *err)
{
    g_autofree char *text = g_strdup_printf("GET %s HTTP/1.0\r\nHost: %s\r\n"
                                            "User-Agent: xapi-lite\r\n\r\n",
                                            p->path, p->host);
    size_t len = strlen(text);
    return send(fd, text, len, MSG_NOSIGNAL) == (ssize_t)len
               ? 0
               : err_errno(err, ERR_IO, errno, "%s takes no request", p->host);
}

/* Bytes of the body; 0 at the end; -1. */
static ssize_t receive(int fd, void *buf, size_t len, bool (*stopped)(void *),
                       void *arg, struct err *err)
{
    for (int waited = 0; waited < SILENCE_MS; waited += LOOK_MS) {
        if (stopped && stopped(arg))
            return err_set(err, ERR_ABORTED, "cancelled");
        ssize_t n = recv(fd, buf, len, 0);
        if (n >= 0)
            return n;
        if (errno != EAGAIN && errno != EINTR)
            return err_errno(err, ERR_IO, errno, "the server is gone");
    }
    return err_set(err, ERR_TIMEOUT, "the server sends nothing any more");
}

/* One byte at a time: what follows is the body's. */
static int read_head(struct xva_fetch *f, const char *url, struct err *err)
{
    g_autoptr(GString) head = g_string_new(NULL);
    char c;
    while (!g_str_has_suffix(head->str, "\r\n\r\n")) {
        ssize_t n = receive(f->fd, &c, 1, NULL, NULL, err);
        if (n < 0)
            return -1;
        if (n == 0 || head->len > HEAD_MAX)
            return err_set(err, ERR_IO, "%s: this is no HTTP answer", url);
        g_string_append_c(head, c);
    }
    g_auto(GStrv) lines = g_strsplit(head->str, "\r\n", -1);
    const char *status = strchr(lines[0], ' ');
    if (!g_str_has_prefix(lines[0], "HTTP/1.") || !status)
        return err_set(err, ERR_IO, "%s: this is no HTTP answer", url);
    if (strncmp(status, " 200", 4))
        return err_set(err, ERR_IO, "%s: the server answers%s", url, status);
    for (char **l = lines + 1; *l; l++)
        if (!g_ascii_strncasecmp(*l, "content-length:", 15))
            f->left = g_ascii_strtoll(*l + 15, NULL, 10);
    return 0;
}

struct xva_fetch *xva_fetch_open(const char *url, struct err *err)
{
    PLACE_AUTO p = { 0 };
    struct timeval look = { .tv_usec = LOOK_MS * 1000 };
    if (split_url(url, &p, err) < 0)
        return NULL;
    int fd = connect_to(&p, err);
    if (fd < 0)
        return NULL;
    struct xva_fetch *f = g_new(struct xva_fetch, 1);
    *f = (struct xva_fetch){ .fd = fd, .left = -1 };
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &look, sizeof look);
    if (ask(fd, &p, err) == 0 && read_head(f, url, err) == 0)
        return f;
    xva_fetch_close(f);
    return NULL;
}

ssize_t xva_fetch_read(struct xva_fetch *f, void *buf, size_t len,
                       bool (*stopped)(void *arg), void *arg, struct err *err)
{
    if (f->left == 0)
        return 0;
    if (f->left > 0)
        len = MIN(len, (size_t)f->left);
    ssize_t n = receive(f->fd, buf, len, stopped, arg, err);
    if (n == 0 && f->left > 0)
        return err_set(err, ERR_IO, "the server ended %" PRId64 " bytes early",
                       f->left);
    if (n > 0 && f->left > 0)
        f->left -= n;
    return n;
}

void xva_fetch_close(struct xva_fetch *f)
{
    if (!f)
        return;
    close(f->fd);
    g_free(f);
}
