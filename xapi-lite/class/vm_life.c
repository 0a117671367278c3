/* XenAPI VM: made, copied, removed (way B). */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "class/vm.h"
#include "class/vm_checks.h"

/* ---- checks
 * --------------------------------------------------------------------- */

/* static_min <= dynamic_min <= dynamic_max <= static_max */
int vm_check_memory(const struct record *vm, struct fault *f)
{
    int64_t smin = record_int(vm, F_VM_memory_static_min);
    int64_t dmin = record_int(vm, F_VM_memory_dynamic_min);
    int64_t dmax = record_int(vm, F_VM_memory_dynamic_max);
    int64_t smax = record_int(vm, F_VM_memory_static_max);
    if (0 <= smin && smin <= dmin && dmin <= dmax && dmax <= smax)
        return 0;
    return fault_set(f, "MEMORY_CONSTRAINT_VIOLATION",
                     "Memory limits must satisfy: static_min <= dynamic_min "
                     "<= dynamic_max <= static_max",
                     NULL);
}

int vm_check_vcpus(const struct record *vm, struct fault *f)
{
    int64_t max = record_int(vm, F_VM_VCPUs_max);
    int64_t start = record_int(vm, F_VM_VCPUs_at_startup);
    char text[24];
    bool max_bad = max < 1 || max > 512;
    g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, max_bad ? max : start);
    if (max_bad)
        return fault_set(f, "INVALID_VALUE", "VCPUs_max", text, NULL);
    if (start < 1 || start > max)
        return fault_set(f, "INVALID_VALUE", "VCPUs_at_startup", text, NULL);
    return 0;
}

/* domain_type and HVM_boot_policy say the same. */
void vm_settle_type(struct txn *t, const char *ref)
{
    const struct record *vm = txn_find(t, CLASS_VM, ref);
    const char *type = record_str(vm, F_VM_domain_type);
    bool bios = *record_str(vm, F_VM_HVM_boot_policy);
    if (!strcmp(type, "unspecified"))
        store_set_str(t, ref, F_VM_domain_type, bios ? "hvm" : "pv");
    else if (!strcmp(type, "hvm") && !bios)
        store_set_str(t, ref, F_VM_HVM_boot_policy, "BIOS order");
    else if (strcmp(type, "hvm") && bios)
        store_set_str(t, ref, F_VM_HVM_boot_policy, "");
}

/* ---- create and destroy
 * ----------------------------------------------------------- */

static void set_new(struct txn *t, const char *vm)
{
    g_autofree char *seed = g_uuid_string_random();
    const struct record *r = txn_find(t, CLASS_VM, vm);
    store_set_str(t, vm, F_VM_power_state, "Halted");
    store_set_int(t, vm, F_VM_domid, -1);
    if (!record_map_get(r, F_VM_other_config, "mac_seed"))
        store_map_put(t, vm, F_VM_other_config, "mac_seed", seed);
    const char *m = vm_metrics(t, vm);
    store_set_time(t, m, F_VM_metrics_install_time,
                   g_get_real_time() / G_USEC_PER_SEC);
    vm_settle_type(t, vm);
}

int handle_VM_create(struct ctx *c, struct value **result_out)
{
    struct txn *t = store_begin(c->x->store);
    const char *vm = store_create(t, CLASS_VM, NULL, NULL);
    g_autofree char *ref = g_strdup(vm);
    int r = ctx_fill(c, t, model_class(c->x->model, CLASS_VM), ref, arg(c, 0));
    if (r == 0) {
        set_new(t, ref);
        const struct record *made = txn_find(t, CLASS_VM, ref);
        r = vm_check_memory(made, c->fault) < 0 ||
                    vm_check_vcpus(made, c->fault) < 0
                ? -1
                : 0;
    }
    if (r < 0) {
        store_rollback(t);
        return -1;
    }
    *result_out = value_string(ref);
    return ctx_commit(c, t);
}

/* Deletes what a set of the VM names. */
static void delete_set(struct txn *t, const char *vm, enum field_id set,
                       enum class_id c)
{
    const struct record *r;
    while ((r = txn_find(t, CLASS_VM, vm)) && record_count(r, set)) {
        g_autofree char *ref = g_strdup(record_item(r, set, 0));
        if (!txn_find(t, c, ref))
            return;
        store_delete(t, c, ref);
    }
}

static void leave_children(struct txn *t, const char *vm)
{
    const struct record *r;
    while ((r = txn_find(t, CLASS_VM, vm)) && record_count(r, F_VM_children)) {
        g_autofree char *child = g_strdup(record_item(r, F_VM_children, 0));
        const char *parent = record_str(r, F_VM_parent);
        g_autofree char *next =
            g_strdup(strcmp(parent, vm) ? parent : REF_NULL);
        store_set_str(t, child, F_VM_parent, next);
    }
}

void vm_delete(struct txn *t, const char *vm)
{
    leave_children(t, vm);
    delete_set(t, vm, F_VM_VBDs, CLASS_VBD);
    delete_set(t, vm, F_VM_VIFs, CLASS_VIF);
    delete_set(t, vm, F_VM_consoles, CLASS_console);
    delete_set(t, vm, F_VM_VTPMs, CLASS_VTPM);
    delete_set(t, vm, F_VM_VGPUs, CLASS_VGPU);
    const struct record *r = txn_find(t, CLASS_VM, vm);
    g_autofree char *m = g_strdup(record_str(r, F_VM_metrics));
    g_autofree char *g = g_strdup(record_str(r, F_VM_guest_metrics));
    store_delete(t, CLASS_VM_metrics, m);
    store_delete(t, CLASS_VM_guest_metrics, g);
    store_delete(t, CLASS_VM, vm);
}

int handle_VM_destroy(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    const char *vm = arg_str(c, 0);
    struct txn *t = store_begin(c->x->store);
    if (vm_check(c, t, vm, OP_destroy) < 0) {
        store_rollback(t);
        return -1;
    }
    const struct record *r = txn_find(t, CLASS_VM, vm);
    g_autofree char *saved = vm_saved_path(c->x, record_str(r, F_VM_uuid));
    g_autofree char *core = vm_core_path(c->x, record_str(r, F_VM_uuid));
    vm_delete(t, vm);
    if (ctx_commit(c, t) < 0)
        return -1;
    unlink(saved);
    unlink(core);
    return 0;
}
