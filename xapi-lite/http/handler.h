/* What a handler of handlers.def gets: one request on its own connection and
 * its own thread, which may block. The connection is closed afterwards. */
#ifndef HTTP_HANDLER_H
#define HTTP_HANDLER_H

#include "class/session.h"
#include "http/head.h"
#include "http/http.h"
#include "task/task.h"
#include "xapi.h"

struct http_request {
    struct xapi *x;
    int fd;
    struct http_head head;
    bool root; /* came by the local socket */
    const char *client;
    const char *www_dir;         /* or NULL */
    http_consoles_fn *consoles;  /* or NULL */
    struct session_info session; /* who asks; role already checked */
    bool own_session;            /* made for this request only */
    int64_t body_left; /* bytes of it, or of its chunk, not read yet */
    bool chunked;      /* chunks follow */
    bool chunk_begun;
    struct task *task; /* borrowed; its end ends the body, too */
    bool answered;     /* a status line has been sent */
    bool cut;          /* the connection ends as by an accident */
};

typedef void http_handler(struct http_request *r);

#define HANDLE(method, path, role, name) void name(struct http_request *r);
#include "http/handlers.def"
#undef HANDLE

/* Behind the head. */
void http_body_begin(struct http_request *r);
/* Reads up to len bytes of the body; 0 at its end, -1 with err when the client
 * is gone or silent for 60 s, or the task is cancelled. */
ssize_t http_body_read(struct http_request *r, void *buf, size_t len,
                       struct err *err);
/* Sends all within 60 s of silence, or -1. */
int http_send(struct http_request *r, const void *buf, size_t len);
/* The answer's head. length -1: the end of the connection is the end of the
 * body. extra: header lines with CRLF, or "". */
int http_head_send(struct http_request *r, int status, const char *type,
                   int64_t length, const char *extra);
/* A whole answer that says what is wrong (or right), in plain words. */
void http_refuse(struct http_request *r, int status, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Sends the body with its type. */
void http_reply(struct http_request *r, const char *type, const char *body,
                size_t len);
/* Sends a whole file as the answer. */
void http_file_send(struct http_request *r, const char *path, const char *type);
/* The rest of the body into a new file, which is on disk when 0 is returned and
 * `durable`; after -1 the file may be there in part. size_out may be NULL. */
int http_file_save(struct http_request *r, const char *path, bool durable,
                   int64_t *size_out, struct err *err);
/* The task of task_id= (query or cookie), NULL without one. -1 with the fault
 * when it cannot be taken. */
int http_task_take(struct http_request *r, struct task **task_out,
                   struct fault *f);
/* The one end of a transfer: its task (or NULL) has succeeded with the result
 * or has failed, and is let go; own: it was made for this request, and goes. A
 * fault becomes the answer when nothing has been answered yet. */
void http_task_end(struct http_request *r, struct task *t, bool own,
                   const struct value *result, struct fault *f);
/* Copies both ways between the request's connection and fd until one ends. */
void http_pump(struct http_request *r, int fd);

#endif
