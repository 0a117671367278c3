/* Tasks: records for clients, handles for those who work (way B). */
#include "task/task.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "rpc/rpc.h"

enum { KEEP_FINISHED = 200 };

struct tasks {
    struct store *store;
    GMutex lock;
    GCond ended;
    GHashTable *running; /* ref -> struct task *, borrowed */
};

struct task {
    atomic_int refs;
    struct tasks *tasks;
    char *ref;
    atomic_bool cancelled, finished;
    double written; /* last progress in the record */
    GMutex lock;    /* of on_cancel */
    void (*on_cancel)(void *user);
    void *user;
};

struct tasks *tasks_open(struct store *s)
{
    struct tasks *t = g_new0(struct tasks, 1);
    t->store = s;
    g_mutex_init(&t->lock);
    g_cond_init(&t->ended);
    t->running = g_hash_table_new(g_str_hash, g_str_equal);
    return t;
}

/* ---- cancelling -----------------------------------------------------------
 */

static void cancel(struct task *t)
{
    g_mutex_lock(&t->lock);
    if (!atomic_exchange(&t->cancelled, true) && t->on_cancel)
        t->on_cancel(t->user);
    g_mutex_unlock(&t->lock);
}

static struct task *hold(struct tasks *ts, const char *ref)
{
    g_mutex_lock(&ts->lock);
    struct task *t = g_hash_table_lookup(ts->running, ref);
    if (t)
        atomic_fetch_add(&t->refs, 1);
    g_mutex_unlock(&ts->lock);
    return t;
}

static GPtrArray *running_refs(struct tasks *ts)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    GHashTableIter it;
    void *ref;
    g_mutex_lock(&ts->lock);
    g_hash_table_iter_init(&it, ts->running);
    while (g_hash_table_iter_next(&it, &ref, NULL))
        g_ptr_array_add(names, g_strdup(ref));
    g_mutex_unlock(&ts->lock);
    return names;
}

void tasks_cancel_all(struct tasks *ts, unsigned wait_s)
{
    gint64 until = g_get_monotonic_time() + wait_s * G_TIME_SPAN_SECOND;
    g_autoptr(GPtrArray) refs = running_refs(ts);
    for (guint i = 0; i < refs->len; i++) {
        struct task *t = hold(ts, refs->pdata[i]);
        if (t)
            cancel(t);
        task_unref(t);
    }
    g_mutex_lock(&ts->lock);
    while (g_hash_table_size(ts->running) &&
           g_cond_wait_until(&ts->ended, &ts->lock, until))
        ;
    g_mutex_unlock(&ts->lock);
}

void tasks_close(struct tasks *ts)
{
    if (!ts)
        return;
    g_hash_table_destroy(ts->running);
    g_mutex_clear(&ts->lock);
    g_cond_clear(&ts->ended);
    g_free(ts);
}

bool task_cancelled(const struct task *t)
{
    return t && atomic_load(&((struct task *)t)->cancelled);
}

void task_on_cancel(struct task *t, void (*fn)(void *user), void *user)
{
    g_mutex_lock(&t->lock);
    t->on_cancel = fn;
    t->user = user;
    if (fn && atomic_load(&t->cancelled))
        fn(user);
    g_mutex_unlock(&t->lock);
}

int task_cancel(struct tasks *ts, const char *ref, struct fault *f)
{
    struct task *t = hold(ts, ref);
    struct txn *x = store_begin(ts->store);
    const struct record *r = txn_find(x, CLASS_task, ref);
    const char *status = r ? record_str(r, F_task_status) : "";
    int rc = 0;
    if (!r)
        rc = fault_set(f, "HANDLE_INVALID", "task", ref, NULL);
    else if (strcmp(status, "pending") && strcmp(status, "cancelling"))
        rc = fault_set(f, "OPERATION_NOT_ALLOWED",
                       "the task is not running any more", NULL);
    else
        store_set_str(x, ref, F_task_status, t ? "cancelling" : "cancelled");
    if (rc == 0 && !t)
        store_set_time(x, ref, F_task_finished,
                       g_get_real_time() / G_USEC_PER_SEC);
    store_commit(x, NULL);
    if (t && rc == 0)
        cancel(t);
    task_unref(t);
    return rc;
}

/* ---- making ----------------------------------------------------------------
 */

static bool is_finished(const struct record *r)
{
    return strcmp(record_str(r, F_task_status), "pending") &&
           strcmp(record_str(r, F_task_status), "cancelling");
}

/* Beyond so many tasks the oldest finished one goes for each new one. */
static void forget_oldest(struct txn *t)
{
    const struct snapshot *s = txn_snapshot(t);
    size_t n = snapshot_count(s, CLASS_task);
    const struct record *oldest = NULL;
    for (size_t i = 0; n >= KEEP_FINISHED && i < n; i++) {
        const struct record *r = snapshot_at(s, CLASS_task, i);
        if (is_finished(r) &&
            (!oldest || record_created(r) < record_created(oldest)))
            oldest = r;
    }
    if (oldest)
        store_delete(t, CLASS_task, record_ref(oldest));
}

