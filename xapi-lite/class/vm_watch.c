/* Guests as they really are: what the driver tells is brought into the records
 * (way B). One thread; what takes long goes to a few workers. */
#include <string.h>

#include "class/setup.h"
#include "class/vm.h"

enum {
    TICK_S = 10,       /* figures are refreshed this often */
    GONE_S = 5,        /* a guest of xl that reboots comes back in this time */
    RETRY_MS = 300,    /* a domain that is being built is looked at again */
    SHORT_LIFE_S = 30, /* one that crashes faster is not started again */
};

struct note {
    enum vm_event event;
    uint32_t domid;
};

struct vms {
    struct xapi *x;
    GThread *thread;
    GThreadPool *enders;
    GMutex lock;
    GCond changed;      /* notes came, or records changed */
    GQueue notes;       /* struct note * */
    GHashTable *ending; /* refs of VMs that an ender works on */
    GHashTable *gone;   /* VM ref -> when it was seen gone (microseconds) */
    GHashTable *kept;   /* domids that have ended and are left as they are */
    bool starting;      /* the first look, before anything else runs */
    bool unfinished;    /* some domain could not be described yet */
    uint64_t wakes;
    bool stop;
};

void vms_wake(struct xapi *x)
{
    if (!x->vms)
        return;
    g_mutex_lock(&x->vms->lock);
    x->vms->wakes++;
    g_cond_broadcast(&x->vms->changed);
    g_mutex_unlock(&x->vms->lock);
}

bool vms_stopped(void *x)
{
    struct vms *v = ((struct xapi *)x)->vms;
    g_mutex_lock(&v->lock);
    bool yes = v->stop;
    g_mutex_unlock(&v->lock);
    return yes;
}

static bool holds(struct xapi *x, const char *vm,
                  bool (*pred)(const struct record *vm, void *arg), void *arg)
{
    SNAPSHOT_AUTO *s = store_read(x->store);
    return pred(snapshot_find(s, CLASS_VM, vm), arg);
}

int vms_wait(struct xapi *x, const char *vm, struct task *task,
             unsigned timeout_s,
             bool (*pred)(const struct record *vm, void *arg), void *arg)
{
    struct vms *v = x->vms;
    gint64 end = g_get_monotonic_time() + timeout_s * G_TIME_SPAN_SECOND;
    int how = -1;
    g_mutex_lock(&v->lock);
    while (how < 0) {
        if (holds(x, vm, pred, arg))
            how = 0;
        else if (task_cancelled(task) || v->stop)
            how = 2;
        else if (g_get_monotonic_time() >= end)
            how = 1;
        else /* cancelling does not wake us: look twice a second */
            g_cond_wait_until(&v->changed, &v->lock,
                              g_get_monotonic_time() + G_TIME_SPAN_SECOND / 2);
    }
    g_mutex_unlock(&v->lock);
    return how;
}

/* ---- what the driver says
 * ----------------------------------------------------- */

static gint same_note(gconstpointer a, gconstpointer b)
{
    const struct note *x = a, *y = b;
    return x->event != y->event || x->domid != y->domid;
}

static void told(void *user, enum vm_event event, uint32_t domid)
{
    struct vms *v = user;
    struct note n = { event, domid };
    g_mutex_lock(&v->lock);
    if (!g_queue_find_custom(&v->notes, &n, same_note))
        g_queue_push_tail(&v->notes, g_memdup2(&n, sizeof n));
    g_cond_broadcast(&v->changed);
    g_mutex_unlock(&v->lock);
}

static bool is_ending(struct vms *v, const struct record *vm)
{
    g_mutex_lock(&v->lock);
    bool yes = g_hash_table_contains(v->ending, record_ref(vm));
    g_mutex_unlock(&v->lock);
    return yes;
}

/* An operation that changes the domain by itself is at work. */
static bool is_managed(const struct record *vm)
{
    static const char *const ops[] = { "start",         "start_on",
                                       "resume",        "resume_on",
                                       "suspend",       "hard_reboot",
                                       "hard_shutdown", "checkpoint",
                                       "reverting",     "pool_migrate" };
    for (size_t i = 0; i < record_count(vm, F_VM_current_operations); i++)
        for (size_t k = 0; k < G_N_ELEMENTS(ops); k++)
            if (!strcmp(record_map_item(vm, F_VM_current_operations, i),
                        ops[k]))
                return true;
    return false;
}

