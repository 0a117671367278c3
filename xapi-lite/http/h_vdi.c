/* PUT /import_raw_vdi and GET /export_raw_vdi: a disk's contents as raw, vhd or
 * qcow2. Formats other than raw pass through a scratch file. */
#include <string.h>
#include <unistd.h>

#include "class/transfer.h"
#include "http/handler.h"

/* task_id=, or NULL. */
static struct task *task_of(struct http_request *r)
{
    const char *ref = http_query(&r->head, "task_id");
    return ref ? task_bind(r->x->tasks, ref, NULL) : NULL;
}

/* The one end of both: tells the client and its task. */
static void finish(struct http_request *r, struct task *t, struct fault *f)
{
    if (f->code && t)
        task_fail(t, f);
    else if (t)
        task_succeed(t, NULL);
    if (t)
        task_unref(t);
    g_autofree char *why = f->code ? fault_format(f) : NULL;
    if (why && !r->answered)
        http_refuse(r, 500, "%s", why);
}

static const char *param(struct http_request *r, const char *name,
                         const char *otherwise)
{
    const char *s = http_query(&r->head, name);
    return s ? s : otherwise;
}

void handle_export_vdi(struct http_request *r)
{
    FAULT_AUTO f = { 0 };
    struct task *t = task_of(r);
    g_autofree char *scratch = transfer_scratch(r->x);
    if (transfer_export(r->x, param(r, "vdi", ""), param(r, "format", "raw"),
                        scratch, &f) == 0)
        http_file_send(r, scratch, "application/octet-stream");
    unlink(scratch);
    finish(r, t, &f);
}

void handle_import_vdi(struct http_request *r)
{
    FAULT_AUTO f = { 0 };
    ERR_AUTO err = { 0 };
    struct task *t = task_of(r);
    g_autofree char *scratch = transfer_scratch(r->x);
    if (http_file_save(r, scratch, NULL, &err) < 0)
        fault_from_err(&f, &err);
    else if (transfer_import(r->x, param(r, "vdi", ""),
                             param(r, "format", "raw"), scratch, &f) == 0)
        http_reply(r, "text/plain", "", 0);
    unlink(scratch);
    finish(r, t, &f);
}
