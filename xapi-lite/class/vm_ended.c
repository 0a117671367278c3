/* Guests that ended: what their records say is to be done then (way B). */
#include <string.h>

#include "class/notes.h"
#include "class/vm_watch.h"

enum { SHORT_LIFE_S = 30 }; /* one that crashes faster is not started again */

bool vms_is_ending(struct vms *v, const struct record *vm)
{
    g_mutex_lock(&v->lock);
    bool yes = g_hash_table_contains(v->ending, record_ref(vm));
    g_mutex_unlock(&v->lock);
    return yes;
}

static bool has_operation(const struct record *vm, const char *op)
{
    for (size_t i = 0; i < record_count(vm, F_VM_current_operations); i++)
        if (!strcmp(record_map_item(vm, F_VM_current_operations, i), op))
            return true;
    return false;
}

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

/* What nobody asked for: the guest did it by itself. */
static void note_end(struct xapi *x, const struct record *vm, enum vm_end end,
                     const char *what)
{
    bool asked = has_operation(vm, "clean_shutdown") ||
                 has_operation(vm, "clean_reboot");
    const char *ref = record_ref(vm);
    if (end == VM_END_CRASH)
        notes_vm(x, ref, "VM_CRASHED", NOTE_ALARM, "has crashed on host");
    else if (!asked && !strcmp(what, "restart"))
        notes_vm(x, ref, "VM_REBOOTED", NOTE_NEWS, "has rebooted on host");
    else if (!asked)
        notes_vm(x, ref, "VM_SHUTDOWN", NOTE_NEWS, "has shut down on host");
}

static void end_guest(struct ending *e)
{
    struct xapi *x = e->vms->x;
    FAULT_AUTO f = { 0 };
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *vm = snapshot_find(s, CLASS_VM, e->vm);
    if (!vm || vms_is_managed(vm) || record_int(vm, F_VM_domid) != e->domid)
        return;
    const char *what = action(x, vm, e->end);
    g_message("guest %s ended (%s): %s", record_str(vm, F_VM_name_label),
              e->end == VM_END_REBOOT  ? "reboot"
              : e->end == VM_END_CRASH ? "crash"
                                       : "poweroff",
              what);
    note_end(x, vm, e->end, what);
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

void vms_ender(void *data, void *user)
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

void vms_guest_ended(struct vms *v, const struct vm_info *info,
                     const struct record *vm)
{
    /* suspended by an operation that did not live to see it */
    if (info->end == VM_END_SUSPEND) {
        if (info->ours && !vms_is_managed(vm))
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
