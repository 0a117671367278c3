/* One HTTP/1.0 request of xe. */
#ifndef XE_REQUEST_H
#define XE_REQUEST_H

#include <stdint.h>

#include "xe/conn.h"

struct request {
    const char *method; /* GET, PUT, CONNECT */
    int64_t length;     /* of the body; -1: none is announced */
};

struct response {
    int status;
    int64_t length; /* Content-Length, or -1 */
    char *location; /* owned, or NULL */
};

/* Opens a connection, sends the head and, without a body, reads the answer's
 * head; follows at most five redirects. With a body (PUT) the answer is read by
 * request_finish. NULL when the server cannot be reached or answers with
 * something else than 2xx. */
struct conn *request_start(const struct conn_target *target,
                           const struct request *r, const char *url,
                           int64_t *length_out, struct err *err);
int request_finish(struct conn *c, struct err *err);

/* Reads an answer's head byte by byte up to the empty line, so that nothing of
 * the body is taken. */
int response_read(struct conn *c, struct response *out, struct err *err);
/* Parses a complete head. Pure. */
int response_parse(const char *head, struct response *out, struct err *err);

#endif
