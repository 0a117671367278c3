/* The head of an HTTP request: first line, query, headers, cookies. Pure. */
#ifndef HTTP_HEAD_H
#define HTTP_HEAD_H

#include <stdint.h>

#include "base/err.h"
#include "base/value.h"

enum { HTTP_HEAD_MAX = 16384 }; /* bytes; longer heads are refused */

/* {0} is valid. Objects of strings, owned. */
struct http_head {
    char *method;          /* GET */
    char *target;          /* as sent: /console?ref=x */
    char *path;            /* decoded, without query: /console */
    int minor;             /* HTTP/1.minor */
    struct value *query;   /* decoded; the last of equal names counts */
    struct value *headers; /* names in lower case */
    struct value *cookies;
    int64_t length; /* Content-Length, or -1 */
};

/* Length of the head with its empty line when `data` holds all of it, else
 * 0. */
size_t http_head_length(const char *data, size_t len);
int http_head_parse(const char *data, size_t len, struct http_head *out,
                    struct err *err);
void http_head_dispose(struct http_head *h);

/* Borrowed text of a query parameter, header, or cookie; NULL if absent. */
const char *http_query(const struct http_head *h, const char *name);
const char *http_header(const struct http_head *h, const char *name);
/* A name in the query, or among the cookies. */
const char *http_either(const struct http_head *h, const char *name);

#endif
