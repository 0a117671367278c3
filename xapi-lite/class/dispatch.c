/* From a decoded call to its handler: session, role, count and types of the
 * parameters are checked here once for all messages (way B). */
#include "class/dispatch.h"

#include <string.h>

#include "class/audit.h"
#include "class/handler.h"
#include "class/implicit.h"
#include "class/notes.h"
#include "class/ops.h"
#include "class/timing.h"

/* One call on its way, with its own copies. */
struct job {
    struct ctx ctx;
    const struct handler *handler; /* NULL: implicit */
    struct value *args;
    char *client, *originator;
    struct fault fault;
    bool async;
    struct dispatch_wait *wait; /* NULL: answered already */
    struct reply *reply;
};

struct dispatch_wait {
    GMutex lock;
    GCond idle;
    bool abandoned, running, shared; /* shared: two holders left */
    dispatch_done *done;
    void *user;
    struct event_wait *event;
};

static void job_free(struct job *j)
{
    session_info_dispose(&j->ctx.session);
    value_free(j->args);
    fault_dispose(&j->fault);
    task_unref(j->ctx.task);
    reply_free(j->reply);
    g_free(j->client);
    g_free(j->originator);
    g_free(j);
}

/* ---- checks ----------------------------------------------------------------
 */

static const struct message *find_message(struct xapi *x, const char *method,
                                          bool *async, struct fault *f)
{
    *async = g_str_has_prefix(method, "Async.");
    const struct message *m =
        model_find_message(x->model, *async ? method + 6 : method);
    if (!m || (*async && !m->async)) {
        fault_set(f, "MESSAGE_METHOD_UNKNOWN", method, NULL);
        return NULL;
    }
    if (dispatch_answers(x, m))
        return m;
    if (m->state == REMOVED)
        fault_set(f, "MESSAGE_REMOVED", NULL);
    else
        fault_set(f, "NOT_IMPLEMENTED", m->full_name, NULL);
    return NULL;
}

static int check_count(const struct message *m, const struct call *c,
                       struct fault *f)
{
    size_t n = value_count(c->params), session = m->needs_session ? 1 : 0;
    if (n >= m->n_required + session && n <= m->n_params + session)
        return 0;
    g_autofree char *expected = g_strdup_printf("%zu", m->n_params + session);
    g_autofree char *received = g_strdup_printf("%zu", n);
    return fault_set(f, "MESSAGE_PARAMETER_COUNT_MISMATCH", c->method, expected,
                     received, NULL);
}

static int check_session(struct job *j, struct xapi *x, const struct call *c)
{
    const struct message *m = j->ctx.message;
    if (!m->needs_session)
        return 0;
    const char *ref = value_get_string(value_at(c->params, 0));
    if (session_check(x, ref ? ref : "", &j->ctx.session, &j->fault) < 0)
        return -1;
    if (session_require(&j->ctx.session, m->role, m->full_name, &j->fault) == 0)
        return 0;
    audit_call(&j->ctx, &j->fault);
    return -1;
}

/* A ref must be null or name an object of its class. */
static int check_ref(const struct ctx *c, const struct param *p,
                     const struct value *v, struct fault *f)
{
    const struct class *class =
        p->type->kind == TYPE_REF ? model_find_class(c->x->model, p->type->name)
                                  : NULL;
    const char *ref = value_get_string(v);
    if (!class || !strcmp(ref, REF_NULL))
        return 0;
    if (class->id == CLASS_role && g_str_has_prefix(ref, "DummyRef:"))
        return 0; /* a permission */
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    return snapshot_find(s, class->id, ref)
               ? 0
               : fault_set(f, "HANDLE_INVALID", class->name, ref, NULL);
}

static int check_args(struct job *j, const struct call *c)
{
    const struct message *m = j->ctx.message;
    size_t first = m->needs_session ? 1 : 0;
    j->args = value_array();
    j->ctx.args = j->args;
    for (unsigned i = 0; i < m->n_params; i++) {
        const struct param *p = &m->params[i];
        const struct value *given = value_at(c->params, i + first);
        struct value *v =
            given ? value_conform(p->type, given, p->name, &j->fault)
                  : value_of_default(p->type, p->dflt);
        if (!v)
            return -1;
        value_push(j->args, v);
        if (check_ref(&j->ctx, p, v, &j->fault) < 0)
            return -1;
    }
    return 0;
}

