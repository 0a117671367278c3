/* Way B: XenAPI calls by POST. libmicrohttpd keeps the connections; a few
 * threads decode and answer; a call that takes time holds no thread here. */
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "class/dispatch.h"
#include "http/http_internal.h"
#include "rpc/rpc.h"

enum {
    BODY_MAX = 300 * 1024, /* bytes, as in XenAPI */
    DECODERS = 4,          /* threads */
    IDLE_S = 300,          /* of a kept connection */
    HALF_S = 60,           /* a waiting TCP client that sends no more */
};

struct rpc_server {
    struct xapi *x;
    struct MHD_Daemon *daemon;
    GThreadPool *decoders;
    int hangups;  /* epoll: connections of waiting calls */
    GQueue *half; /* struct half, the earliest first; hangup thread only */
    int stop[2];  /* pipe: a byte ends the hangup thread */
    GThread *hangup_thread;
    GMutex lock;
    GHashTable *waiting; /* id -> struct post, each with a reference */
    GHashTable *peers;   /* fd -> struct http_peer of a connection to come */
    guint64 next_id;
};

enum post_state { POST_READING, POST_WHOLE, POST_RUNNING, POST_ANSWERED };

/* One call, from its first body byte to the end of its answer. */
struct post {
    gint refs;
    struct rpc_server *server;
    struct MHD_Connection *conn;
    char *target; /* as sent, with the query */
    GString *body;
    bool seen, options, json, too_long, root, tcp;
    char client[64];
    GMutex lock;
    enum post_state state;
    struct rpc_request request;
    struct dispatch_wait *wait;
    guint64 id; /* in `waiting`, 0 when not there */
    int status;
    const char *type;
    GString *answer;
};

static void post_unref(struct post *p)
{
    if (!g_atomic_int_dec_and_test(&p->refs))
        return;
    if (p->wait)
        dispatch_abandon(p->wait);
    rpc_request_dispose(&p->request);
    g_free(p->target);
    if (p->body)
        g_string_free(p->body, TRUE);
    if (p->answer)
        g_string_free(p->answer, TRUE);
    g_mutex_clear(&p->lock);
    g_free(p);
}

/* ---- answers ----------------------------------------------------------------
 */

/* Gives the post its answer, once, and wakes its connection. */
static void finish(struct post *p, int status, const char *type,
                   GString *answer)
{
    g_mutex_lock(&p->lock);
    bool first = p->state == POST_RUNNING;
    if (first) {
        p->status = status;
        p->type = type;
        p->answer = answer;
        p->state = POST_ANSWERED;
    }
    g_mutex_unlock(&p->lock);
    if (first)
        MHD_resume_connection(p->conn);
    else
        g_string_free(answer, TRUE);
}

static void finish_malformed(struct post *p, const struct err *err)
{
    GString *html = g_string_new("<html><body><h1>HTTP 500 Internal Server "
                                 "Error</h1><p>");
    g_autofree char *why = g_markup_escape_text(err->message, -1);
    g_string_append_printf(html,
                           "The message cannot be read: %s</p></body>"
                           "</html>\n",
                           why);
    finish(p, 500, "text/html", html);
}

static void on_done(void *user, struct reply *reply, struct fault *fault)
{
    struct post *p = user;
    GString *out = g_string_sized_new(reply ? 4096 : 512);
    if (reply)
        rpc_encode_result(out, &p->request, reply);
    else
        rpc_encode_fault(out, &p->request, fault);
    reply_free(reply);
    finish(p, 200, rpc_content_type(p->request.format), out);
}

/* ---- clients that go while they wait ---------------------------------------
 */

static int connection_fd(struct MHD_Connection *conn)
{
    return MHD_get_connection_info(conn, MHD_CONNECTION_INFO_CONNECTION_FD)
        ->connect_fd;
}

/* libmicrohttpd does not look at a suspended connection, so this does. */
static void watch_hangup(struct post *p)
{
    struct rpc_server *s = p->server;
    g_mutex_lock(&s->lock);
    g_mutex_lock(&p->lock);
    if (p->state == POST_RUNNING) {
        p->id = ++s->next_id;
        struct epoll_event ev = { .events = EPOLLRDHUP | EPOLLONESHOT,
                                  .data.u64 = p->id };
        g_atomic_int_inc(&p->refs);
        guint64 *key = g_memdup2(&p->id, sizeof(p->id));
        g_hash_table_insert(s->waiting, key, p);
        epoll_ctl(s->hangups, EPOLL_CTL_ADD, connection_fd(p->conn), &ev);
    }
    g_mutex_unlock(&p->lock);
    g_mutex_unlock(&s->lock);
}

