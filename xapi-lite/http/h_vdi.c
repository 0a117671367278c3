/* PUT /import_raw_vdi and GET /export_raw_vdi: a disk's contents as raw, vhd or
 * qcow2. Raw ones go straight through; the others pass through a scratch
 * file. */
#include <string.h>
#include <unistd.h>

#include "class/contents.h"
#include "http/handler.h"

enum { BLOCK = 1 << 20 };
static const char BYTES[] = "application/octet-stream";

static const char *param(struct http_request *r, const char *name,
                         const char *otherwise)
{
    const char *s = http_query(&r->head, name);
    return s ? s : otherwise;
}

static bool is_raw(struct http_request *r)
{
    return !strcmp(param(r, "format", "raw"), "raw");
}

/* ---- export ------------------------------------------------------------ */

static int gone(struct fault *f)
{
    return fault_set(f, "CLIENT_ERROR", "the client has gone", NULL);
}

static int send_raw(struct http_request *r, struct contents *t,
                    struct task *task, struct fault *f)
{
    g_autofree char *buf = g_malloc(BLOCK);
    uint64_t size = contents_size(t);
    if (http_head_send(r, 200, BYTES, (int64_t)size, "") < 0)
        return gone(f);
    for (uint64_t at = 0, n; at < size; at += n) {
        n = MIN(size - at, BLOCK);
        if (contents_check(task, f) < 0 || contents_read(t, at, buf, n, f) < 0)
            return -1;
        if (http_send(r, buf, n) < 0)
            return gone(f);
        task_progress(task, (double)(at + n) / (double)size);
    }
    return 0;
}

static int send_image(struct http_request *r, struct contents *t,
                      struct task *task, struct fault *f)
{
    g_autofree char *scratch = contents_scratch(r->x);
    int bad = contents_to_file(t, param(r, "format", "raw"), scratch, task, 0,
                               0.5, f);
    if (bad == 0)
        http_file_send(r, scratch, BYTES);
    unlink(scratch);
    return bad;
}

void handle_export_vdi(struct http_request *r)
{
    FAULT_AUTO f = { 0 };
    struct task *task;
    if (http_task_take(r, &task, &f) == 0 &&
        contents_format_check(param(r, "format", "raw"), &f) == 0) {
        struct contents *t =
            contents_open(r->x, param(r, "vdi", ""), false, &f);
        if (t && is_raw(r))
            send_raw(r, t, task, &f);
        else if (t)
            send_image(r, t, task, &f);
        contents_close(t, &f);
    }
    http_task_end(r, task, false, NULL, &f);
}

/* ---- import ------------------------------------------------------------ */

/* Fills buf as far as the body goes. */
static ssize_t read_block(struct http_request *r, char *buf, struct fault *f)
{
    ERR_AUTO err = { 0 };
    size_t got = 0;
    ssize_t n = 1;
    while (got < BLOCK && (n = http_body_read(r, buf + got, BLOCK - got, &err)))
        if (n < 0)
            return contents_check(r->task, f) < 0 ? -1
                                                  : fault_from_err(f, &err);
        else
            got += (size_t)n;
    return (ssize_t)got;
}

static int receive_raw(struct http_request *r, struct contents *t,
                       struct task *task, struct fault *f)
{
    g_autofree char *buf = g_malloc(BLOCK);
    uint64_t at = 0, size = contents_size(t);
    ssize_t n;
    while ((n = read_block(r, buf, f)) > 0) {
        if (contents_check(task, f) < 0 ||
            contents_write(t, at, buf, (size_t)n, f) < 0)
            return -1;
        at += (uint64_t)n;
        task_progress(task, (double)at / (double)size);
    }
    return n < 0 ? -1 : 0;
}

static int receive_image(struct http_request *r, struct contents *t,
                         struct task *task, struct fault *f)
{
    ERR_AUTO err = { 0 };
    g_autofree char *scratch = contents_scratch(r->x);
    int bad = http_file_save(r, scratch, false, NULL, &err) < 0
                  ? fault_from_err(f, &err)
                  : contents_from_file(t, param(r, "format", "raw"), scratch,
                                       task, 0.5, 1, f);
    unlink(scratch);
    return bad;
}

void handle_import_vdi(struct http_request *r)
{
    FAULT_AUTO f = { 0 };
    struct task *task;
    if (http_task_take(r, &task, &f) == 0 &&
        contents_format_check(param(r, "format", "raw"), &f) == 0) {
        struct contents *t = contents_open(r->x, param(r, "vdi", ""), true, &f);
        if (t && is_raw(r))
            receive_raw(r, t, task, &f);
        else if (t)
            receive_image(r, t, task, &f);
        contents_close(t, &f);
    }
    http_task_end(r, task, false, NULL, &f);
    if (!f.code)
        http_reply(r, "text/plain", "", 0);
}