static struct job *job_new(struct xapi *x, const struct call *c)
{
    struct job *j = g_new0(struct job, 1);
    j->client = g_strdup(c->client ? c->client : "");
    j->originator = g_strdup(c->originator ? c->originator : "");
    j->ctx = (struct ctx){ .x = x,
                           .fault = &j->fault,
                           .from_unix_socket = c->from_unix_socket,
                           .client = j->client,
                           .originator = j->originator };
    const struct message *m = find_message(x, c->method, &j->async, &j->fault);
    j->ctx.message = m;
    if (m && check_count(m, c, &j->fault) == 0 && check_session(j, x, c) == 0)
        check_args(j, c);
    if (!j->fault.code)
        j->handler = ops_find(x->ops, m);
    return j;
}

/* ---- running ----------------------------------------------------------------
 */

static void run(struct job *j)
{
    struct value *result = NULL;
    gint64 begun = g_get_monotonic_time();
    if (!j->handler)
        j->reply = implicit_call(&j->ctx);
    else if (j->handler->fn(&j->ctx, &result) == 0)
        j->reply = reply_new(result);
    if (j->reply && j->handler && j->handler->how == SLOW)
        notes_after(&j->ctx);
    if (!j->reply && !j->fault.code)
        fault_set(&j->fault, "INTERNAL_ERROR", "no answer", NULL);
    audit_call(&j->ctx, &j->fault);
    timing_note(j->ctx.x->timings, j->ctx.message->full_name,
                g_get_monotonic_time() - begun);
}

static void end_task(struct job *j)
{
    struct task *t = j->ctx.task;
    if (!t)
        return;
    if (!j->async) {
        task_forget(t);
        return;
    }
    VALUE_AUTO *result = j->reply ? reply_to_value(j->reply) : NULL;
    if (j->reply)
        task_succeed(t, result);
    else
        task_fail(t, &j->fault);
}

static void wait_free(struct dispatch_wait *w)
{
    g_mutex_clear(&w->lock);
    g_cond_clear(&w->idle);
    g_free(w);
}

static struct dispatch_wait *wait_new(dispatch_done *done, void *user)
{
    struct dispatch_wait *w = g_new0(struct dispatch_wait, 1);
    g_mutex_init(&w->lock);
    g_cond_init(&w->idle);
    w->done = done;
    w->user = user;
    w->shared = true;
    return w;
}

/* The worker's side lets go: answers unless nobody listens any more. */
static void wait_answer(struct dispatch_wait *w, struct job *j)
{
    g_mutex_lock(&w->lock);
    if (!w->abandoned) {
        w->running = true;
        g_mutex_unlock(&w->lock);
        w->done(w->user, g_steal_pointer(&j->reply),
                j->fault.code ? &j->fault : NULL);
        g_mutex_lock(&w->lock);
        w->running = false;
        g_cond_broadcast(&w->idle);
    }
    bool last = !w->shared;
    w->shared = false;
    g_mutex_unlock(&w->lock);
    if (last)
        wait_free(w);
}

void dispatch_abandon(struct dispatch_wait *w)
{
    if (!w)
        return;
    if (w->event) {
        event_cancel(w->event);
        wait_free(w);
        return;
    }
    g_mutex_lock(&w->lock);
    w->abandoned = true;
    while (w->running)
        g_cond_wait(&w->idle, &w->lock);
    bool last = !w->shared;
    w->shared = false;
    g_mutex_unlock(&w->lock);
    if (last)
        wait_free(w);
}

/* In a worker thread. */
void dispatch_work(void *data, void *user)
{
    struct job *j = data;
    (void)user;
    run(j);
    end_task(j);
    if (j->wait)
        wait_answer(j->wait, j);
    job_free(j);
}

static void answer(struct job *j, dispatch_done *done, void *user)
{
    done(user, g_steal_pointer(&j->reply), j->fault.code ? &j->fault : NULL);
    job_free(j);
}

/* event.from and event.next: in no thread. */
static struct dispatch_wait *start_event(struct job *j, dispatch_done *done,
                                         void *user)
{
    const struct ctx *c = &j->ctx;
    struct dispatch_wait *w = wait_new(done, user);
    w->event = !strcmp(c->message->name, "from")
                   ? event_from(c->x->events, c->session.ref, arg(c, 0),
                                arg_str(c, 1), arg_float(c, 2), done, user)
                   : event_next(c->x->events, c->session.ref, done, user);
    job_free(j);
    if (!w->event)
        g_clear_pointer(&w, wait_free);
    return w;
}

