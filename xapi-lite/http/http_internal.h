/* Between the files of http/. */
#ifndef HTTP_INTERNAL_H
#define HTTP_INTERNAL_H

#include <glib.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "http/head.h"
#include "http/http.h"

struct rpc_server;
struct raw_server;

/* How a connection came in. */
struct http_peer {
    bool root;       /* by the local socket: no password is asked */
    char client[64]; /* for logs and session limits */
    struct sockaddr_storage address;
    socklen_t address_len;
};

/* ---- rpc_server.c: calls by POST, on libmicrohttpd ---------------------- */

struct rpc_server *rpc_server_open(struct xapi *x, unsigned connections_max,
                                   struct err *err);
/* Takes over fd, also on failure. */
void rpc_server_add(struct rpc_server *s, int fd, const struct http_peer *peer);
void rpc_server_close(struct rpc_server *s);

/* ---- raw.c: everything that talks on the socket itself ------------------ */

struct raw_server *raw_server_open(struct xapi *x,
                                   const struct http_config *config);
/* Takes over fd, from which a head of head_len bytes can be read at once. */
void raw_server_add(struct raw_server *s, int fd, size_t head_len,
                    const struct http_peer *peer);
/* Cuts the connections and waits for their threads. */
void raw_server_close(struct raw_server *s);

/* Sends a whole small answer with `Connection: close`. reason is the words of
 * the status line and the body. extra: further header lines or "". */
void http_answer(int fd, int status, const char *reason, const char *extra);

#endif