static void unwatch_hangup(struct post *p)
{
    struct rpc_server *s = p->server;
    g_mutex_lock(&s->lock);
    bool there = p->id && g_hash_table_remove(s->waiting, &p->id);
    if (p->id)
        epoll_ctl(s->hangups, EPOLL_CTL_DEL, connection_fd(p->conn), NULL);
    p->id = 0;
    g_mutex_unlock(&s->lock);
    if (there)
        post_unref(p);
}

/* The client of this call is gone, or the server ends. */
static void give_up(struct rpc_server *s, guint64 id)
{
    g_mutex_lock(&s->lock);
    struct post *p = g_hash_table_lookup(s->waiting, &id);
    if (p)
        g_hash_table_remove(s->waiting, &id); /* its reference is ours now */
    g_mutex_unlock(&s->lock);
    if (!p)
        return;
    g_mutex_lock(&p->lock);
    struct dispatch_wait *w = g_steal_pointer(&p->wait);
    g_mutex_unlock(&p->lock);
    if (w)
        dispatch_abandon(w);
    finish(p, 503, "text/plain", g_string_new("ended\n"));
    post_unref(p);
}

/* A waiting call whose client has ended its side of the connection. */
struct half {
    guint64 id;
    gint64 until; /* monotonic, microseconds */
};

/* What has ended here may have shut down only what it sends: it still reads. A
 * UNIX socket tells when the other side is closed altogether; TCP does not,
 * so there the call waits for HALF_S at most. */
static void note_half(struct rpc_server *s, guint64 id)
{
    struct epoll_event ev = { .data.u64 = id };
    bool tcp = false;
    g_mutex_lock(&s->lock);
    struct post *p = g_hash_table_lookup(s->waiting, &id);
    if (p) {
        tcp = p->tcp;
        epoll_ctl(s->hangups, EPOLL_CTL_MOD, connection_fd(p->conn), &ev);
    }
    g_mutex_unlock(&s->lock);
    if (!tcp)
        return;
    struct half *h = g_new(struct half, 1);
    *h = (struct half){ id, g_get_monotonic_time() + HALF_S * G_USEC_PER_SEC };
    g_queue_push_tail(s->half, h);
}

/* Milliseconds until the next of them is late, -1 when there is none. */
static int drop_half(struct rpc_server *s)
{
    gint64 now = g_get_monotonic_time();
    for (struct half *h; (h = g_queue_peek_head(s->half));) {
        if (h->until > now)
            return (int)((h->until - now) / 1000) + 1;
        give_up(s, h->id);
        g_free(g_queue_pop_head(s->half));
    }
    return -1;
}

static gpointer run_hangups(gpointer data)
{
    struct rpc_server *s = data;
    for (;;) {
        struct epoll_event ev[16];
        int n = epoll_wait(s->hangups, ev, G_N_ELEMENTS(ev), drop_half(s));
        if (n < 0 && errno != EINTR)
            return NULL;
        for (int i = 0; i < n; i++) {
            if (!ev[i].data.u64) /* the stop pipe */
                return NULL;
            if (ev[i].events & (EPOLLHUP | EPOLLERR))
                give_up(s, ev[i].data.u64);
            else
                note_half(s, ev[i].data.u64);
        }
    }
}

/* ---- calls
 * -------------------------------------------------------------------- */

/* A decoder thread: reads the message and starts the call. */
static void run_post(gpointer data, gpointer user)
{
    struct post *p = data;
    struct rpc_server *s = user;
    ERR_AUTO err = { 0 };
    int bad =
        p->json ? rpc_decode_json(p->body->str, p->body->len, &p->request, &err)
                : rpc_decode_xml(p->body->str, p->body->len, &p->request, &err);
    if (bad) {
        finish_malformed(p, &err);
    } else {
        struct call call = { .method = p->request.method,
                             .params = p->request.params,
                             .from_unix_socket = p->root,
                             .client = p->client };
        struct dispatch_wait *w = dispatch_start(s->x, &call, on_done, p);
        g_mutex_lock(&p->lock);
        p->wait = w;
        g_mutex_unlock(&p->lock);
        if (w)
            watch_hangup(p);
    }
    post_unref(p);
}

