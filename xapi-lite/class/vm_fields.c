/* XenAPI VM: memory, processors and other settings (way B). */
#include <stdlib.h>
#include <string.h>

#include "class/vm.h"
#include "class/vm_checks.h"

/* Runs change() in a transaction after the check; then the limits must hold. */
static int settle(struct ctx *c, enum power_op op,
                  void (*change)(struct ctx *c, struct txn *t, const char *vm))
{
    const char *vm = arg_str(c, 0);
    struct txn *t = store_begin(c->x->store);
    int r = vm_check(c, t, vm, op);
    if (r == 0) {
        change(c, t, vm);
        const struct record *now = txn_find(t, CLASS_VM, vm);
        r = vm_check_memory(now, c->fault) < 0 ||
                    vm_check_vcpus(now, c->fault) < 0
                ? -1
                : 0;
    }
    if (r < 0) {
        store_rollback(t);
        return -1;
    }
    return ctx_commit(c, t);
}

/* A running guest gets its new target at once. */
static int apply_memory(struct ctx *c)
{
    ERR_AUTO err = { 0 };
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vm = snapshot_find(s, CLASS_VM, arg_str(c, 0));
    if (!vm || !vm_is_active(vm) || !c->x->driver)
        return 0;
    return driver_vm_memory(c->x->driver, (uint32_t)record_int(vm, F_VM_domid),
                            (uint64_t)record_int(vm, F_VM_memory_dynamic_max),
                            &err) < 0
               ? ctx_err(c, &err)
               : 0;
}

/* ---- memory
 * --------------------------------------------------------------------- */

static void set_limits(struct ctx *c, struct txn *t, const char *vm)
{
    store_set_int(t, vm, F_VM_memory_static_min, arg_int(c, 1));
    store_set_int(t, vm, F_VM_memory_static_max, arg_int(c, 2));
    store_set_int(t, vm, F_VM_memory_dynamic_min, arg_int(c, 3));
    store_set_int(t, vm, F_VM_memory_dynamic_max, arg_int(c, 4));
}

static void set_dynamic(struct ctx *c, struct txn *t, const char *vm)
{
    store_set_int(t, vm, F_VM_memory_dynamic_min, arg_int(c, 1));
    store_set_int(t, vm, F_VM_memory_dynamic_max, arg_int(c, 2));
}

static void set_static(struct ctx *c, struct txn *t, const char *vm)
{
    store_set_int(t, vm, F_VM_memory_static_min, arg_int(c, 1));
    store_set_int(t, vm, F_VM_memory_static_max, arg_int(c, 2));
}

/* One figure for all but the least: what most people mean. */
static void set_all(struct ctx *c, struct txn *t, const char *vm)
{
    store_set_int(t, vm, F_VM_memory_static_max, arg_int(c, 1));
    store_set_int(t, vm, F_VM_memory_dynamic_min, arg_int(c, 1));
    store_set_int(t, vm, F_VM_memory_dynamic_max, arg_int(c, 1));
    const struct record *r = txn_find(t, CLASS_VM, vm);
    if (record_int(r, F_VM_memory_static_min) > arg_int(c, 1))
        store_set_int(t, vm, F_VM_memory_static_min, arg_int(c, 1));
}

static void set_target(struct ctx *c, struct txn *t, const char *vm)
{
    store_set_int(t, vm, F_VM_memory_dynamic_min, arg_int(c, 1));
    store_set_int(t, vm, F_VM_memory_dynamic_max, arg_int(c, 1));
}

