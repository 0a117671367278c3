/* The domains of this host against the VM records (way B). */
#include <string.h>

#include "class/vm_watch.h"

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
    if (now && !vms_is_managed(now))
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
    if (vms_is_managed(vm) || vms_is_ending(v, vm) ||
        drop_half_built(v, info, vm))
        return;
    if (info->state == VM_SHUTDOWN)
        vms_guest_ended(v, info, vm);
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
    bool still = now && vm_is_active(now) && !vms_is_managed(now) &&
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
            vms_is_managed(vm) || vms_is_ending(v, vm) ||
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
void vms_forget_gone(struct vms *v)
{
    GHashTableIter it;
    void *ref, *when;
    g_hash_table_iter_init(&it, v->gone);
    while (g_hash_table_iter_next(&it, &ref, &when)) {
        struct txn *t = store_begin(v->x->store);
        const struct record *vm = txn_find(t, CLASS_VM, ref);
        bool down = vm && !vm_is_active(vm);
        bool due = g_get_monotonic_time() - *(gint64 *)when >
                   VMS_GONE_S * G_TIME_SPAN_SECOND;
        if (down && due)
            vm_delete(t, ref);
        store_commit(t, NULL);
        if (!down || due)
            g_hash_table_iter_remove(&it);
    }
}

/* The records are read before the list: a guest that a finished operation has
 * started since then is not taken for gone. */
GArray *vms_see_list(struct vms *v)
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
