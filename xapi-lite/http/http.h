/* The daemon's sockets: XenAPI calls by HTTP, the thin CLI, and the handlers
 * that move files and consoles. */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include "base/err.h"
#include "xapi.h"

/* Where the consoles of a running guest are: path of its terminal ("" none,
 * caller frees) and port of its screen on 127.0.0.1 (0 none). */
typedef int http_consoles_fn(struct driver *d, uint32_t domid, char **tty_out,
                             int *vnc_port_out, struct err *err);

/* Borrowed texts that outlive the server. */
struct http_config {
    http_consoles_fn *consoles; /* NULL: there are none */
    const char *socket_path;    /* root without password; NULL: none */
    const char *guarded_path;   /* the one behind TLS: password required */
    int tcp_port;               /* plain HTTP on 127.0.0.1; 0: none */
    const char *www_dir;        /* files for GET, or NULL */
    unsigned connections_max;   /* 0: 4000 */
};

struct http;

/* Opens the sockets (an older file in the way is replaced when nobody listens
 * on it) and starts the threads. */
struct http *http_open(struct xapi *x, const struct http_config *config,
                       struct err *err);
/* Stops serving; waiting calls end. */
void http_close(struct http *h);

#endif
