/* XenAPI VMSS: snapshots by schedule (way B). */
#include "class/vmss.h"

#include <string.h>

#include "class/notes.h"
#include "class/vdi.h"
#include "class/vm.h"

enum { LOOK_S = 10 };

struct schedules {
    struct xapi *x;
    GThread *thread;
    GMutex lock;
    GCond cond;
    bool stop;
    GHashTable *done; /* ref -> the slot that is over (time_t *) */
};

/* ---- the old ones go
 * ----------------------------------------------------------- */

static gint by_time(gconstpointer a, gconstpointer b)
{
    const struct record *x = *(struct record *const *)a,
                        *y = *(struct record *const *)b;
    int64_t p = record_time(x, F_VM_snapshot_time),
            q = record_time(y, F_VM_snapshot_time);
    return p < q                                   ? -1
           : p > q                                 ? 1
           : record_created(x) < record_created(y) ? -1
                                                   : 1;
}

static void remove_snapshot(struct xapi *x, const struct snapshot *s,
                            const struct record *snap)
{
    g_autofree char *ref = g_strdup(record_ref(snap));
    g_autofree char *saved = vm_saved_path(x, record_str(snap, F_VM_uuid));
    for (size_t i = 0; i < record_count(snap, F_VM_VBDs); i++) {
        const struct record *vbd =
            snapshot_find(s, CLASS_VBD, record_item(snap, F_VM_VBDs, i));
        if (vbd && !strcmp(record_str(vbd, F_VBD_type), "Disk"))
            vdi_remove(x, record_str(vbd, F_VBD_VDI), NULL);
    }
    struct txn *t = store_begin(x->store);
    if (txn_find(t, CLASS_VM, ref))
        vm_delete(t, ref);
    if (store_commit(t, NULL) == 0)
        remove(saved);
}

static void keep_latest(struct xapi *x, const char *vm, int64_t keep)
{
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *r = snapshot_find(s, CLASS_VM, vm);
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    for (size_t i = 0; r && i < record_count(r, F_VM_snapshots); i++) {
        const struct record *snap =
            snapshot_find(s, CLASS_VM, record_item(r, F_VM_snapshots, i));
        if (snap && record_bool(snap, F_VM_is_vmss_snapshot))
            g_ptr_array_add(list, (void *)snap);
    }
    g_ptr_array_sort(list, by_time);
    for (guint i = 0; (int64_t)(list->len - i) > MAX(keep, 1); i++)
        remove_snapshot(x, s, list->pdata[i]);
}

/* ---- taking them
 * --------------------------------------------------------------- */

/* The message runs as if the pool's administrator had called it. */
static int snapshot_one(struct xapi *x, const struct record *vmss,
                        const char *vm, const char *name, struct fault *f)
{
    bool memory = !strcmp(record_str(vmss, F_VMSS_type), "checkpoint");
    VALUE_AUTO *args = value_array();
    VALUE_AUTO *result = NULL;
    value_push(args, value_string(vm));
    value_push(args, value_string(name));
    value_push(args, value_array());
    struct ctx one = {
        .x = x,
        .args = args,
        .fault = f,
        .message = model_find_message(x->model,
                                      memory ? "VM.checkpoint" : "VM.snapshot"),
        .task = task_new(x->tasks, "VMSS.snapshot_now", name, NULL, NULL),
        .client = "",
        .originator = "",
    };
    int r = memory ? handle_VM_checkpoint(&one, &result)
                   : handle_VM_snapshot(&one, &result);
    task_forget(one.task);
    task_unref(one.task);
    if (r < 0)
        return -1;
    struct txn *t = store_begin(x->store);
    if (txn_find(t, CLASS_VM, value_get_string(result)))
        store_set_bool(t, value_get_string(result), F_VM_is_vmss_snapshot,
                       true);
    return store_commit(t, NULL);
}

static void note(struct xapi *x, const char *vm, const char *name,
                 const struct fault *f)
{
    if (!f->code) {
        notes_vm(x, vm, "VMSS_SNAPSHOT_SUCCEEDED", NOTE_NEWS,
                 "got its snapshot by schedule on host");
        return;
    }
    g_autofree char *why = fault_format(f);
    g_autofree char *what = g_strdup_printf(
        "could not get its snapshot '%s' by schedule (%s) on host", name, why);
    notes_vm(x, vm, "VMSS_SNAPSHOT_FAILED", NOTE_ALARM, what);
}