static enum MHD_Result queue(struct MHD_Connection *conn, int status,
                             const char *type, GString *body, const char *more,
                             const char *more_value)
{
    size_t len = body->len;
    struct MHD_Response *r = MHD_create_response_from_buffer(
        len, g_string_free(body, FALSE), MHD_RESPMEM_MUST_FREE);
    MHD_add_response_header(r, "content-type", type);
    MHD_add_response_header(r, "Access-Control-Allow-Origin", "*");
    MHD_add_response_header(r, "Access-Control-Allow-Headers",
                            "X-Requested-With, Content-Type");
    MHD_add_response_header(r, "cache-control", "no-cache, no-store");
    if (more)
        MHD_add_response_header(r, more, more_value);
    if (status >= 300)
        MHD_add_response_header(r, "Connection", "close");
    enum MHD_Result ok = MHD_queue_response(conn, (unsigned)status, r);
    MHD_destroy_response(r);
    return ok;
}

/* The whole body is here: hand it to a decoder. Only at the second call after
 * the body, since a connection that is suspended at the first reads before it
 * sends when it is resumed, and is dropped if the client sends no more. */
static enum MHD_Result start(struct post *p)
{
    if (p->too_long)
        return queue(p->conn, 413, "text/plain",
                     g_string_new("a call has at most 300 KiB\n"), NULL, NULL);
    p->state = POST_RUNNING;
    g_atomic_int_inc(&p->refs);
    MHD_suspend_connection(p->conn);
    g_thread_pool_push(p->server->decoders, p, NULL);
    return MHD_YES;
}

static enum MHD_Result on_post(struct post *p, const char *data, size_t *len)
{
    if (*len) {
        if (p->body->len + *len > BODY_MAX)
            p->too_long = true;
        else
            g_string_append_len(p->body, data, (gssize)*len);
        *len = 0;
        return MHD_YES;
    }
    if (p->options)
        return queue(p->conn, 200, "text/plain", g_string_new(""),
                     "Access-Control-Allow-Methods", "POST, GET, PUT, OPTIONS");
    if (p->state == POST_READING) {
        p->state = POST_WHOLE;
        return MHD_YES;
    }
    if (p->state == POST_WHOLE)
        return start(p);
    g_mutex_lock(&p->lock);
    GString *answer = g_steal_pointer(&p->answer);
    g_mutex_unlock(&p->lock);
    if (!answer)
        return MHD_NO;
    return queue(p->conn, p->status, p->type, answer, NULL, NULL);
}

/* libmicrohttpd's first word on a request: what it returns is *state. */
static void *on_target(void *cls, const char *target,
                       struct MHD_Connection *conn)
{
    const struct http_peer *peer =
        MHD_get_connection_info(conn, MHD_CONNECTION_INFO_SOCKET_CONTEXT)
            ->socket_context;
    struct post *p = g_new0(struct post, 1);
    p->refs = 1;
    p->server = cls;
    p->conn = conn;
    p->target = g_strdup(target);
    p->body = g_string_new(NULL);
    p->json = g_str_has_prefix(target, "/json");
    p->root = peer && peer->root;
    p->tcp = peer && peer->address.ss_family == AF_INET;
    g_strlcpy(p->client, peer ? peer->client : "", sizeof(p->client));
    g_mutex_init(&p->lock);
    return p;
}

/* What is no call needs a connection of its own: the client is sent to open
 * one, where raw.c answers it. 302 is the only redirection that XenServer's
 * clients follow, with any method. */
static enum MHD_Result send_away(struct post *p)
{
    return queue(p->conn, 302, "text/plain", g_string_new(""), "Location",
                 p->target);
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *conn,
                                  const char *url, const char *method,
                                  const char *version, const char *data,
                                  size_t *len, void **state)
{
    struct post *p = *state;
    (void)cls, (void)conn, (void)url, (void)version;
    if (p->seen)
        return on_post(p, data, len);
    p->seen = true;
    p->options = !strcmp(method, "OPTIONS");
    return !p->options && strcmp(method, "POST") ? send_away(p) : MHD_YES;
}

static void on_completed(void *cls, struct MHD_Connection *conn, void **state,
                         enum MHD_RequestTerminationCode why)
{
    struct post *p = *state;
    (void)cls, (void)conn, (void)why;
    *state = NULL;
    if (!p)
        return;
    unwatch_hangup(p);
    post_unref(p);
}

