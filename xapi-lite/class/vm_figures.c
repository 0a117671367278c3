/* What guests use and what their agents tell, for the records (way B). */
#include <string.h>

#include "class/vm_watch.h"

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

void vms_see_figures(struct vms *v, const GArray *list)
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

void vms_see_guest(struct vms *v, uint32_t domid)
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

void vms_see_all_guests(struct vms *v)
{
    SNAPSHOT_AUTO *s = store_read(v->x->store);
    for (size_t i = 0; i < snapshot_count(s, CLASS_VM); i++) {
        const struct record *vm = snapshot_at(s, CLASS_VM, i);
        if (vm_is_active(vm) && record_int(vm, F_VM_domid) > 0)
            vms_see_guest(v, (uint32_t)record_int(vm, F_VM_domid));
    }
}