#define ONE(name, field)                                                       \
    static void name(struct ctx *c, struct txn *t, const char *vm)             \
    {                                                                          \
        store_set_int(t, vm, F_VM_##field, arg_int(c, 1));                     \
    }
ONE(set_static_min, memory_static_min)
ONE(set_static_max, memory_static_max)
ONE(set_dynamic_min, memory_dynamic_min)
ONE(set_dynamic_max, memory_dynamic_max)
ONE(set_vcpus_max, VCPUs_max)
ONE(set_vcpus_start, VCPUs_at_startup)

#define MEMORY(message, op, change)                                            \
    int handle_VM_##message(struct ctx *c, struct value **result_out)          \
    {                                                                          \
        (void)result_out;                                                      \
        return settle(c, op, change) < 0 ? -1 : apply_memory(c);               \
    }
MEMORY(set_memory_limits, OP_changing_memory_limits, set_limits)
MEMORY(set_memory_dynamic_range, OP_changing_dynamic_range, set_dynamic)
MEMORY(set_memory_dynamic_min, OP_changing_dynamic_range, set_dynamic_min)
MEMORY(set_memory_dynamic_max, OP_changing_dynamic_range, set_dynamic_max)
MEMORY(set_memory_static_range, OP_changing_static_range, set_static)
MEMORY(set_memory_static_min, OP_changing_static_range, set_static_min)
MEMORY(set_memory_static_max, OP_changing_static_range, set_static_max)
MEMORY(set_memory, OP_changing_memory_limits, set_all)
MEMORY(set_memory_target_live, OP_changing_dynamic_range, set_target)
MEMORY(set_VCPUs_max, OP_changing_VCPUs, set_vcpus_max)
MEMORY(set_VCPUs_at_startup, OP_changing_VCPUs, set_vcpus_start)

/* What Xen needs beside the guest's own memory: page tables and the like. An
 * estimate that grows with memory and processors. */
static int64_t overhead(const struct record *vm)
{
    bool hvm = !strcmp(record_str(vm, F_VM_domain_type), "hvm");
    int64_t mib = record_int(vm, F_VM_memory_static_max) >> 20;
    int64_t vcpus = record_int(vm, F_VM_VCPUs_max);
    int64_t need = 1 + mib / 128 + vcpus + (hvm ? 12 : 0);
    return need << 20;
}

int handle_VM_compute_memory_overhead(struct ctx *c, struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vm = ctx_find(c, s, CLASS_VM, arg_str(c, 0));
    if (!vm)
        return -1;
    *result_out = value_int(overhead(vm));
    return 0;
}

/* The most memory the guest may have so that total bytes hold it. */
int handle_VM_maximise_memory(struct ctx *c, struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vm = ctx_find(c, s, CLASS_VM, arg_str(c, 0));
    if (!vm)
        return -1;
    bool hvm = !strcmp(record_str(vm, F_VM_domain_type), "hvm");
    int64_t fixed = (1 + record_int(vm, F_VM_VCPUs_max) + (hvm ? 12 : 0)) << 20;
    int64_t rest = MAX(arg_int(c, 1) - fixed, 0);
    *result_out = value_int((rest / 129 * 128) >> 20 << 20);
    return 0;
}

/* ---- processors
 * -------------------------------------------------------------------- */

int handle_VM_set_VCPUs_number_live(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    ERR_AUTO err = { 0 };
    char text[24];
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vm = ctx_find(c, s, CLASS_VM, arg_str(c, 0));
    if (!vm ||
        power_check(vm, NULL, OP_changing_VCPUs_live, false, c->fault) < 0)
        return -1;
    g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, arg_int(c, 1));
    if (arg_int(c, 1) < 1 || arg_int(c, 1) > record_int(vm, F_VM_VCPUs_max))
        return ctx_fault(c, "INVALID_VALUE", "VCPU values", text);
    if (driver_vm_vcpus(c->x->driver, (uint32_t)record_int(vm, F_VM_domid),
                        (unsigned)arg_int(c, 1), &err) < 0)
        return ctx_err(c, &err);
    struct txn *t = store_begin(c->x->store);
    if (txn_find(t, CLASS_VM, arg_str(c, 0)))
        store_set_int(t, arg_str(c, 0), F_VM_VCPUs_at_startup, arg_int(c, 1));
    return ctx_commit(c, t);
}

int handle_VM_add_to_VCPUs_params_live(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    ERR_AUTO err = { 0 };
    const char *key = arg_str(c, 1);
    int n = atoi(arg_str(c, 2));
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vm = ctx_find(c, s, CLASS_VM, arg_str(c, 0));
    if (!vm ||
        power_check(vm, NULL, OP_changing_VCPUs_live, false, c->fault) < 0)
        return -1;
    bool weight = !strcmp(key, "weight"), cap = !strcmp(key, "cap");
    if (!weight && !cap)
        return ctx_fault(c, "INVALID_VALUE", "key", key);
    if (driver_vm_weight(c->x->driver, (uint32_t)record_int(vm, F_VM_domid),
                         weight ? n : -1, cap ? n : -1, &err) < 0)
        return ctx_err(c, &err);
    struct txn *t = store_begin(c->x->store);
    if (txn_find(t, CLASS_VM, arg_str(c, 0)))
        store_map_put(t, arg_str(c, 0), F_VM_VCPUs_params, key, arg_str(c, 2));
    return ctx_commit(c, t);
}

/* ---- kind of guest and name
 * ------------------------------------------------------------ */

static void set_type(struct ctx *c, struct txn *t, const char *vm)
{
    store_set_str(t, vm, F_VM_domain_type, arg_str(c, 1));
    vm_settle_type(t, vm);
}

static void set_policy(struct ctx *c, struct txn *t, const char *vm)
{
    bool bios = *arg_str(c, 1);
    store_set_str(t, vm, F_VM_HVM_boot_policy, arg_str(c, 1));
    store_set_str(t, vm, F_VM_domain_type, bios ? "hvm" : "pv");
}

int handle_VM_set_domain_type(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return settle(c, OP_changing_NVRAM, set_type);
}

int handle_VM_set_HVM_boot_policy(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return settle(c, OP_changing_NVRAM, set_policy);
}

