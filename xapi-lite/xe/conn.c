/* Sockets of xe: unix, TCP, and TLS by GnuTLS. */
#include "xe/conn.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Where XenAPI's local socket is, on every host that has one. */
#define SOCKET_PATH "/var/lib/xcp/xapi"
enum { CONNECT_MS = 30000 };

struct conn {
    int fd;
    gnutls_session_t tls; /* NULL: plain */
    gnutls_certificate_credentials_t trust;
};

static int connect_unix(const char *path)
{
    struct sockaddr_un sun = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_strlcpy(sun.sun_path, path, sizeof(sun.sun_path));
    if (fd >= 0 && connect(fd, (struct sockaddr *)&sun, sizeof(sun)) < 0) {
        int e = errno;
        close(fd);
        errno = e;
        return -1;
    }
    return fd;
}

/* connect(2) with a time limit. */
static int connect_one(const struct addrinfo *ai)
{
    int fd =
        socket(ai->ai_family, ai->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
               ai->ai_protocol);
    int e = 0;
    socklen_t len = sizeof(e);
    if (fd < 0)
        return -1;
    if (connect(fd, ai->ai_addr, ai->ai_addrlen) < 0) {
        struct pollfd p = { .fd = fd, .events = POLLOUT };
        e = errno;
        if (e == EINPROGRESS)
            e = poll(&p, 1, CONNECT_MS) == 1 ? 0 : ETIMEDOUT;
        if (!e)
            getsockopt(fd, SOL_SOCKET, SO_ERROR, &e, &len);
    }
    if (e) {
        close(fd);
        errno = e;
        return -1;
    }
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
    return fd;
}

static int connect_tcp(const char *host, int port, struct err *err)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list;
    g_autofree char *service = g_strdup_printf("%d", port);
    int r = getaddrinfo(host, service, &hints, &list);
    int fd = -1;
    if (r)
        return err_set(err, ERR_IO, "cannot find the host \"%s\": %s", host,
                       gai_strerror(r));
    for (struct addrinfo *ai = list; ai && fd < 0; ai = ai->ai_next)
        fd = connect_one(ai);
    if (fd < 0)
        err_errno(err, ERR_IO, errno, "cannot connect to %s port %d", host,
                  port);
    freeaddrinfo(list);
    return fd;
}

static char *known_hosts_file(void)
{
    g_autofree char *dir =
        g_build_filename(g_get_user_config_dir(), "xe", NULL);
    g_mkdir_with_parents(dir, 0700);
    return g_build_filename(dir, "known_hosts", NULL);
}

/* The certificate is not one the system trusts: it must be the one known from
 * the first contact. */
static int check_known(struct conn *c, const struct conn_target *t,
                       struct err *err)
{
    unsigned n = 0;
    const gnutls_datum_t *certs = gnutls_certificate_get_peers(c->tls, &n);
    g_autofree char *file = known_hosts_file();
    g_autofree char *service = g_strdup_printf("%d", t->port ? t->port : 443);
    if (!certs || !n)
        return err_set(err, ERR_IO, "%s showed no certificate", t->host);
    int r = gnutls_verify_stored_pubkey(file, NULL, t->host, service,
                                        GNUTLS_CRT_X509, &certs[0], 0);
    if (r == 0)
        return 0;
    if (r == GNUTLS_E_CERTIFICATE_KEY_MISMATCH) {
        err_set(err, ERR_IO,
                "the certificate of %s is not the one it had before", t->host);
        return err_hint(err,
                        "if the change is known to be right, remove the line "
                        "of %s from %s",
                        t->host, file);
    }
    r = gnutls_store_pubkey(file, NULL, t->host, service, GNUTLS_CRT_X509,
                            &certs[0], 0, 0);
    if (r < 0)
        return err_set(err, ERR_IO,
                       "cannot remember the certificate of %s in %s: %s",
                       t->host, file, gnutls_strerror(r));
    return 0;
}

static int verify(struct conn *c, const struct conn_target *t, struct err *err)
{
    unsigned status = 0;
    int r = gnutls_certificate_verify_peers3(c->tls, t->host, &status);
    if (r == 0 && status == 0)
        return 0;
    return check_known(c, t, err);
}

static int start_tls(struct conn *c, const struct conn_target *t,
                     struct err *err)
{
    int r;
    gnutls_certificate_allocate_credentials(&c->trust);
    gnutls_certificate_set_x509_system_trust(c->trust);
    gnutls_init(&c->tls, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL);
    gnutls_set_default_priority(c->tls);
    gnutls_credentials_set(c->tls, GNUTLS_CRD_CERTIFICATE, c->trust);
    gnutls_server_name_set(c->tls, GNUTLS_NAME_DNS, t->host, strlen(t->host));
    gnutls_transport_set_int(c->tls, c->fd);
    gnutls_handshake_set_timeout(c->tls, CONNECT_MS);
    do {
        r = gnutls_handshake(c->tls);
    } while (r < 0 && !gnutls_error_is_fatal(r));
    if (r < 0)
        return err_set(err, ERR_IO, "no TLS with %s: %s", t->host,
                       gnutls_strerror(r));
    return verify(c, t, err);
}