static bool has_operation(const struct record *vm, const char *op)
{
    for (size_t i = 0; i < record_count(vm, F_VM_current_operations); i++)
        if (!strcmp(record_map_item(vm, F_VM_current_operations, i), op))
            return true;
    return false;
}

/* ---- guests that ended
 * ------------------------------------------------------------ */

struct ending {
    struct vms *vms;
    char *vm;
    uint32_t domid;
    enum vm_end end;
};

static bool lived_shortly(struct xapi *x, const struct record *vm)
{
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *m =
        snapshot_find(s, CLASS_VM_metrics, record_str(vm, F_VM_metrics));
    int64_t start = m ? record_time(m, F_VM_metrics_start_time) : 0;
    return g_get_real_time() / G_USEC_PER_SEC - start < SHORT_LIFE_S;
}

/* What the record says is to be done: destroy, restart or preserve. */
static const char *action(struct xapi *x, const struct record *vm,
                          enum vm_end end)
{
    if (has_operation(vm, "clean_shutdown"))
        return "destroy";
    if (has_operation(vm, "clean_reboot"))
        return "restart";
    const char *s =
        record_str(vm, end == VM_END_REBOOT  ? F_VM_actions_after_reboot
                       : end == VM_END_CRASH ? F_VM_actions_after_crash
                                             : F_VM_actions_after_shutdown);
    if (!strcmp(s, "preserve"))
        return "preserve";
    if (!strstr(s, "restart"))
        return "destroy";
    return end == VM_END_CRASH && lived_shortly(x, vm) ? "destroy" : "restart";
}

static void end_guest(struct ending *e)
{
    struct xapi *x = e->vms->x;
    FAULT_AUTO f = { 0 };
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *vm = snapshot_find(s, CLASS_VM, e->vm);
    if (!vm || is_managed(vm) || record_int(vm, F_VM_domid) != e->domid)
        return;
    const char *what = action(x, vm, e->end);
    g_message("guest %s ended (%s): %s", record_str(vm, F_VM_name_label),
              e->end == VM_END_REBOOT  ? "reboot"
              : e->end == VM_END_CRASH ? "crash"
                                       : "poweroff",
              what);
    if (e->end == VM_END_CRASH)
        vm_keep_core(x, vm, e->domid);
    if (!strcmp(what, "preserve")) {
        g_mutex_lock(&e->vms->lock);
        g_hash_table_add(e->vms->kept, GUINT_TO_POINTER(e->domid));
        g_mutex_unlock(&e->vms->lock);
        return;
    }
    int r = vm_destroy_domain(x, e->vm, &f);
    if (r == 0 && !strcmp(what, "restart"))
        r = vm_build(x, e->vm, NULL, false, &f);
    if (r < 0) {
        g_autofree char *why = fault_format(&f);
        g_warning("guest %s: %s", record_str(vm, F_VM_name_label), why);
    }
}

static void ender(void *data, void *user)
{
    struct ending *e = data;
    struct vms *v = user;
    end_guest(e);
    g_mutex_lock(&v->lock);
    g_hash_table_remove(v->ending, e->vm);
    g_mutex_unlock(&v->lock);
    vms_wake(v->x);
    g_free(e->vm);
    g_free(e);
}

static void guest_ended(struct vms *v, const struct vm_info *info,
                        const struct record *vm)
{
    /* suspended by an operation that did not live to see it */
    if (info->end == VM_END_SUSPEND) {
        if (info->ours && !is_managed(vm))
            driver_vm_wake(v->x->driver, info->domid, NULL);
        return;
    }
    /* the ends of guests of xl are xl's business */
    if (!info->ours)
        return;
    g_mutex_lock(&v->lock);
    bool fresh =
        !g_hash_table_contains(v->kept, GUINT_TO_POINTER(info->domid)) &&
        g_hash_table_add(v->ending, g_strdup(record_ref(vm)));
    g_mutex_unlock(&v->lock);
    if (!fresh)
        return;
    struct ending *e = g_new0(struct ending, 1);
    *e = (struct ending){ v, g_strdup(record_ref(vm)), info->domid, info->end };
    g_thread_pool_push(v->enders, e, NULL);
}

/* ---- the list
 * --------------------------------------------------------------------- */

