/* Guests as they really are: what the driver tells is brought into the records
 * (way B). One thread; what takes long goes to a few workers. */
#include <string.h>

#include "class/vm_watch.h"

enum {
    TICK_S = 10,    /* figures are refreshed this often */
    RETRY_MS = 300, /* a domain that is being built is looked at again */
};

struct note {
    enum vm_event event;
    uint32_t domid;
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

/* An operation that changes the domain by itself is at work. */
bool vms_is_managed(const struct record *vm)
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
        vms_see_guest(v, n->domid);
    else
        drop_list(vms_see_list(v));
    vms_wake(v->x);
}

static void tick(struct vms *v)
{
    GArray *list = vms_see_list(v);
    vms_see_figures(v, list);
    drop_list(list);
    setup_free_memory(v->x);
    vms_forget_gone(v);
    vms_wake(v->x);
}

/* When to look without being told; never later than planned. */
static gint64 next_look(struct vms *v, gint64 planned)
{
    gint64 now = g_get_monotonic_time();
    gint64 ms = v->unfinished                ? RETRY_MS
                : g_hash_table_size(v->gone) ? VMS_GONE_S * 1000
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
    v->enders = g_thread_pool_new(vms_ender, v, 4, FALSE, NULL);
    v->starting = true;
    GArray *list = vms_see_list(v);
    v->starting = false;
    vms_see_figures(v, list);
    drop_list(list);
    vms_see_all_guests(v);
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
