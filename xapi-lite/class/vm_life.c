/* XenAPI VM: made, copied, removed (way B). */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "class/storage.h"
#include "class/vdi.h"
#include "class/vif.h"
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

void vm_delete(struct txn *t, const char *vm)
{
    delete_set(t, vm, F_VM_VBDs, CLASS_VBD);
    delete_set(t, vm, F_VM_VIFs, CLASS_VIF);
    delete_set(t, vm, F_VM_consoles, CLASS_console);
    delete_set(t, vm, F_VM_VTPMs, CLASS_VTPM);
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
    vm_delete(t, vm);
    if (ctx_commit(c, t) < 0)
        return -1;
    unlink(saved);
    return 0;
}

/* ---- clone, copy, snapshot
 * --------------------------------------------------------- */

/* A disk of the copy: the new VDI, or the old one where it is shared. */
struct copied {
    char *vbd, *vdi;
};

static void clear_copied(void *p)
{
    struct copied *k = p;
    g_free(k->vbd);
    g_free(k->vdi);
}

enum copy_how { BY_CLONE, BY_COPY, BY_SNAPSHOT };

static char *copy_vdi(struct ctx *c, const char *vdi, enum copy_how how,
                      const char *sr)
{
    return how == BY_COPY       ? vdi_copy(c, vdi, sr)
           : how == BY_SNAPSHOT ? vdi_duplicate(c, vdi, true)
                                : vdi_duplicate(c, vdi, false);
}

/* Disks first, with no transaction held. */
static int copy_disks(struct ctx *c, const char *vm, enum copy_how how,
                      const char *sr, GArray *out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = snapshot_find(s, CLASS_VM, vm);
    for (size_t i = 0; i < record_count(r, F_VM_VBDs); i++) {
        const struct record *vbd =
            snapshot_find(s, CLASS_VBD, record_item(r, F_VM_VBDs, i));
        if (!vbd)
            continue;
        bool cd = strcmp(record_str(vbd, F_VBD_type), "Disk");
        const char *vdi = record_str(vbd, F_VBD_VDI);
        bool none = !strcmp(vdi, REF_NULL);
        struct copied k = { g_strdup(record_ref(vbd)),
                            cd || none ? g_strdup(vdi)
                                       : copy_vdi(c, vdi, how, sr) };
        if (!k.vdi) {
            clear_copied(&k);
            return -1;
        }
        g_array_append_val(out, k);
        task_progress(c->task, (double)(i + 1) /
                                   (double)(record_count(r, F_VM_VBDs) + 1));
    }
    return 0;
}

static void drop_copied_disks(struct ctx *c, const GArray *disks)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    for (guint i = 0; i < disks->len; i++) {
        const struct copied *k = &g_array_index(disks, struct copied, i);
        const struct record *vbd = snapshot_find(s, CLASS_VBD, k->vbd);
        if (vbd && strcmp(record_str(vbd, F_VBD_VDI), k->vdi))
            vdi_remove(c->x, k->vdi, NULL);
    }
}

static void copy_vbds(struct txn *t, const char *vm, const GArray *disks)
{
    for (guint i = 0; i < disks->len; i++) {
        const struct copied *k = &g_array_index(disks, struct copied, i);
        const struct record *old = txn_find(t, CLASS_VBD, k->vbd);
        if (!old)
            continue;
        const char *vbd = store_copy(t, old);
        store_set_str(t, vbd, F_VBD_VM, vm);
        store_set_str(t, vbd, F_VBD_VDI, k->vdi);
        store_set_bool(t, vbd, F_VBD_currently_attached, false);
        store_set_str(t, vbd, F_VBD_device, "");
    }
}

static void copy_vifs(struct txn *t, const struct record *from, const char *vm,
                      bool keep_mac)
{
    for (size_t i = 0; i < record_count(from, F_VM_VIFs); i++) {
        const struct record *old =
            txn_find(t, CLASS_VIF, record_item(from, F_VM_VIFs, i));
        if (!old)
            continue;
        const char *vif = store_copy(t, old);
        store_set_str(t, vif, F_VIF_VM, vm);
        store_set_bool(t, vif, F_VIF_currently_attached, false);
        if (!keep_mac) {
            char mac[18];
            vif_random_mac(mac);
            store_set_str(t, vif, F_VIF_MAC, mac);
            store_set_bool(t, vif, F_VIF_MAC_autogenerated, true);
        }
    }
}

