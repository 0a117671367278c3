/* XenAPI VM.import: a VM from an archive on a web server (way B). */
#include "class/handler.h"
#include "class/vm_archive.h"
#include "xva/fetch.h"

struct source {
    struct xva_fetch *fetch;
    struct task *task;
};

static bool is_stopped(void *task)
{
    return task && task_cancelled(task);
}

static ssize_t read_bytes(void *user, void *buf, size_t len, struct fault *f)
{
    ERR_AUTO err = { 0 };
    struct source *s = user;
    ssize_t n = xva_fetch_read(s->fetch, buf, len, is_stopped, s->task, &err);
    if (n < 0 && err.id == ERR_ABORTED)
        return fault_set(f, "TASK_CANCELLED", task_ref(s->task), NULL);
    return n < 0 ? fault_from_err(f, &err) : n;
}

int handle_VM_import(struct ctx *c, struct value **result_out)
{
    ERR_AUTO err = { 0 };
    const char *sr = arg_str(c, 1);
    struct source s = { .task = c->task };
    struct archive_import i = {
        .sr = *sr && g_strcmp0(sr, REF_NULL) ? sr : NULL,
        .restore = arg_bool(c, 2),
        .force = arg_bool(c, 3),
    };
    s.fetch = xva_fetch_open(arg_str(c, 0), &err);
    if (!s.fetch)
        return ctx_fault(c, "IMPORT_ERROR", err.message);
    int r = archive_import(c->x, &c->session, c->task, &i, read_bytes, &s,
                           result_out, c->fault);
    xva_fetch_close(s.fetch);
    return r;
}