/* How many could not be taken. */
static int snapshot_all(struct xapi *x, const char *ref)
{
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *vmss = snapshot_find(s, CLASS_VMSS, ref);
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    g_autofree char *when = g_date_time_format(now, "%Y%m%dT%H:%M");
    int bad = 0;
    for (size_t i = 0; vmss && i < record_count(vmss, F_VMSS_VMs); i++) {
        const struct record *vm =
            snapshot_find(s, CLASS_VM, record_item(vmss, F_VMSS_VMs, i));
        FAULT_AUTO f = { 0 };
        if (!vm || record_bool(vm, F_VM_is_a_snapshot))
            continue;
        g_autofree char *name =
            g_strdup_printf("[%s] %s %s", record_str(vmss, F_VMSS_name_label),
                            record_str(vm, F_VM_name_label), when);
        if (snapshot_one(x, vmss, record_ref(vm), name, &f) < 0)
            bad++;
        else
            keep_latest(x, record_ref(vm),
                        record_int(vmss, F_VMSS_retained_snapshots));
        note(x, record_ref(vm), name, &f);
    }
    struct txn *t = store_begin(x->store);
    if (txn_find(t, CLASS_VMSS, ref))
        store_set_time(t, ref, F_VMSS_last_run_time,
                       g_get_real_time() / G_USEC_PER_SEC);
    store_commit(t, NULL);
    return bad;
}

/* ---- messages
 * ------------------------------------------------------------------ */

int handle_VMSS_snapshot_now(struct ctx *c, struct value **result_out)
{
    int bad = snapshot_all(c->x, arg_str(c, 0));
    *result_out =
        bad ? value_printf("%d could not be taken; see message-list", bad)
            : value_string("");
    return 0;
}

int handle_VMSS_create(struct ctx *c, struct value **result_out)
{
    const struct value *schedule = value_find(arg(c, 0), "schedule");
    return schedule && vmss_check(schedule, c->fault) < 0
               ? -1
               : ctx_implicit(c, result_out);
}

int handle_VMSS_set_schedule(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    if (vmss_check(arg(c, 1), c->fault) < 0)
        return -1;
    struct txn *t = store_begin(c->x->store);
    if (!ctx_txn_find(c, t, CLASS_VMSS, arg_str(c, 0))) {
        store_rollback(t);
        return -1;
    }
    store_set(t, arg_str(c, 0), model_field(c->x->model, F_VMSS_schedule),
              arg(c, 1));
    return ctx_commit(c, t);
}

int handle_VMSS_destroy(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    struct txn *t = store_begin(c->x->store);
    const struct record *r = ctx_txn_find(c, t, CLASS_VMSS, arg_str(c, 0));
    if (r && record_count(r, F_VMSS_VMs))
        ctx_fault(c, "VMSS_HAS_VM");
    if (c->fault->code) {
        store_rollback(t);
        return -1;
    }
    store_delete(t, CLASS_VMSS, arg_str(c, 0));
    return ctx_commit(c, t);
}

/* ---- the clock
 * ------------------------------------------------------------------ */

/* Whether a slot has begun since the last look; the first look only learns. */
static bool is_due(struct schedules *v, const struct record *vmss, time_t now)
{
    time_t slot = vmss_slot(vmss, now);
    time_t *done = g_hash_table_lookup(v->done, record_ref(vmss));
    bool due = done && slot > *done && record_bool(vmss, F_VMSS_enabled) &&
               record_time(vmss, F_VMSS_last_run_time) < slot;
    g_hash_table_insert(v->done, g_strdup(record_ref(vmss)),
                        g_memdup2(&slot, sizeof slot));
    return due;
}

static void look(struct schedules *v)
{
    SNAPSHOT_AUTO *s = store_read(v->x->store);
    for (size_t i = 0; i < snapshot_count(s, CLASS_VMSS); i++) {
        const struct record *vmss = snapshot_at(s, CLASS_VMSS, i);
        if (is_due(v, vmss, time(NULL)))
            snapshot_all(v->x, record_ref(vmss));
    }
}

static void *keep_time(void *data)
{
    struct schedules *v = data;
    g_mutex_lock(&v->lock);
    while (!v->stop) {
        g_mutex_unlock(&v->lock);
        look(v);
        g_mutex_lock(&v->lock);
        gint64 next = g_get_monotonic_time() + LOOK_S * G_TIME_SPAN_SECOND;
        while (!v->stop && g_cond_wait_until(&v->cond, &v->lock, next))
            ;
    }
    g_mutex_unlock(&v->lock);
    return NULL;
}

struct schedules *vmss_open(struct xapi *x)
{
    struct schedules *v = g_new0(struct schedules, 1);
    v->x = x;
    g_mutex_init(&v->lock);
    g_cond_init(&v->cond);
    v->done = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    v->thread = g_thread_new("schedules", keep_time, v);
    return v;
}

void vmss_close(struct schedules *v)
{
    if (!v)
        return;
    g_mutex_lock(&v->lock);
    v->stop = true;
    g_cond_broadcast(&v->cond);
    g_mutex_unlock(&v->lock);
    g_thread_join(v->thread);
    g_hash_table_destroy(v->done);
    g_mutex_clear(&v->lock);
    g_cond_clear(&v->cond);
    g_free(v);
}