/* xl shows the new name too; a name that Xen has already stays as it was. */
int handle_VM_set_name_label(struct ctx *c, struct value **result_out)
{
    if (ctx_implicit(c, result_out) < 0)
        return -1;
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vm = snapshot_find(s, CLASS_VM, arg_str(c, 0));
    if (vm && vm_is_active(vm) && c->x->driver &&
        record_int(vm, F_VM_domid) > 0)
        driver_vm_rename(c->x->driver, (uint32_t)record_int(vm, F_VM_domid),
                         arg_str(c, 1), NULL);
    return 0;
}

int handle_VM_set_is_a_template(struct ctx *c, struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vm = ctx_find(c, s, CLASS_VM, arg_str(c, 0));
    if (!vm)
        return -1;
    if (arg_bool(c, 1) && !record_bool(vm, F_VM_is_a_template) &&
        power_check(vm, NULL, OP_make_into_template, false, c->fault) < 0)
        return -1;
    return ctx_implicit(c, result_out);
}

/* ---- questions
 * ---------------------------------------------------------------------- */

int handle_VM_assert_operation_valid(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    struct txn *t = store_begin(c->x->store);
    const struct record *vm = ctx_txn_find(c, t, CLASS_VM, arg_str(c, 0));
    int op = 0;
    while (vm && op < OP_COUNT && strcmp(power_op_name(op), arg_str(c, 1)))
        op++;
    int r =
        vm ? power_check(vm, vm_guest(t, vm), (enum power_op)op, true, c->fault)
           : -1;
    store_rollback(t);
    return r;
}

/* They are always up to date; an event is what the caller waits for. */
int handle_VM_update_allowed_operations(struct ctx *c,
                                        struct value **result_out)
{
    (void)result_out;
    struct txn *t = store_begin(c->x->store);
    store_touch(t, arg_str(c, 0));
    return ctx_commit(c, t);
}

int handle_VM_get_boot_record(struct ctx *c, struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vm = ctx_find(c, s, CLASS_VM, arg_str(c, 0));
    if (!vm)
        return -1;
    *result_out = record_to_value(vm);
    return 0;
}

/* Numbers of devices that are free, as texts; taken ones are left out. */
static void free_devices(const struct snapshot *s, const struct record *vm,
                         enum field_id set, enum class_id class,
                         enum field_id device, int max, struct value *out)
{
    for (int i = 0; i < max; i++) {
        char text[12], name[16];
        g_snprintf(text, sizeof text, "%d", i);
        vbd_device_name(text, name);
        bool taken = false;
        for (size_t k = 0; k < record_count(vm, set); k++) {
            const struct record *d =
                snapshot_find(s, class, record_item(vm, set, k));
            const char *has = d ? record_str(d, device) : "";
            taken |= !strcmp(has, text) || !strcmp(has, name);
        }
        if (!taken)
            value_push(out, value_string(text));
    }
}

int handle_VM_get_allowed_VBD_devices(struct ctx *c, struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vm = ctx_find(c, s, CLASS_VM, arg_str(c, 0));
    if (!vm)
        return -1;
    bool hvm = !strcmp(record_str(vm, F_VM_domain_type), "hvm");
    *result_out = value_array();
    free_devices(s, vm, F_VM_VBDs, CLASS_VBD, F_VBD_userdevice, hvm ? 255 : 16,
                 *result_out);
    return 0;
}

int handle_VM_get_allowed_VIF_devices(struct ctx *c, struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vm = ctx_find(c, s, CLASS_VM, arg_str(c, 0));
    if (!vm)
        return -1;
    *result_out = value_array();
    free_devices(s, vm, F_VM_VIFs, CLASS_VIF, F_VIF_device, 7, *result_out);
    return 0;
}

int handle_VM_get_possible_hosts(struct ctx *c, struct value **result_out)
{
    *result_out = value_array();
    value_push(*result_out, value_string(c->x->host_ref));
    return 0;
}

int handle_VM_assert_can_boot_here(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vm = ctx_find(c, s, CLASS_VM, arg_str(c, 0));
    const struct record *host = ctx_find(c, s, CLASS_host, arg_str(c, 1));
    if (!vm || !host)
        return -1;
    if (!record_bool(host, F_host_enabled))
        return ctx_fault(c, "HOST_DISABLED", arg_str(c, 1));
    return 0;
}

int handle_VM_get_cooperative(struct ctx *c, struct value **result_out)
{
    (void)c;
    *result_out = value_bool(true);
    return 0;
}

int handle_VM_copy_bios_strings(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    struct txn *t = store_begin(c->x->store);
    const struct record *vm = ctx_txn_find(c, t, CLASS_VM, arg_str(c, 0));
    const struct record *host = ctx_txn_find(c, t, CLASS_host, arg_str(c, 1));
    if (vm && record_count(vm, F_VM_bios_strings))
        ctx_fault(c, "VM_BIOS_STRINGS_ALREADY_SET");
    if (c->fault->code) {
        store_rollback(t);
        return -1;
    }
    VALUE_AUTO *v =
        record_value(host, model_field(c->x->model, F_host_bios_strings));
    store_set(t, arg_str(c, 0), model_field(c->x->model, F_VM_bios_strings), v);
    return ctx_commit(c, t);
}