static void start_async(struct job *j, dispatch_done *done, void *user)
{
    g_autofree char *label =
        g_strconcat("Async.", j->ctx.message->full_name, NULL);
    j->ctx.task =
        task_new(j->ctx.x->tasks, label, "", j->ctx.session.ref, NULL);
    struct reply *r = reply_new(value_string(task_ref(j->ctx.task)));
    ops_push(j->ctx.x->ops, j, false);
    done(user, r, NULL);
}

static struct dispatch_wait *start_slow(struct job *j, bool login,
                                        dispatch_done *done, void *user)
{
    struct dispatch_wait *w = wait_new(done, user);
    if (!login)
        j->ctx.task = task_new(j->ctx.x->tasks, j->ctx.message->full_name, "",
                               j->ctx.session.ref, NULL);
    j->wait = w;
    ops_push(j->ctx.x->ops, j, login);
    return w;
}

/* A bare array, without a session. */
static bool is_list_methods(const struct call *c)
{
    return !strcmp(c->method, "system.listMethods");
}

struct dispatch_wait *dispatch_start(struct xapi *x, const struct call *c,
                                     dispatch_done *done, void *user)
{
    if (is_list_methods(c)) {
        done(user, reply_new(dispatch_list_methods(x)), NULL);
        return NULL;
    }
    struct job *j = job_new(x, c);
    enum how how = j->handler ? j->handler->how : QUICK;
    if (j->fault.code) {
        answer(j, done, user);
        return NULL;
    }
    if (how == WAITS)
        return start_event(j, done, user);
    if (j->async) {
        start_async(j, done, user);
        return NULL;
    }
    if (how == SLOW || (how == LOGIN && !c->from_unix_socket))
        return start_slow(j, how == LOGIN, done, user);
    run(j);
    answer(j, done, user);
    return NULL;
}

/* ---- the waiting form
 * -------------------------------------------------------- */

struct sync {
    GMutex lock;
    GCond cond;
    bool over;
    struct reply *reply;
    struct fault fault;
};

static void sync_done(void *user, struct reply *reply, struct fault *fault)
{
    struct sync *s = user;
    g_mutex_lock(&s->lock);
    s->reply = reply;
    if (fault)
        fault_move(&s->fault, fault);
    s->over = true;
    g_cond_signal(&s->cond);
    g_mutex_unlock(&s->lock);
}

int dispatch_call(struct xapi *x, const struct call *c,
                  struct reply **reply_out, struct fault *fault_out)
{
    struct sync s = { 0 };
    g_mutex_init(&s.lock);
    g_cond_init(&s.cond);
    struct dispatch_wait *w = dispatch_start(x, c, sync_done, &s);
    g_mutex_lock(&s.lock);
    while (!s.over)
        g_cond_wait(&s.cond, &s.lock);
    g_mutex_unlock(&s.lock);
    dispatch_abandon(w);
    g_mutex_clear(&s.lock);
    g_cond_clear(&s.cond);
    *reply_out = s.reply;
    if (s.reply)
        return 0;
    fault_move(fault_out, &s.fault);
    return -1;
}

int dispatch_in_session(struct xapi *x, const char *session, const char *method,
                        struct value *params, struct value **result_out,
                        struct fault *fault_out)
{
    VALUE_AUTO *all = value_array();
    VALUE_AUTO *taken = params;
    struct reply *reply = NULL;
    value_push(all, value_string(session));
    for (size_t i = 0; i < value_count(taken); i++)
        value_push(all, value_copy(value_at(taken, i)));
    struct call c = { .method = method, .params = all };
    if (dispatch_call(x, &c, &reply, fault_out) < 0)
        return -1;
    *result_out = reply_to_value(reply);
    reply_free(reply);
    return 0;
}

/* ---- what there is
 * ------------------------------------------------------------- */

bool dispatch_answers(const struct xapi *x, const struct message *m)
{
    return m->kind != MSG_EXPLICIT || ops_find(x->ops, m);
}

struct value *dispatch_list_methods(struct xapi *x)
{
    struct value *list = value_array();
    for (int i = 0; i < CLASS_COUNT; i++) {
        const struct class *c = model_class(x->model, i);
        for (unsigned k = 0; k < c->n_messages; k++) {
            const struct message *m = c->messages[k];
            if (!dispatch_answers(x, m))
                continue;
            value_push(list, value_string(m->full_name));
            if (m->async)
                value_push(list, value_printf("Async.%s", m->full_name));
        }
    }
    value_push(list, value_string("system.listMethods"));
    return list;
}
