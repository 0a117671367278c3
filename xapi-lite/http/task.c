/* The task that a client has bound to its request, by task_id=. */
#include "http/handler.h"

int http_task_take(struct http_request *r, struct task **task_out,
                   struct fault *f)
{
    const char *ref = http_either(&r->head, "task_id");
    *task_out = ref ? task_bind(r->x->tasks, ref, f) : NULL;
    r->task = *task_out;
    return f->code ? -1 : 0;
}

void http_task_end(struct http_request *r, struct task *t, bool own,
                   const struct value *result, struct fault *f)
{
    r->task = NULL;
    if (own && t)
        task_forget(t);
    else if (f->code && t)
        task_fail(t, f);
    else if (t)
        task_succeed(t, result);
    task_unref(t);
    g_autofree char *why = f->code ? fault_format(f) : NULL;
    if (why && !r->answered)
        http_refuse(r, 500, "%s", why);
}
