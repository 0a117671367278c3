/* What the fields of a VM and its devices say in each power state (way B). */
#include <string.h>

#include "class/vdi.h"
#include "class/vm.h"
#include "class/vm_pci.h"

bool vm_is_active(const struct record *vm)
{
    int s = record_word(vm, F_VM_power_state);
    return s == STATE_RUNNING || s == STATE_PAUSED;
}

const struct record *vm_guest(struct txn *t, const struct record *vm)
{
    return txn_find(t, CLASS_VM_guest_metrics,
                    record_str(vm, F_VM_guest_metrics));
}

const char *vm_metrics(struct txn *t, const char *vm)
{
    const struct record *r = txn_find(t, CLASS_VM, vm);
    const char *ref = record_str(r, F_VM_metrics);
    const struct record *m = txn_find(t, CLASS_VM_metrics, ref);
    if (m)
        return record_ref(m);
    ref = store_create(t, CLASS_VM_metrics, NULL, NULL);
    store_set_str(t, vm, F_VM_metrics, ref);
    return ref;
}

/* currently_attached of all devices. */
static void set_attached(struct txn *t, const char *vm, bool on)
{
    const struct record *r = txn_find(t, CLASS_VM, vm);
    for (size_t i = 0; i < record_count(r, F_VM_VBDs); i++) {
        const char *vbd = record_item(r, F_VM_VBDs, i);
        char device[16];
        vbd_device_name(
            record_str(txn_find(t, CLASS_VBD, vbd), F_VBD_userdevice), device);
        store_set_bool(t, vbd, F_VBD_currently_attached, on);
        store_set_str(t, vbd, F_VBD_device, on ? device : "");
    }
    r = txn_find(t, CLASS_VM, vm);
    for (size_t i = 0; i < record_count(r, F_VM_VIFs); i++)
        store_set_bool(t, record_item(r, F_VM_VIFs, i),
                       F_VIF_currently_attached, on);
}

static void drop_consoles(struct txn *t, const char *vm)
{
    for (;;) {
        const struct record *r = txn_find(t, CLASS_VM, vm);
        if (!record_count(r, F_VM_consoles))
            return;
        g_autofree char *ref = g_strdup(record_item(r, F_VM_consoles, 0));
        if (!txn_find(t, CLASS_console, ref))
            return;
        store_delete(t, CLASS_console, ref);
    }
}

static void drop_guest(struct txn *t, const char *vm)
{
    const struct record *r = txn_find(t, CLASS_VM, vm);
    g_autofree char *ref = g_strdup(record_str(r, F_VM_guest_metrics));
    store_delete(t, CLASS_VM_guest_metrics, ref);
    store_set_str(t, vm, F_VM_guest_metrics, REF_NULL);
}

void vm_set_running(struct xapi *x, struct txn *t, const char *vm,
                    uint32_t domid, bool paused)
{
    const struct record *r = txn_find(t, CLASS_VM, vm);
    bool was = vm_is_active(r) && record_int(r, F_VM_domid) == domid;
    store_set_str(t, vm, F_VM_power_state, paused ? "Paused" : "Running");
    store_set_int(t, vm, F_VM_domid, domid);
    store_set_str(t, vm, F_VM_domarch, "x86_64");
    store_set_str(t, vm, F_VM_resident_on, x->host_ref);
    store_set_bool(t, vm, F_VM_requires_reboot, false);
    if (was)
        return;
    int64_t now = g_get_real_time() / G_USEC_PER_SEC;
    set_attached(t, vm, true);
    store_set_time(t, vm_metrics(t, vm), F_VM_metrics_start_time, now);
}

static void set_stopped(struct txn *t, const char *vm, const char *state)
{
    drop_consoles(t, vm);
    drop_guest(t, vm);
    set_attached(t, vm, false);
    vm_pci_released(t, vm);
    store_set_str(t, vm, F_VM_power_state, state);
    store_set_int(t, vm, F_VM_domid, -1);
    store_set_str(t, vm, F_VM_resident_on, REF_NULL);
    const char *m = vm_metrics(t, vm);
    store_set_int(t, m, F_VM_metrics_memory_actual, 0);
    store_set_int(t, m, F_VM_metrics_VCPUs_number, 0);
}

void vm_set_halted(struct txn *t, const char *vm)
{
    set_stopped(t, vm, "Halted");
}

void vm_set_suspended(struct txn *t, const char *vm)
{
    set_stopped(t, vm, "Suspended");
}

/* ---- operations ------------------------------------------------------------
 */

/* A disk that goes back to one state has no other that could be kept. */
static bool keeps_disks(enum power_op op)
{
    return op == OP_snapshot || op == OP_snapshot_with_quiesce ||
           op == OP_checkpoint || op == OP_suspend || op == OP_clone;
}

static bool has_resetting(struct txn *t, const struct record *vm)
{
    for (size_t i = 0; i < record_count(vm, F_VM_VBDs); i++) {
        const struct record *vbd =
            txn_find(t, CLASS_VBD, record_item(vm, F_VM_VBDs, i));
        const struct record *vdi =
            vbd ? txn_find(t, CLASS_VDI, record_str(vbd, F_VBD_VDI)) : NULL;
        if (vdi && vdi_resets(vdi))
            return true;
    }
    return false;
}

uint64_t vm_allowed(struct txn *t, const struct record *vm)
{
    uint64_t mask = power_allowed(vm, vm_guest(t, vm));
    bool resetting = has_resetting(t, vm);
    for (int op = 0; resetting && op < OP_COUNT; op++)
        if (keeps_disks((enum power_op)op))
            mask &= ~((uint64_t)1 << op);
    return mask;
}

int vm_check(struct ctx *c, struct txn *t, const char *vm, enum power_op op)
{
    const struct record *r = ctx_txn_find(c, t, CLASS_VM, vm);
    if (!r || power_check(r, vm_guest(t, r), op, false, c->fault) < 0)
        return -1;
    return keeps_disks(op) && has_resetting(t, r)
               ? ctx_fault(c, "VDI_ON_BOOT_MODE_INCOMPATIBLE_WITH_OPERATION")
               : 0;
}

/* Operations on records alone. */
static bool needs_xen(enum power_op op)
{
    return op != OP_clone && op != OP_copy && op != OP_snapshot &&
           op != OP_provision && op != OP_revert && op != OP_reverting &&
           op != OP_export && op != OP_metadata_export;
}

int vm_begin(struct ctx *c, const char *vm, enum power_op op)
{
    if (!c->x->driver && needs_xen(op))
        return ctx_fault(c, "HOST_OFFLINE", c->x->host_ref);
    struct txn *t = store_begin(c->x->store);
    if (vm_check(c, t, vm, op) < 0) {
        store_rollback(t);
        return -1;
    }
    store_map_put(t, vm, F_VM_current_operations, task_ref(c->task),
                  power_op_name(op));
    return ctx_commit(c, t);
}

void vm_end(struct ctx *c, const char *vm)
{
    struct txn *t = store_begin(c->x->store);
    if (txn_find(t, CLASS_VM, vm))
        store_map_remove(t, vm, F_VM_current_operations, task_ref(c->task));
    store_commit(t, NULL);
    vms_wake(c->x);
}