static void see_running(struct vms *v, const struct vm_info *info,
                        const struct record *vm)
{
    bool paused = info->state == VM_PAUSED;
    int want = paused ? STATE_PAUSED : STATE_RUNNING;
    if (record_word(vm, F_VM_power_state) == want &&
        record_int(vm, F_VM_domid) == info->domid)
        return;
    g_autofree char *ref = g_strdup(record_ref(vm));
    struct txn *t = store_begin(v->x->store);
    const struct record *now = txn_find(t, CLASS_VM, ref);
    if (now && !is_managed(now))
        vm_set_running(v->x, t, ref, info->domid, paused);
    store_commit(t, NULL);
    vm_refresh_consoles(v->x, ref);
}

/* A domain that an earlier life of the daemon had not finished building goes:
 * libxl does not know its setup. */
static bool drop_half_built(struct vms *v, const struct vm_info *info,
                            const struct record *vm)
{
    ERR_AUTO err = { 0 };
    struct vm_found found = { 0 };
    if (!v->starting || vm_is_active(vm))
        return false;
    bool whole = driver_describe(v->x->driver, info->domid, &found, &err) == 0;
    vm_found_dispose(&found);
    if (whole)
        return false;
    g_message("domain %u, half built for %s, is removed", info->domid,
              record_str(vm, F_VM_name_label));
    driver_vm_destroy(v->x->driver, info->domid, NULL);
    return true;
}

static void see_one(struct vms *v, const struct snapshot *s,
                    const struct vm_info *info)
{
    if (info->domid == 0 || info->state == VM_DYING)
        return;
    const struct record *vm = snapshot_find_uuid(s, CLASS_VM, info->uuid);
    if (!vm) {
        if (info->state != VM_SHUTDOWN && !info->ours)
            v->unfinished |= vm_adopt(v->x, info) < 0;
        return;
    }
    if (is_managed(vm) || is_ending(v, vm) || drop_half_built(v, info, vm))
        return;
    if (info->state == VM_SHUTDOWN)
        guest_ended(v, info, vm);
    else
        see_running(v, info, vm);
}

static const struct vm_info *info_of(const GArray *list, const char *uuid)
{
    for (guint i = 0; i < list->len; i++) {
        const struct vm_info *info = &g_array_index(list, struct vm_info, i);
        if (!strcmp(info->uuid, uuid) && info->state != VM_DYING)
            return info;
    }
    return NULL;
}

static void note_gone(struct vms *v, const char *ref)
{
    gint64 now = g_get_monotonic_time();
    if (!g_hash_table_contains(v->gone, ref))
        g_hash_table_insert(v->gone, g_strdup(ref),
                            g_memdup2(&now, sizeof now));
}

static void set_gone(struct vms *v, const char *ref, int64_t domid)
{
    struct txn *t = store_begin(v->x->store);
    const struct record *now = txn_find(t, CLASS_VM, ref);
    bool still = now && vm_is_active(now) && !is_managed(now) &&
                 record_int(now, F_VM_domid) == domid;
    if (still)
        vm_set_halted(t, ref);
    store_commit(t, NULL);
}

static void see_gone(struct vms *v, const struct snapshot *s,
                     const GArray *list)
{
    for (size_t i = 0; i < snapshot_count(s, CLASS_VM); i++) {
        const struct record *vm = snapshot_at(s, CLASS_VM, i);
        if (!vm_is_active(vm) &&
            record_map_get(vm, F_VM_other_config, VM_STARTED_BY))
            note_gone(v, record_ref(vm));
        if (record_bool(vm, F_VM_is_control_domain) || !vm_is_active(vm) ||
            is_managed(vm) || is_ending(v, vm) ||
            info_of(list, record_str(vm, F_VM_uuid)))
            continue;
        g_autofree char *ref = g_strdup(record_ref(vm));
        int64_t domid = record_int(vm, F_VM_domid);
        if (record_map_get(vm, F_VM_other_config, VM_STARTED_BY))
            note_gone(v, ref);
        vm_detach_all(v->x, ref);
        set_gone(v, ref, domid);
    }
}

/* Records of guests of xl go some seconds after the guest. */
static void forget_gone(struct vms *v)
{
    GHashTableIter it;
    void *ref, *when;
    g_hash_table_iter_init(&it, v->gone);
    while (g_hash_table_iter_next(&it, &ref, &when)) {
        struct txn *t = store_begin(v->x->store);
        const struct record *vm = txn_find(t, CLASS_VM, ref);
        bool down = vm && !vm_is_active(vm);
        bool due = g_get_monotonic_time() - *(gint64 *)when >
                   GONE_S * G_TIME_SPAN_SECOND;
        if (down && due)
            vm_delete(t, ref);
        store_commit(t, NULL);
        if (!down || due)
            g_hash_table_iter_remove(&it);
    }
}

