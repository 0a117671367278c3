/* XenAPI task and event (way B). */
#include <string.h>

#include "class/handler.h"

int handle_task_create(struct ctx *c, struct value **result_out)
{
    struct txn *t = store_begin(c->x->store);
    g_autofree char *ref = task_create(t, arg_str(c, 0), arg_str(c, 1), NULL);
    if (ctx_commit(c, t) < 0)
        return -1;
    *result_out = value_string(ref);
    return 0;
}

int handle_task_destroy(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    struct txn *t = store_begin(c->x->store);
    if (!ctx_txn_find(c, t, CLASS_task, arg_str(c, 0))) {
        store_rollback(t);
        return -1;
    }
    store_delete(t, CLASS_task, arg_str(c, 0));
    return ctx_commit(c, t);
}

int handle_task_cancel(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return task_cancel(c->x->tasks, arg_str(c, 0), c->fault);
}

static int set_field(struct ctx *c, enum field_id f)
{
    struct txn *t = store_begin(c->x->store);
    if (!ctx_txn_find(c, t, CLASS_task, arg_str(c, 0))) {
        store_rollback(t);
        return -1;
    }
    store_set(t, arg_str(c, 0), model_field(c->x->model, f), arg(c, 1));
    const char *status = f == F_task_status ? arg_str(c, 1) : "pending";
    if (strcmp(status, "pending") && strcmp(status, "cancelling"))
        store_set_time(t, arg_str(c, 0), F_task_finished,
                       g_get_real_time() / G_USEC_PER_SEC);
    return ctx_commit(c, t);
}

int handle_task_set_status(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return set_field(c, F_task_status);
}

int handle_task_set_progress(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return set_field(c, F_task_progress);
}

int handle_task_set_result(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return set_field(c, F_task_result);
}

int handle_task_set_error_info(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return set_field(c, F_task_error_info);
}

/* ---- event -----------------------------------------------------------------
 */

int handle_event_register(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return event_register(c->x->events, c->session.ref, arg(c, 0), c->fault);
}

int handle_event_unregister(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return event_unregister(c->x->events, c->session.ref, arg(c, 0), c->fault);
}

int handle_event_get_current_id(struct ctx *c, struct value **result_out)
{
    *result_out = value_int(event_current_id(c->x->events));
    return 0;
}

int handle_event_inject(struct ctx *c, struct value **result_out)
{
    const struct class *class =
        model_find_class_nocase(c->x->model, arg_str(c, 0));
    struct txn *t = store_begin(c->x->store);
    if (!class || !txn_find(t, class->id, arg_str(c, 1))) {
        store_rollback(t);
        return ctx_fault(c, "HANDLE_INVALID", arg_str(c, 0), arg_str(c, 1));
    }
    g_autofree char *token = event_token(c->x->events);
    store_touch(t, arg_str(c, 1));
    if (ctx_commit(c, t) < 0)
        return -1;
    *result_out = value_string(token);
    return 0;
}

/* Answered by dispatch, in no thread; here only so that they have a row. */
int handle_event_from(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return ctx_fault(c, "INTERNAL_ERROR", "event.from is not run");
}

int handle_event_next(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return ctx_fault(c, "INTERNAL_ERROR", "event.next is not run");
}
