/* Requests with a connection of their own: the thin CLI, consoles, files. One
 * thread each, started when the whole head is there; their number is bounded.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "http/handler.h"
#include "http/http_internal.h"

enum { THREADS_MAX = 256, SILENCE_MS = 60000, CLOSE_WAIT_S = 5 };

struct raw_server {
    struct xapi *x;
    const char *www_dir;
    http_consoles_fn *consoles;
    GMutex lock;
    GCond idle;
    GHashTable *fds; /* of running requests */
};

static const struct row {
    const char *method, *path, *role;
    http_handler *run;
} rows[] = {
#define HANDLE(method, path, role, name) { method, path, role, name },
#include "http/handlers.def"
#undef HANDLE
};

/* Longest path wins; *other tells that the path exists with other methods. */
static const struct row *row_find(const struct http_head *h, bool *other)
{
    const struct row *best = NULL;
    *other = false;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct row *r = &rows[i];
        if (!g_str_has_prefix(h->path, r->path))
            continue;
        if (strcmp(r->method, h->method))
            *other = *other || strlen(r->path) > 1;
        else if (!best || strlen(r->path) > strlen(best->path))
            best = r;
    }
    return best;
}

/* ---- the connection ------------------------------------------------------ */

static int wait_for(int fd, short events)
{
    struct pollfd p = { .fd = fd, .events = events };
    int n;
    do {
        n = poll(&p, 1, SILENCE_MS);
    } while (n < 0 && errno == EINTR);
    return n == 1 ? 0 : -1;
}

int http_send(struct http_request *r, const void *buf, size_t len)
{
    while (len) {
        ssize_t n = send(r->fd, buf, len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
            if (wait_for(r->fd, POLLOUT))
                return -1;
            continue;
        }
        if (n < 0)
            return -1;
        buf = (const char *)buf + n;
        len -= (size_t)n;
    }
    return 0;
}

int http_head_send(struct http_request *r, int status, const char *type,
                   int64_t length, const char *extra)
{
    g_autoptr(GString) s = g_string_new(NULL);
    g_string_printf(s,
                    "HTTP/1.%d %d %s\r\nConnection: close\r\n"
                    "Cache-Control: no-cache, no-store\r\n"
                    "Access-Control-Allow-Origin: *\r\n",
                    r->head.minor, status, status < 300 ? "OK" : "Refused");
    if (type)
        g_string_append_printf(s, "Content-Type: %s\r\n", type);
    if (length >= 0)
        g_string_append_printf(s, "Content-Length: %" PRId64 "\r\n", length);
    g_string_append_printf(s, "%s\r\n", extra);
    r->answered = true;
    return http_send(r, s->str, s->len);
}

void http_refuse(struct http_request *r, int status, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    g_autofree char *text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    g_autofree char *body = g_strdup_printf("%s\n", text);
    const char *extra =
        status == 401 ? "WWW-Authenticate: Basic realm=\"xapi-lite\"\r\n" : "";
    if (r->answered)
        return;
    if (!http_head_send(r, status, "text/plain", (int64_t)strlen(body), extra))
        http_send(r, body, strlen(body));
}

void http_reply(struct http_request *r, const char *type, const char *body,
                size_t len)
{
    if (!http_head_send(r, 200, type, (int64_t)len, "") &&
        strcmp(r->head.method, "HEAD"))
        http_send(r, body, len);
}

void http_answer(int fd, int status, const char *reason, const char *extra)
{
    struct http_request r = { .fd = fd };
    g_autofree char *body = g_strdup_printf("%s\n", reason);
    if (!http_head_send(&r, status, "text/plain", (int64_t)strlen(body), extra))
        http_send(&r, body, strlen(body));
}

/* Bytes of one side to the other. False at the end of either. */
static bool copy_some(int from, struct http_request *to, int to_fd)
{
    char buf[16384];
    struct http_request other = { .fd = to_fd };
    ssize_t n = read(from, buf, sizeof(buf));
    if (n <= 0)
        return n < 0 && (errno == EINTR || errno == EAGAIN);
    if (to)
        return http_send(to, buf, (size_t)n) == 0;
    for (ssize_t at = 0, w; at < n; at += w) {
        w = write(other.fd, buf + at, (size_t)(n - at));
        if (w < 0 && errno == EAGAIN && !wait_for(other.fd, POLLOUT))
            w = 0;
        if (w < 0)
            return false;
    }
    return true;
}

void http_pump(struct http_request *r, int fd)
{
    struct pollfd p[2] = { { .fd = r->fd, .events = POLLIN },
                           { .fd = fd, .events = POLLIN } };
    for (bool go = true; go;) {
        if (poll(p, 2, -1) < 0 && errno != EINTR)
            return;
        if (p[0].revents)
            go = copy_some(r->fd, NULL, fd);
        if (go && p[1].revents)
            go = copy_some(fd, r, -1);
    }
}

/* ---- who asks -------------------------------------------------------------
 */

/* Logs in for this request only. */
static bool log_in(struct http_request *r, const char *user,
                   const char *password, bool root)
{
    FAULT_AUTO f = { 0 };
    char *ref = NULL;
    if (session_login(r->x, user, password, root, "http", r->client, &ref, &f))
        return false;
    r->own_session = true;
    bool good = session_check(r->x, ref, &r->session, &f) == 0;
    if (!good)
        session_logout(r->x, ref);
    g_free(ref);
    r->own_session = good;
    return good;
}