/* The records are read before the list: a guest that a finished operation has
 * started since then is not taken for gone. */
static GArray *see_list(struct vms *v)
{
    ERR_AUTO err = { 0 };
    SNAPSHOT_AUTO *s = store_read(v->x->store);
    GArray *list = driver_list(v->x->driver, &err);
    v->unfinished = false;
    if (!list) {
        g_warning("%s", err.message);
        return NULL;
    }
    for (guint i = 0; i < list->len; i++)
        see_one(v, s, &g_array_index(list, struct vm_info, i));
    see_gone(v, s, list);
    return list;
}

/* ---- figures
 * ----------------------------------------------------------------------- */

static void set_figures(struct txn *t, const char *vm,
                        const struct vm_info *info)
{
    const char *m = vm_metrics(t, vm);
    const struct record *r = txn_find(t, CLASS_VM_metrics, m);
    if (record_int(r, F_VM_metrics_memory_actual) ==
            (int64_t)info->memory_bytes &&
        record_int(r, F_VM_metrics_VCPUs_number) == info->vcpus)
        return;
    store_set_int(t, m, F_VM_metrics_memory_actual,
                  (int64_t)info->memory_bytes);
    store_set_int(t, m, F_VM_metrics_VCPUs_number, info->vcpus);
    store_set_bool(t, m, F_VM_metrics_hvm, !strcmp(info->type, "hvm"));
    store_set_str(t, m, F_VM_metrics_current_domain_type, info->type);
    store_set_time(t, m, F_VM_metrics_last_updated,
                   g_get_real_time() / G_USEC_PER_SEC);
}

static void see_figures(struct vms *v, const GArray *list)
{
    struct txn *t = store_begin(v->x->store);
    for (guint i = 0; list && i < list->len; i++) {
        const struct vm_info *info = &g_array_index(list, struct vm_info, i);
        const struct record *vm = info->domid
                                      ? txn_find_uuid(t, CLASS_VM, info->uuid)
                                      : txn_find(t, CLASS_VM, v->x->dom0_ref);
        if (vm && vm_is_active(vm))
            set_figures(t, record_ref(vm), info);
    }
    store_commit(t, NULL);
}

static void set_guest(struct xapi *x, struct txn *t, const char *vm,
                      const struct value *said)
{
    const struct class *c = model_class(x->model, CLASS_VM_guest_metrics);
    const struct record *r = txn_find(t, CLASS_VM, vm);
    const struct record *g = vm_guest(t, r);
    const char *ref =
        g ? record_ref(g) : store_create(t, CLASS_VM_guest_metrics, NULL, NULL);
    if (!g)
        store_set_str(t, vm, F_VM_guest_metrics, ref);
    for (size_t i = 0; i < value_count(said); i++)
        store_set(t, ref, model_find_field(c, value_key_at(said, i)),
                  value_item_at(said, i));
    bool drivers = value_count(value_find(said, "PV_drivers_version")) ||
                   value_count(value_find(said, "other"));
    store_set_bool(t, ref, F_VM_guest_metrics_live, true);
    store_set_bool(t, ref, F_VM_guest_metrics_PV_drivers_detected, drivers);
    store_set_bool(t, ref, F_VM_guest_metrics_PV_drivers_up_to_date, drivers);
    store_set_time(t, ref, F_VM_guest_metrics_last_updated,
                   g_get_real_time() / G_USEC_PER_SEC);
}

static bool same_as_known(struct xapi *x, const struct snapshot *s,
                          const struct record *vm, const struct value *said)
{
    const struct class *c = model_class(x->model, CLASS_VM_guest_metrics);
    const struct record *g = snapshot_find(s, CLASS_VM_guest_metrics,
                                           record_str(vm, F_VM_guest_metrics));
    for (size_t i = 0; g && i < value_count(said); i++) {
        VALUE_AUTO *old =
            record_value(g, model_find_field(c, value_key_at(said, i)));
        if (!value_equal(old, value_item_at(said, i)))
            return false;
    }
    return g;
}