char *task_create(struct txn *t, const char *label, const char *description,
                  const char *parent)
{
    forget_oldest(t);
    const struct snapshot *s = txn_snapshot(t);
    char *ref = g_strdup(store_create(t, CLASS_task, NULL, NULL));
    store_set_str(t, ref, F_task_name_label, label);
    store_set_str(t, ref, F_task_name_description, description);
    store_set_time(t, ref, F_task_created, g_get_real_time() / G_USEC_PER_SEC);
    store_set_str(t, ref, F_task_type, "<none/>");
    store_set_str(t, ref, F_task_status, "pending");
    store_set_add(t, ref, F_task_allowed_operations, "cancel");
    if (snapshot_count(s, CLASS_host))
        store_set_str(t, ref, F_task_resident_on,
                      record_ref(snapshot_at(s, CLASS_host, 0)));
    if (parent)
        store_set_str(t, ref, F_task_subtask_of, parent);
    return ref;
}

static struct task *run(struct tasks *ts, char *ref)
{
    struct task *t = g_new0(struct task, 1);
    atomic_init(&t->refs, 1);
    t->tasks = ts;
    t->ref = ref;
    g_mutex_init(&t->lock);
    g_mutex_lock(&ts->lock);
    g_hash_table_insert(ts->running, t->ref, t);
    g_mutex_unlock(&ts->lock);
    return t;
}

struct task *task_new(struct tasks *ts, const char *label,
                      const char *description, const char *session,
                      const char *parent)
{
    (void)session; /* session.tasks has no other side in the model */
    struct txn *t = store_begin(ts->store);
    char *ref = task_create(t, label, description, parent);
    store_commit(t, NULL);
    return run(ts, ref);
}

struct task *task_bind(struct tasks *ts, const char *ref, struct fault *f)
{
    SNAPSHOT_AUTO *now = store_read(ts->store);
    const struct record *r = snapshot_find(now, CLASS_task, ref);
    struct task *busy = r ? hold(ts, ref) : NULL;
    task_unref(busy);
    if (!r)
        fault_set(f, "HANDLE_INVALID", "task", ref, NULL);
    else if (is_finished(r) &&
             strcmp(record_str(r, F_task_status), "cancelled"))
        fault_set(f, "TASK_CANCELLED", ref, NULL);
    else if (is_finished(r) || busy)
        fault_set(f, busy ? "OTHER_OPERATION_IN_PROGRESS" : "TASK_CANCELLED",
                  busy ? "task" : ref, busy ? ref : NULL, NULL);
    if (f->code)
        return NULL;
    struct txn *t = store_begin(ts->store);
    if (txn_find(t, CLASS_task, ref)) {
        store_set_float(t, ref, F_task_progress, 0);
        store_touch(t, ref);
    }
    store_commit(t, NULL);
    return run(ts, g_strdup(ref));
}

const char *task_ref(const struct task *t)
{
    return t->ref;
}

void task_progress(struct task *t, double fraction)
{
    if (!t || (fabs(fraction - t->written) < 0.01 && fraction < 1))
        return;
    t->written = fraction;
    struct txn *x = store_begin(t->tasks->store);
    if (txn_find(x, CLASS_task, t->ref))
        store_set_float(x, t->ref, F_task_progress, CLAMP(fraction, 0, 1));
    store_commit(x, NULL);
}

/* ---- ending ----------------------------------------------------------------
 */

static void finish(struct task *t, const char *status, const char *result,
                   const struct fault *f)
{
    if (atomic_exchange(&t->finished, true))
        return;
    g_mutex_lock(&t->tasks->lock);
    g_hash_table_remove(t->tasks->running, t->ref);
    g_mutex_unlock(&t->tasks->lock);
    struct txn *x = store_begin(t->tasks->store);
    if (txn_find(x, CLASS_task, t->ref)) {
        store_set_str(x, t->ref, F_task_status, status);
        store_set_float(x, t->ref, F_task_progress, 1);
        store_set_time(x, t->ref, F_task_finished,
                       g_get_real_time() / G_USEC_PER_SEC);
        store_set_str(x, t->ref, F_task_result, result);
        store_set_remove(x, t->ref, F_task_allowed_operations, "cancel");
        if (f) {
            VALUE_AUTO *info = fault_to_value(f);
            const struct model *m = store_model(t->tasks->store);
            store_set(x, t->ref, model_field(m, F_task_error_info), info);
        }
    }
    store_commit(x, NULL);
}

void task_succeed(struct task *t, const struct value *result)
{
    const char *text = value_get_string(result);
    g_autoptr(GString) xml = g_string_new(NULL);
    if (result && value_get_type(result) != VALUE_NULL && !(text && !*text))
        emit_value(&rpc_xml_emitter, xml, result);
    finish(t, "success", xml->str, NULL);
}

void task_fail(struct task *t, const struct fault *f)
{
    bool cancelled = f->code && !strcmp(f->code, "TASK_CANCELLED");
    finish(t, cancelled ? "cancelled" : "failure", "", f);
}

void task_forget(struct task *t)
{
    finish(t, "success", "", NULL);
    struct txn *x = store_begin(t->tasks->store);
    store_delete(x, CLASS_task, t->ref);
    store_commit(x, NULL);
}

void task_unref(struct task *t)
{
    if (!t || atomic_fetch_sub(&t->refs, 1) != 1)
        return;
    struct tasks *ts = t->tasks;
    if (!atomic_load(&t->finished)) {
        FAULT_AUTO f = { 0 };
        fault_set(&f, "INTERNAL_ERROR", "the operation was given up", NULL);
        task_fail(t, &f);
    }
    g_mutex_lock(&ts->lock);
    g_cond_broadcast(&ts->ended);
    g_mutex_unlock(&ts->lock);
    g_mutex_clear(&t->lock);
    g_free(t->ref);
    g_free(t);
}