static bool log_in_basic(struct http_request *r, const char *credentials)
{
    gsize len;
    g_autofree guchar *raw = g_base64_decode(credentials, &len);
    g_autofree char *text = g_strndup((char *)raw, len);
    char *colon = strchr(text, ':');
    if (!colon)
        return false;
    *colon = 0;
    return log_in(r, text, colon + 1, false);
}

/* XenAPI's order: session, Basic, then the local socket. */
static bool authenticate(struct http_request *r)
{
    FAULT_AUTO f = { 0 };
    const char *ref = http_either(&r->head, "session_id");
    const char *basic = http_header(&r->head, "authorization");
    if (ref)
        return session_check(r->x, ref, &r->session, &f) == 0;
    if (basic && !g_ascii_strncasecmp(basic, "basic ", 6))
        return log_in_basic(r, basic + 6);
    return r->root && log_in(r, "root", "", true);
}

static void serve(struct http_request *r)
{
    FAULT_AUTO f = { 0 };
    bool other;
    const struct row *row = row_find(&r->head, &other);
    if (!row) {
        http_refuse(r, other ? 405 : 404, "%s %s is not served here",
                    r->head.method, r->head.path);
        return;
    }
    if (*row->role && !authenticate(r)) {
        http_refuse(r, 401,
                    "a session or a user name with its password is "
                    "needed");
        return;
    }
    if (*row->role && session_require(&r->session, row->role, row->path, &f)) {
        http_refuse(r, 403, "the role %s is needed", row->role);
        return;
    }
    row->run(r);
}

/* ---- threads ----------------------------------------------------------------
 */

struct job {
    struct raw_server *server;
    struct http_peer peer;
    size_t head_len;
    int fd;
};

static int read_head(struct job *job, struct http_request *r)
{
    g_autofree char *data = g_malloc(job->head_len);
    ERR_AUTO err = { 0 };
    size_t done = 0;
    while (done < job->head_len) {
        ssize_t n = recv(job->fd, data + done, job->head_len - done, 0);
        if (n <= 0)
            return -1;
        done += (size_t)n;
    }
    if (http_head_parse(data, job->head_len, &r->head, &err)) {
        http_answer(job->fd, 400, err.message, "");
        return -1;
    }
    http_body_begin(r);
    return 0;
}

static void forget(struct raw_server *s, int fd)
{
    g_mutex_lock(&s->lock);
    g_hash_table_remove(s->fds, GINT_TO_POINTER(fd));
    close(fd);
    g_cond_broadcast(&s->idle);
    g_mutex_unlock(&s->lock);
}

/* Lets the client read the answer to an upload that was not read to its end:
 * closing with unread bytes would reset the connection. */
static void linger(int fd)
{
    char sink[4096];
    shutdown(fd, SHUT_WR);
    for (int i = 0; i < 256; i++) {
        struct pollfd p = { .fd = fd, .events = POLLIN };
        if (poll(&p, 1, 2000) != 1 || read(fd, sink, sizeof(sink)) <= 0)
            return;
    }
}

static gpointer run_job(gpointer data)
{
    struct job *job = data;
    struct http_request r = { .x = job->server->x,
                              .fd = job->fd,
                              .root = job->peer.root,
                              .client = job->peer.client,
                              .www_dir = job->server->www_dir,
                              .consoles = job->server->consoles };
    if (read_head(job, &r) == 0) {
        serve(&r);
        if (!r.cut)
            linger(job->fd);
        if (r.own_session)
            session_logout(r.x, r.session.ref);
        session_info_dispose(&r.session);
        http_head_dispose(&r.head);
    }
    forget(job->server, job->fd);
    g_free(job);
    return NULL;
}

struct raw_server *raw_server_open(struct xapi *x,
                                   const struct http_config *config)
{
    struct raw_server *s = g_new0(struct raw_server, 1);
    s->x = x;
    s->www_dir = config->www_dir;
    s->consoles = config->consoles;
    g_mutex_init(&s->lock);
    g_cond_init(&s->idle);
    s->fds = g_hash_table_new(NULL, NULL);
    return s;
}

void raw_server_add(struct raw_server *s, int fd, size_t head_len,
                    const struct http_peer *peer)
{
    g_mutex_lock(&s->lock);
    bool room = g_hash_table_size(s->fds) < THREADS_MAX;
    if (room)
        g_hash_table_add(s->fds, GINT_TO_POINTER(fd));
    g_mutex_unlock(&s->lock);
    if (!room) {
        http_answer(fd, 503, "too many requests at once, try again", "");
        close(fd);
        return;
    }
    struct job *job = g_new(struct job, 1);
    *job = (struct job){
        .server = s, .peer = *peer, .head_len = head_len, .fd = fd
    };
    GThread *t = g_thread_try_new("http", run_job, job, NULL);
    if (t) {
        g_thread_unref(t);
        return;
    }
    g_free(job);
    forget(s, fd);
}

void raw_server_close(struct raw_server *s)
{
    gint64 end = g_get_monotonic_time() + CLOSE_WAIT_S * G_TIME_SPAN_SECOND;
    GHashTableIter it;
    gpointer fd;
    bool ended = true;
    g_mutex_lock(&s->lock);
    g_hash_table_iter_init(&it, s->fds);
    while (g_hash_table_iter_next(&it, &fd, NULL))
        shutdown(GPOINTER_TO_INT(fd), SHUT_RDWR);
    while (ended && g_hash_table_size(s->fds))
        ended = g_cond_wait_until(&s->idle, &s->lock, end);
    g_mutex_unlock(&s->lock);
    if (!ended) /* its threads may still look at it */
        return;
    g_hash_table_destroy(s->fds);
    g_free(s);
}
