/* Serves the metrics over HTTP (way C, last arrow). libmicrohttpd's one thread
 * takes a sample for each request, so that nothing runs between scrapes but the
 * watches. */
#include "top/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/prom.h"
#include "top/rate.h"
#include "top/run.h"
#include "top/source.h"

enum { TIMEOUT_S = 30, CONNECTIONS = 64 };

struct server {
    const struct options *o;
    struct source *src;
    struct sample *sample, *spare; /* the last one stays when a record ends */
    struct rates *rates;
};

static const char page[] =
    "<html><head><title>xentop</title></head><body>"
    "<p>Metrics of this Xen host: <a href=\"/metrics\">/metrics</a></p>"
    "</body></html>\n";

static enum MHD_Result reply(struct MHD_Connection *c, unsigned status,
                             const char *type, const char *text, size_t len)
{
    struct MHD_Response *r = MHD_create_response_from_buffer(
        len, (void *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY);
    if (!r)
        return MHD_NO;
    MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(r, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    enum MHD_Result done = MHD_queue_response(c, status, r);
    MHD_destroy_response(r);
    return done;
}

static enum MHD_Result reply_metrics(struct server *s, struct MHD_Connection *c)
{
    ERR_AUTO err = { 0 };
    if (source_next(s->src, s->sample, &err) < 0)
        return reply(c, MHD_HTTP_SERVICE_UNAVAILABLE, "text/plain", err.message,
                     strlen(err.message));
    g_autoptr(GString) out = g_string_new(NULL);
    rate_fill(s->rates, NULL, s->sample);
    run_render(out, s->o, s->sample, s->rates);
    return reply(c, MHD_HTTP_OK, PROM_CONTENT_TYPE, out->str, out->len);
}

static enum MHD_Result answer(void *data, struct MHD_Connection *c,
                              const char *url, const char *method,
                              const char *version, const char *upload,
                              size_t *upload_size, void **state)
{
    static const char wrong_method[] = "only GET and HEAD\n";
    static const char nothing[] = "there is only /metrics\n";
    (void)version, (void)upload;
    /* The first call comes before the body, if there is one. */
    if (!*state) {
        *state = c;
        return MHD_YES;
    }
    if (*upload_size) {
        *upload_size = 0;
        return MHD_YES;
    }
    if (strcmp(method, "GET") && strcmp(method, "HEAD"))
        return reply(c, MHD_HTTP_METHOD_NOT_ALLOWED, "text/plain", wrong_method,
                     sizeof wrong_method - 1);
    if (g_str_equal(url, "/metrics"))
        return reply_metrics(data, c);
    if (g_str_equal(url, "/"))
        return reply(c, MHD_HTTP_OK, "text/html", page, sizeof page - 1);
    return reply(c, MHD_HTTP_NOT_FOUND, "text/plain", nothing,
                 sizeof nothing - 1);
}

static int bad_address(struct err *err, const char *text)
{
    err_set(err, ERR_USAGE, "--listen takes ADDRESS:PORT, not \"%s\"", text);
    return err_hint(err, "For example --listen 127.0.0.1:9617, --listen :9617 "
                         "(loopback) or --listen [::]:9617 (everybody).");
}

int listen_parse(const char *text, struct sockaddr_storage *out,
                 struct err *err)
{
    const char *colon = strrchr(text, ':');
    const char *port = colon ? colon + 1 : text;
    g_autofree char *host = g_strndup(text, colon ? (gsize)(colon - text) : 0);
    gsize n = strlen(host);
    if (n >= 2 && host[0] == '[' && host[n - 1] == ']') {
        host[n - 1] = '\0';
        memmove(host, host + 1, n - 1);
    } else if (strchr(host, ':')) {
        return bad_address(err, text);
    }
    char *end;
    guint64 number = g_ascii_strtoull(port, &end, 10);
    if (!g_ascii_isdigit(*port) || *end || number > 65535)
        return bad_address(err, text);
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
                              .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV };
    struct addrinfo *found;
    if (g_str_equal(host, "localhost"))
        *host = '\0';
    if (getaddrinfo(*host ? host : "127.0.0.1", port, &hints, &found))
        return bad_address(err, text);
    *out = (struct sockaddr_storage){ 0 };
    memcpy(out, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return 0;
}

static int bind_to(const char *text, struct err *err)
{
    struct sockaddr_storage a;
    if (listen_parse(text, &a, err))
        return -1;
    int one = 1;
    int fd = socket(a.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    socklen_t len = a.ss_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                            : sizeof(struct sockaddr_in);
    if (fd < 0 || bind(fd, (struct sockaddr *)&a, len) || listen(fd, 16)) {
        err_errno(err, ERR_IO, errno, "cannot listen on %s", text);
        if (fd >= 0)
            close(fd);
        return -1;
    }
    return fd;
}

static int serve(struct server *s, int fd, struct err *err)
{
    /* MHD's thread inherits the mask: the signals come to sigwait below. */
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    struct MHD_Daemon *d = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO, 0, NULL, NULL, answer,
        s, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)TIMEOUT_S, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS,
        MHD_OPTION_END);
    if (!d) {
        close(fd);
        return err_set(err, ERR_IO, "cannot serve HTTP on %s", s->o->listen);
    }
    int signal;
    sigwait(&ends, &signal);
    MHD_stop_daemon(d);
    return 0;
}

int listen_run(const struct options *o, struct err *err)
{
    int fd = bind_to(o->listen, err);
    if (fd < 0)
        return -1;
    struct server s = { .o = o, .src = source_open(o, run_want(o), err) };
    if (!s.src) {
        close(fd);
        return -1;
    }
    s.sample = sample_new();
    s.spare = sample_new();
    s.rates = rate_new();
    fprintf(stderr, "xentop: metrics at http://%s/metrics\n", o->listen);
    int r = serve(&s, fd, err);
    sample_free(s.sample);
    sample_free(s.spare);
    rate_free(s.rates);
    source_close(s.src);
    return r;
}
