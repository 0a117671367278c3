/* Way B: accepts connections, waits until a whole head has come (MSG_PEEK, so
 * that slow clients cost nothing but a descriptor), and hands it on: calls to
 * rpc_server.c, everything else to raw.c. */
#include "http/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "http/http_internal.h"

enum { LISTENERS = 3, CONNECTIONS = 4000, HEAD_WAIT_S = 30, BACKLOG = 1024 };

struct listener {
    int fd;
    bool root;
    const char *name;
};

/* A connection whose head has not come yet. */
struct newcomer {
    int fd;
    struct http_peer peer;
    gint64 since; /* monotonic, microseconds */
};

struct http {
    struct listener listeners[LISTENERS];
    unsigned n_listeners;
    int epoll, stop[2];
    unsigned max;
    GHashTable *newcomers; /* fd -> struct newcomer */
    GThread *thread;
    struct rpc_server *rpc;
    struct raw_server *raw;
    char *paths[LISTENERS];
    char *peek; /* HTTP_HEAD_MAX bytes */
};

/* ---- listening ------------------------------------------------------------
 */

/* Whether a process answers on the socket that is there already. */
static bool is_alive(const struct sockaddr_un *sun)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool alive =
        fd >= 0 && connect(fd, (const struct sockaddr *)sun, sizeof(*sun)) == 0;
    if (fd >= 0)
        close(fd);
    return alive;
}

static int listen_unix(const char *path, struct err *err)
{
    struct sockaddr_un sun = { .sun_family = AF_UNIX };
    g_autofree char *dir = g_path_get_dirname(path);
    if (strlen(path) >= sizeof(sun.sun_path))
        return err_set(err, ERR_CONFIG, "the socket's path \"%s\" is too long",
                       path);
    g_strlcpy(sun.sun_path, path, sizeof(sun.sun_path));
    if (is_alive(&sun))
        return err_set(err, ERR_EXISTS, "another process answers at %s already",
                       path);
    unlink(path);
    g_mkdir_with_parents(dir, 0755);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    mode_t before = umask(0177);
    bool bad = fd < 0 || bind(fd, (struct sockaddr *)&sun, sizeof(sun)) < 0;
    int e = errno;
    umask(before);
    if (bad || listen(fd, BACKLOG) < 0) {
        err_errno(err, ERR_IO, bad ? e : errno, "cannot listen at %s", path);
        if (fd >= 0)
            close(fd);
        return -1;
    }
    return fd;
}