/* The unix socket of this host; when nobody listens there, TCP as XenServer's
 * client does. */
static int connect_here(int port, struct err *err)
{
    int fd = port ? -1 : connect_unix(SOCKET_PATH);
    int e = errno;
    ERR_AUTO tcp = { 0 };
    if (fd < 0)
        fd = connect_tcp("127.0.0.1", port ? port : 80, port ? err : &tcp);
    if (fd < 0 && !port) {
        err_errno(err, ERR_IO, e, "no XenAPI service answers at %s",
                  SOCKET_PATH);
        err_hint(err, "is it running? systemctl status xapi-lite; the socket "
                      "is for root only");
    }
    return fd;
}

static int connect_socket(const char *path, struct err *err)
{
    int fd = connect_unix(path);
    return fd >= 0
               ? fd
               : err_errno(err, ERR_IO, errno, "cannot connect to %s", path);
}

struct conn *conn_open(const struct conn_target *t, struct err *err)
{
    struct conn *c = g_new0(struct conn, 1);
    int port = t->port ? t->port : t->tls ? 443 : 80;
    if (!t->host)
        c->fd = connect_here(t->port, err);
    else if (*t->host == '/')
        c->fd = connect_socket(t->host, err);
    else
        c->fd = connect_tcp(t->host, port, err);
    if (c->fd < 0 || (t->tls && t->host && start_tls(c, t, err))) {
        conn_close(c);
        return NULL;
    }
    return c;
}

void conn_close(struct conn *c)
{
    if (!c)
        return;
    if (c->tls) {
        gnutls_bye(c->tls, GNUTLS_SHUT_WR);
        gnutls_deinit(c->tls);
    }
    if (c->trust)
        gnutls_certificate_free_credentials(c->trust);
    if (c->fd >= 0)
        close(c->fd);
    g_free(c);
}

static ssize_t tls_result(ssize_t n, struct err *err)
{
    if (n >= 0 || n == GNUTLS_E_PREMATURE_TERMINATION)
        return n > 0 ? n : 0;
    return err_set(err, ERR_IO, "TLS failed: %s", gnutls_strerror((int)n));
}

ssize_t conn_read(struct conn *c, void *buf, size_t len, struct err *err)
{
    ssize_t n;
    if (c->tls) {
        do {
            n = gnutls_record_recv(c->tls, buf, len);
        } while (n < 0 && !gnutls_error_is_fatal((int)n));
        return tls_result(n, err);
    }
    do {
        n = read(c->fd, buf, len);
    } while (n < 0 && errno == EINTR);
    if (n < 0 && errno == ECONNRESET)
        return 0;
    return n < 0 ? err_errno(err, ERR_IO, errno, "cannot read from the server")
                 : n;
}

int conn_read_full(struct conn *c, void *buf, size_t len, struct err *err)
{
    for (size_t done = 0; done < len;) {
        ssize_t n = conn_read(c, (char *)buf + done, len - done, err);
        if (n < 0)
            return -1;
        if (n == 0)
            return err_set(err, ERR_IO, "Lost connection to the server");
        done += (size_t)n;
    }
    return 0;
}

static ssize_t write_some(struct conn *c, const void *buf, size_t len)
{
    ssize_t n;
    if (!c->tls)
        return send(c->fd, buf, len, MSG_NOSIGNAL);
    do {
        n = gnutls_record_send(c->tls, buf, len);
    } while (n < 0 && !gnutls_error_is_fatal((int)n));
    if (n < 0)
        errno = EPIPE;
    return n;
}

int conn_write(struct conn *c, const void *buf, size_t len, struct err *err)
{
    while (len) {
        ssize_t n = write_some(c, buf, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(err, ERR_IO, errno, "cannot send to the server");
        buf = (const char *)buf + n;
        len -= (size_t)n;
    }
    return 0;
}

ssize_t conn_send_file(struct conn *c, int fd, struct err *err)
{
    enum { MOST = 1 << 20 };
    ssize_t n;
    if (c->tls)
        return -1;
    /* it has no MSG_NOSIGNAL */
    sighandler_t before = signal(SIGPIPE, SIG_IGN);
    do {
        n = sendfile(c->fd, fd, NULL, MOST);
    } while (n < 0 && errno == EINTR);
    int why = errno;
    signal(SIGPIPE, before);
    if (n >= 0 || why == EINVAL || why == ENOSYS)
        return n;
    return err_errno(err, ERR_IO, why, "cannot send to the server");
}

int conn_fd(const struct conn *c)
{
    return c->fd;
}

bool conn_pending(const struct conn *c)
{
    return c->tls && gnutls_record_check_pending(c->tls) > 0;
}