static void set_copy(struct txn *t, const struct record *from, const char *vm,
                     const char *name)
{
    g_autofree char *seed = g_uuid_string_random();
    store_set_str(t, vm, F_VM_name_label, name);
    store_set_str(t, vm, F_VM_metrics, REF_NULL);
    store_set_str(t, vm, F_VM_power_state, "Halted");
    store_set_int(t, vm, F_VM_domid, -1);
    store_set_str(t, vm, F_VM_resident_on, REF_NULL);
    store_set_bool(t, vm, F_VM_is_default_template, false);
    store_set_bool(t, vm, F_VM_is_a_snapshot, false);
    store_set_str(t, vm, F_VM_snapshot_of, REF_NULL);
    store_set_time(t, vm, F_VM_snapshot_time, 0);
    store_map_remove(t, vm, F_VM_other_config, "default_template");
    store_map_remove(t, vm, F_VM_other_config, VM_STARTED_BY);
    store_map_put(t, vm, F_VM_other_config, "mac_seed", seed);
    if (record_bool(from, F_VM_is_a_template))
        store_map_put(t, vm, F_VM_other_config, "base_template_name",
                      record_str(from, F_VM_name_label));
    store_set_time(t, vm_metrics(t, vm), F_VM_metrics_install_time,
                   g_get_real_time() / G_USEC_PER_SEC);
}

static void set_snapshot(struct txn *t, const struct record *from,
                         const char *vm)
{
    store_set_bool(t, vm, F_VM_is_a_snapshot, true);
    store_set_bool(t, vm, F_VM_is_a_template, true);
    store_set_str(t, vm, F_VM_snapshot_of, record_ref(from));
    store_set_time(t, vm, F_VM_snapshot_time,
                   g_get_real_time() / G_USEC_PER_SEC);
    store_map_put(t, vm, F_VM_snapshot_info, "power-state-at-snapshot",
                  record_str(from, F_VM_power_state));
    store_map_put(t, vm, F_VM_snapshot_info, "disk-snapshot-type",
                  "crash_consistent");
}

static char *copy_record(struct ctx *c, const char *from, const char *name,
                         enum copy_how how, const GArray *disks)
{
    struct txn *t = store_begin(c->x->store);
    const struct record *old = txn_find(t, CLASS_VM, from);
    if (!old) {
        store_rollback(t);
        ctx_fault(c, "HANDLE_INVALID", "VM", from);
        return NULL;
    }
    g_autofree char *vm = g_strdup(store_copy(t, old));
    set_copy(t, old, vm, name);
    if (how == BY_SNAPSHOT) {
        set_snapshot(t, old, vm);
        store_set_str(t, from, F_VM_parent, vm);
    }
    copy_vbds(t, vm, disks);
    copy_vifs(t, old, vm, how == BY_SNAPSHOT);
    return ctx_commit(c, t) < 0 ? NULL : g_steal_pointer(&vm);
}

static int copy_vm(struct ctx *c, const char *vm, const char *name,
                   enum copy_how how, const char *sr, enum power_op op,
                   struct value **result_out)
{
    if (vm_begin(c, vm, op) < 0)
        return -1;
    g_autoptr(GArray) disks = g_array_new(FALSE, FALSE, sizeof(struct copied));
    g_array_set_clear_func(disks, clear_copied);
    g_autofree char *ref = NULL;
    if (copy_disks(c, vm, how, sr, disks) == 0)
        ref = copy_record(c, vm, name, how, disks);
    if (!ref)
        drop_copied_disks(c, disks);
    else
        *result_out = value_string(ref);
    vm_end(c, vm);
    return ref ? 0 : -1;
}

int handle_VM_clone(struct ctx *c, struct value **result_out)
{
    return copy_vm(c, arg_str(c, 0), arg_str(c, 1), BY_CLONE, REF_NULL,
                   OP_clone, result_out);
}

int handle_VM_copy(struct ctx *c, struct value **result_out)
{
    return copy_vm(c, arg_str(c, 0), arg_str(c, 1), BY_COPY, arg_str(c, 2),
                   OP_copy, result_out);
}

int handle_VM_snapshot(struct ctx *c, struct value **result_out)
{
    return copy_vm(c, arg_str(c, 0), arg_str(c, 1), BY_SNAPSHOT, REF_NULL,
                   OP_snapshot, result_out);
}