/* ---- connections
 * -------------------------------------------------------------- */

static void on_connection(void *cls, struct MHD_Connection *conn,
                          void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct rpc_server *s = cls;
    gpointer key = GINT_TO_POINTER(connection_fd(conn));
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        g_free(*context);
        *context = NULL;
        return;
    }
    g_mutex_lock(&s->lock);
    g_hash_table_steal_extended(s->peers, key, NULL, context);
    g_mutex_unlock(&s->lock);
}

void rpc_server_add(struct rpc_server *s, int fd, const struct http_peer *peer)
{
    gpointer key = GINT_TO_POINTER(fd);
    struct sockaddr_storage address = peer->address;
    g_mutex_lock(&s->lock);
    g_hash_table_insert(s->peers, key, g_memdup2(peer, sizeof(*peer)));
    g_mutex_unlock(&s->lock);
    /* closes fd itself when it fails */
    if (MHD_add_connection(s->daemon, fd, (struct sockaddr *)&address,
                           peer->address_len) == MHD_YES)
        return;
    g_mutex_lock(&s->lock);
    g_hash_table_remove(s->peers, key);
    g_mutex_unlock(&s->lock);
}

static void on_log(void *cls, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));
static void on_log(void *cls, const char *fmt, va_list ap)
{
    (void)cls;
    g_logv("http", G_LOG_LEVEL_DEBUG, fmt, ap);
}

static struct MHD_Daemon *daemon_start(struct rpc_server *s, unsigned max)
{
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ITC |
            MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG,
        0, NULL, NULL, on_request, s, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL,
        MHD_OPTION_CONNECTION_LIMIT, max, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_S, MHD_OPTION_URI_LOG_CALLBACK, on_target, s,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, s, MHD_OPTION_END);
}

struct rpc_server *rpc_server_open(struct xapi *x, unsigned connections_max,
                                   struct err *err)
{
    struct rpc_server *s = g_new0(struct rpc_server, 1);
    struct epoll_event ev = { .events = EPOLLIN };
    s->x = x;
    g_mutex_init(&s->lock);
    s->waiting =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    s->peers = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    s->half = g_queue_new();
    s->hangups = epoll_create1(EPOLL_CLOEXEC);
    s->stop[0] = s->stop[1] = -1;
    if (s->hangups < 0 || pipe2(s->stop, O_CLOEXEC) < 0 ||
        epoll_ctl(s->hangups, EPOLL_CTL_ADD, s->stop[0], &ev) < 0) {
        err_errno(err, ERR_IO, errno, "cannot watch connections");
        rpc_server_close(s);
        return NULL;
    }
    s->decoders = g_thread_pool_new(run_post, s, DECODERS, TRUE, NULL);
    s->hangup_thread = g_thread_new("hangups", run_hangups, s);
    s->daemon = daemon_start(s, connections_max);
    if (s->daemon)
        return s;
    err_set(err, ERR_IO, "cannot start the HTTP server");
    rpc_server_close(s);
    return NULL;
}

/* libmicrohttpd must not be stopped with a suspended connection. */
static void end_waiting(struct rpc_server *s)
{
    for (;;) {
        GHashTableIter it;
        gpointer key;
        guint64 id = 0;
        g_mutex_lock(&s->lock);
        g_hash_table_iter_init(&it, s->waiting);
        if (g_hash_table_iter_next(&it, &key, NULL))
            id = *(guint64 *)key;
        g_mutex_unlock(&s->lock);
        if (!id)
            return;
        give_up(s, id);
    }
}

void rpc_server_close(struct rpc_server *s)
{
    if (s->hangup_thread) {
        if (write(s->stop[1], "", 1) == 1)
            g_thread_join(s->hangup_thread);
        g_thread_pool_free(s->decoders, FALSE, TRUE);
        end_waiting(s);
    }
    if (s->daemon)
        MHD_stop_daemon(s->daemon);
    for (int i = 0; i < 2; i++)
        if (s->stop[i] >= 0)
            close(s->stop[i]);
    if (s->hangups >= 0)
        close(s->hangups);
    g_queue_free_full(s->half, g_free);
    g_hash_table_destroy(s->waiting);
    g_hash_table_destroy(s->peers);
    g_mutex_clear(&s->lock);
    g_free(s);
}