static void see_guest(struct vms *v, uint32_t domid)
{
    VALUE_AUTO *said = driver_guest_metrics(v->x->driver, domid);
    SNAPSHOT_AUTO *s = store_read(v->x->store);
    for (size_t i = 0; said && i < snapshot_count(s, CLASS_VM); i++) {
        const struct record *vm = snapshot_at(s, CLASS_VM, i);
        if (!vm_is_active(vm) || record_int(vm, F_VM_domid) != domid ||
            same_as_known(v->x, s, vm, said))
            continue;
        struct txn *t = store_begin(v->x->store);
        if (txn_find(t, CLASS_VM, record_ref(vm)))
            set_guest(v->x, t, record_ref(vm), said);
        store_commit(t, NULL);
    }
}

static void see_all_guests(struct vms *v)
{
    SNAPSHOT_AUTO *s = store_read(v->x->store);
    for (size_t i = 0; i < snapshot_count(s, CLASS_VM); i++) {
        const struct record *vm = snapshot_at(s, CLASS_VM, i);
        if (vm_is_active(vm) && record_int(vm, F_VM_domid) > 0)
            see_guest(v, (uint32_t)record_int(vm, F_VM_domid));
    }
}

/* ---- the thread
 * ------------------------------------------------------------------------ */

static void drop_list(GArray *list)
{
    if (list)
        g_array_unref(list);
}

static void handle(struct vms *v, const struct note *n)
{
    if (n->event == VM_EVENT_GUEST)
        see_guest(v, n->domid);
    else
        drop_list(see_list(v));
    vms_wake(v->x);
}

static void tick(struct vms *v)
{
    GArray *list = see_list(v);
    see_figures(v, list);
    drop_list(list);
    setup_free_memory(v->x);
    forget_gone(v);
    vms_wake(v->x);
}

/* When to look without being told; never later than planned. */
static gint64 next_look(struct vms *v, gint64 planned)
{
    gint64 now = g_get_monotonic_time();
    gint64 ms = v->unfinished                ? RETRY_MS
                : g_hash_table_size(v->gone) ? GONE_S * 1000
                                             : TICK_S * 1000;
    return planned ? MIN(planned, now + ms * 1000) : now + ms * 1000;
}

static void *watch(void *data)
{
    struct vms *v = data;
    gint64 next = 0;
    g_mutex_lock(&v->lock);
    while (!v->stop) {
        struct note *n = g_queue_pop_head(&v->notes);
        bool late = g_get_monotonic_time() >= next;
        if (!n && !late) {
            g_cond_wait_until(&v->changed, &v->lock, next);
            continue;
        }
        g_mutex_unlock(&v->lock);
        if (n)
            handle(v, n);
        if (late)
            tick(v);
        next = next_look(v, late ? 0 : next);
        g_free(n);
        g_mutex_lock(&v->lock);
    }
    g_mutex_unlock(&v->lock);
    return NULL;
}

struct vms *vms_open(struct xapi *x)
{
    struct vms *v = g_new0(struct vms, 1);
    v->x = x;
    g_mutex_init(&v->lock);
    g_cond_init(&v->changed);
    g_queue_init(&v->notes);
    v->ending = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    v->gone = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    v->kept = g_hash_table_new(NULL, NULL);
    x->vms = v;
    if (!x->driver)
        return v;
    v->enders = g_thread_pool_new(ender, v, 4, FALSE, NULL);
    v->starting = true;
    GArray *list = see_list(v);
    v->starting = false;
    see_figures(v, list);
    drop_list(list);
    see_all_guests(v);
    v->thread = g_thread_new("vms", watch, v);
    driver_watch(x->driver, told, v);
    return v;
}

void vms_close(struct vms *v)
{
    if (!v)
        return;
    if (v->x->driver)
        driver_unwatch(v->x->driver);
    g_mutex_lock(&v->lock);
    v->stop = true;
    g_cond_broadcast(&v->changed);
    g_mutex_unlock(&v->lock);
    if (v->thread)
        g_thread_join(v->thread);
    if (v->enders)
        g_thread_pool_free(v->enders, FALSE, TRUE);
    g_queue_clear_full(&v->notes, g_free);
    g_hash_table_destroy(v->ending);
    g_hash_table_destroy(v->gone);
    g_hash_table_destroy(v->kept);
    g_mutex_clear(&v->lock);
    g_cond_clear(&v->changed);
    v->x->vms = NULL;
    g_free(v);
}
