/* XenAPI VM: what a VM needs to run elsewhere, and waiting for its memory
 * (way B). */
#include <string.h>

#include "class/vm.h"

enum { POLL_MS = 200, WAIT_S = 256, NEAR_BYTES = 1 << 20 };

/* ---- storage
 * ------------------------------------------------------------------- */

/* Adds the SR of each disk; a CD drive's does not count. */
static void add_srs(const struct snapshot *s, const struct record *vm,
                    GHashTable *srs)
{
    for (size_t i = 0; i < record_count(vm, F_VM_VBDs); i++) {
        const struct record *vbd =
            snapshot_find(s, CLASS_VBD, record_item(vm, F_VM_VBDs, i));
        const struct record *vdi =
            vbd && strcmp(record_str(vbd, F_VBD_type), "CD")
                ? snapshot_find(s, CLASS_VDI, record_str(vbd, F_VBD_VDI))
                : NULL;
        const struct record *sr =
            vdi ? snapshot_find(s, CLASS_SR, record_str(vdi, F_VDI_SR)) : NULL;
        if (sr)
            g_hash_table_add(srs, (char *)record_ref(sr));
    }
}

static struct value *list_keys(GHashTable *set)
{
    struct value *list = value_array();
    GHashTableIter it;
    void *key;
    g_hash_table_iter_init(&it, set);
    while (g_hash_table_iter_next(&it, &key, NULL))
        value_push(list, value_string(key));
    return list;
}

int handle_VM_get_SRs_required_for_recovery(struct ctx *c,
                                            struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    g_autoptr(GHashTable) srs = g_hash_table_new(g_str_hash, g_str_equal);
    const struct record *vm = ctx_find(c, s, CLASS_VM, arg_str(c, 0));
    if (!vm)
        return -1;
    add_srs(s, vm, srs);
    *result_out = list_keys(srs);
    return 0;
}

int handle_VM_appliance_get_SRs_required_for_recovery(struct ctx *c,
                                                      struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    g_autoptr(GHashTable) srs = g_hash_table_new(g_str_hash, g_str_equal);
    const struct record *a = ctx_find(c, s, CLASS_VM_appliance, arg_str(c, 0));
    if (!a)
        return -1;
    for (size_t i = 0; i < record_count(a, F_VM_appliance_VMs); i++) {
        const struct record *vm =
            snapshot_find(s, CLASS_VM, record_item(a, F_VM_appliance_VMs, i));
        if (vm)
            add_srs(s, vm, srs);
    }
    *result_out = list_keys(srs);
    return 0;
}

/* Could any host of a pool run it? Every disk must be on shared storage. */
int handle_VM_assert_agile(struct ctx *c, struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    g_autoptr(GHashTable) srs = g_hash_table_new(g_str_hash, g_str_equal);
    const struct record *vm = ctx_find(c, s, CLASS_VM, arg_str(c, 0));
    GHashTableIter it;
    void *ref;
    (void)result_out;
    if (!vm)
        return -1;
    add_srs(s, vm, srs);
    g_hash_table_iter_init(&it, srs);
    while (g_hash_table_iter_next(&it, &ref, NULL))
        if (!record_bool(snapshot_find(s, CLASS_SR, ref), F_SR_shared))
            return ctx_fault(c, "HA_CONSTRAINT_VIOLATION_SR_NOT_SHARED", ref);
    return 0;
}

/* ---- memory
 * -------------------------------------------------------------------- */

/* 1: there; 0: not yet; -1: a fault. */
static int memory_is_there(struct ctx *c)
{
    ERR_AUTO err = { 0 };
    struct vm_info info;
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vm = ctx_find(c, s, CLASS_VM, arg_str(c, 0));
    if (!vm ||
        power_check(vm, NULL, OP_awaiting_memory_live, false, c->fault) < 0)
        return -1;
    if (!c->x->driver)
        return ctx_fault(c, "HOST_OFFLINE", c->x->host_ref);
    if (driver_info(c->x->driver, (uint32_t)record_int(vm, F_VM_domid), &info,
                    &err) < 0)
        return ctx_err(c, &err);
    int64_t off =
        (int64_t)info.memory_bytes - record_int(vm, F_VM_memory_dynamic_max);
    return ABS(off) <= NEAR_BYTES;
}

int handle_VM_wait_memory_target_live(struct ctx *c, struct value **result_out)
{
    gint64 end = g_get_monotonic_time() + WAIT_S * G_TIME_SPAN_SECOND;
    int r;
    (void)result_out;
    while ((r = memory_is_there(c)) == 0) {
        if (task_cancelled(c->task))
            return ctx_fault(c, "TASK_CANCELLED", task_ref(c->task));
        if (g_get_monotonic_time() > end)
            return ctx_fault(c, "VM_MEMORY_TARGET_WAIT_TIMEOUT", arg_str(c, 0));
        g_usleep(POLL_MS * 1000);
    }
    return r < 0 ? -1 : 0;
}