static int listen_tcp(int port, struct err *err)
{
    struct sockaddr_in sin = { .sin_family = AF_INET,
                               .sin_port = htons((uint16_t)port),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int one = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (fd < 0 || bind(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0 ||
        listen(fd, BACKLOG) < 0) {
        err_errno(err, ERR_IO, errno, "cannot listen on 127.0.0.1 port %d",
                  port);
        if (fd >= 0)
            close(fd);
        return -1;
    }
    return fd;
}

static int add_listener(struct http *h, int fd, bool root, const char *name,
                        const char *path)
{
    if (fd < 0)
        return -1;
    struct listener *l = &h->listeners[h->n_listeners];
    h->paths[h->n_listeners++] = g_strdup(path);
    *l = (struct listener){ .fd = fd, .root = root, .name = name };
    struct epoll_event ev = { .events = EPOLLIN, .data.fd = fd };
    return epoll_ctl(h->epoll, EPOLL_CTL_ADD, fd, &ev);
}

/* ---- newcomers
 * --------------------------------------------------------------- */

static void newcomer_drop(struct http *h, struct newcomer *n, bool close_fd)
{
    int fd = n->fd;
    epoll_ctl(h->epoll, EPOLL_CTL_DEL, fd, NULL);
    g_hash_table_remove(h->newcomers, GINT_TO_POINTER(fd));
    if (close_fd)
        close(fd);
}

static void refuse(struct http *h, struct newcomer *n, int status,
                   const char *why)
{
    http_answer(n->fd, status, why, "");
    newcomer_drop(h, n, true);
}

/* Calls stay on their connection; all else has one of its own. */
static bool is_call(const char *head, size_t len)
{
    bool cli =
        len > 9 && !memcmp(head, "POST /cli", 9) && strchr(" ?", head[9]);
    return (!cli && len > 5 && !memcmp(head, "POST ", 5)) ||
           (len > 8 && !memcmp(head, "OPTIONS ", 8));
}

static void look(struct http *h, struct newcomer *n)
{
    ssize_t len = recv(n->fd, h->peek, HTTP_HEAD_MAX, MSG_PEEK | MSG_DONTWAIT);
    if (len < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (len <= 0) {
        newcomer_drop(h, n, true);
        return;
    }
    size_t head = http_head_length(h->peek, (size_t)len);
    if (!head && len < HTTP_HEAD_MAX)
        return;
    if (!head) {
        refuse(h, n, 431, "the head of the request is longer than 16 KiB");
        return;
    }
    struct http_peer peer = n->peer;
    int fd = n->fd;
    newcomer_drop(h, n, false);
    if (is_call(h->peek, (size_t)len)) {
        rpc_server_add(h->rpc, fd, &peer);
        return;
    }
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
    raw_server_add(h->raw, fd, head, &peer);
}

static void name_peer(struct http_peer *p, const struct listener *l)
{
    const struct sockaddr_in *sin = (const struct sockaddr_in *)&p->address;
    if (p->address.ss_family == AF_INET)
        inet_ntop(AF_INET, &sin->sin_addr, p->client, sizeof(p->client));
    else
        g_strlcpy(p->client, l->name, sizeof(p->client));
}

static void accept_all(struct http *h, const struct listener *l)
{
    for (;;) {
        struct http_peer peer = { .root = l->root };
        peer.address_len = sizeof(peer.address);
        int one = 1;
        int fd = accept4(l->fd, (struct sockaddr *)&peer.address,
                         &peer.address_len, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0)
            return;
        if (g_hash_table_size(h->newcomers) >= h->max) {
            close(fd);
            continue;
        }
        name_peer(&peer, l);
        if (peer.address.ss_family == AF_INET)
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
        struct newcomer *n = g_new0(struct newcomer, 1);
        n->fd = fd;
        n->peer = peer;
        n->since = g_get_monotonic_time();
        g_hash_table_insert(h->newcomers, GINT_TO_POINTER(fd), n);
        struct epoll_event ev = { .events = EPOLLIN | EPOLLRDHUP | EPOLLET,
                                  .data.fd = fd };
        epoll_ctl(h->epoll, EPOLL_CTL_ADD, fd, &ev);
    }
}

static gboolean is_late(gpointer key, gpointer value, gpointer before)
{
    const struct newcomer *n = value;
    (void)key;
    if (n->since > *(gint64 *)before)
        return FALSE;
    close(n->fd); /* leaves epoll by itself */
    return TRUE;
}

static void drop_late(struct http *h)
{
    gint64 before = g_get_monotonic_time() - HEAD_WAIT_S * G_TIME_SPAN_SECOND;
    g_hash_table_foreach_remove(h->newcomers, is_late, &before);
}

static void handle_event(struct http *h, int fd)
{
    for (unsigned i = 0; i < h->n_listeners; i++)
        if (h->listeners[i].fd == fd) {
            accept_all(h, &h->listeners[i]);
            return;
        }
    struct newcomer *n = g_hash_table_lookup(h->newcomers, GINT_TO_POINTER(fd));
    if (n)
        look(h, n);
}

static gpointer run(gpointer data)
{
    struct http *h = data;
    for (;;) {
        struct epoll_event ev[64];
        int wait = g_hash_table_size(h->newcomers) ? 1000 : -1;
        int n = epoll_wait(h->epoll, ev, G_N_ELEMENTS(ev), wait);
        for (int i = 0; i < n; i++) {
            if (ev[i].data.fd == h->stop[0])
                return NULL;
            handle_event(h, ev[i].data.fd);
        }
        drop_late(h);
    }
}

/* ---- life
 * ------------------------------------------------------------------------ */

/* Every connection is a descriptor, a waiting call two. */
static void raise_limit(unsigned connections)
{
    struct rlimit r;
    if (getrlimit(RLIMIT_NOFILE, &r) < 0)
        return;
    rlim_t want = connections + 1024;
    if (r.rlim_cur < want) {
        r.rlim_cur = r.rlim_max == RLIM_INFINITY ? want : MIN(want, r.rlim_max);
        setrlimit(RLIMIT_NOFILE, &r);
    }
}

static int open_listeners(struct http *h, const struct http_config *c,
                          struct err *err)
{
    if (c->socket_path && add_listener(h, listen_unix(c->socket_path, err),
                                       true, "local", c->socket_path))
        return -1;
    if (c->guarded_path && add_listener(h, listen_unix(c->guarded_path, err),
                                        false, "tls", c->guarded_path))
        return -1;
    if (c->tcp_port &&
        add_listener(h, listen_tcp(c->tcp_port, err), false, "tcp", NULL))
        return -1;
    return 0;
}

struct http *http_open(struct xapi *x, const struct http_config *config,
                       struct err *err)
{
    struct http *h = g_new0(struct http, 1);
    struct epoll_event ev = { .events = EPOLLIN };
    h->max = config->connections_max ? config->connections_max : CONNECTIONS;
    h->peek = g_malloc(HTTP_HEAD_MAX);
    h->newcomers = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    h->epoll = epoll_create1(EPOLL_CLOEXEC);
    h->raw = raw_server_open(x, config);
    raise_limit(h->max);
    bool bad = pipe2(h->stop, O_CLOEXEC) < 0;
    ev.data.fd = h->stop[0];
    bad = bad || epoll_ctl(h->epoll, EPOLL_CTL_ADD, h->stop[0], &ev) < 0;
    if (bad)
        err_errno(err, ERR_IO, errno, "cannot watch connections");
    bad = bad || open_listeners(h, config, err);
    if (!bad)
        h->rpc = rpc_server_open(x, h->max, err);
    if (bad || !h->rpc) {
        http_close(h);
        return NULL;
    }
    h->thread = g_thread_new("accept", run, h);
    return h;
}

void http_close(struct http *h)
{
    GHashTableIter it;
    gpointer fd;
    if (h->thread && write(h->stop[1], "", 1) == 1)
        g_thread_join(h->thread);
    for (unsigned i = 0; i < h->n_listeners; i++) {
        close(h->listeners[i].fd);
        if (h->paths[i])
            unlink(h->paths[i]);
        g_free(h->paths[i]);
    }
    g_hash_table_iter_init(&it, h->newcomers);
    while (g_hash_table_iter_next(&it, &fd, NULL))
        close(GPOINTER_TO_INT(fd));
    if (h->rpc)
        rpc_server_close(h->rpc);
    raw_server_close(h->raw);
    close(h->stop[0]);
    close(h->stop[1]);
    close(h->epoll);
    g_hash_table_destroy(h->newcomers);
    g_free(h->peek);
    g_free(h);
}
