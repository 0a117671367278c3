/* XenAPI VM: checkpoint and revert (way B). */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "class/storage.h"
#include "class/vdi.h"
#include "class/vm_copy.h"

/* ---- checkpoint
 * ------------------------------------------------------------------ */

/* The saved guest is never written again, so the snapshot shares it. */
static int share_saved(struct ctx *c, const char *from, const char *to,
                       const char *code)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *a = snapshot_find(s, CLASS_VM, from);
    const struct record *b = snapshot_find(s, CLASS_VM, to);
    if (!a || !b)
        return ctx_fault(c, "HANDLE_INVALID", "VM", a ? to : from);
    g_autofree char *old = vm_saved_path(c->x, record_str(a, F_VM_uuid));
    g_autofree char *new = vm_saved_path(c->x, record_str(b, F_VM_uuid));
    unlink(new);
    return link(old, new) == 0 ? 0
                               : ctx_fault(c, code, from, g_strerror(errno));
}

/* What the guest was when the checkpoint began. */
struct moment {
    char *path; /* of its memory */
    char *state;
    bool active;
    uint32_t domid;
};

static void moment_of(struct ctx *c, const char *vm, struct moment *out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = snapshot_find(s, CLASS_VM, vm);
    out->active = r && vm_is_active(r);
    out->domid = r ? (uint32_t)record_int(r, F_VM_domid) : 0;
    out->path = vm_saved_path(c->x, r ? record_str(r, F_VM_uuid) : "none");
    out->state = g_strdup(r ? record_str(r, F_VM_power_state) : "");
}

/* The guest's memory goes into the file and its disks are nobody's: whatever
 * happens from here on, it is a suspended VM. */
static int stand_still(struct ctx *c, const char *vm, const struct moment *m)
{
    ERR_AUTO err = { 0 };
    if (!m->active)
        return 0;
    unlink(m->path); /* another checkpoint may share it */
    if (driver_vm_suspend(c->x->driver, m->domid, m->path, &err) < 0)
        return ctx_fault(c, "VM_CHECKPOINT_SUSPEND_FAILED", vm, err.message);
    vm_detach_all(c->x, vm);
    struct txn *t = store_begin(c->x->store);
    if (txn_find(t, CLASS_VM, vm))
        vm_set_suspended(t, vm);
    return ctx_commit(c, t);
}

static int set_point(struct ctx *c, const char *made, const struct moment *m)
{
    struct txn *t = store_begin(c->x->store);
    if (txn_find(t, CLASS_VM, made)) {
        store_set_str(t, made, F_VM_power_state, "Suspended");
        store_map_put(t, made, F_VM_snapshot_info, "power-state-at-snapshot",
                      m->state);
        store_map_put(t, made, F_VM_snapshot_info, "disk-snapshot-type",
                      "crash_consistent");
    }
    return ctx_commit(c, t);
}

static void drop_copy(struct ctx *c, const char *made)
{
    struct txn *t = store_begin(c->x->store);
    if (txn_find(t, CLASS_VM, made))
        vm_delete(t, made);
    store_commit(t, NULL);
}

/* Disks and record of the guest as it stands still. */
static char *copy_still(struct ctx *c, const char *vm, const char *name,
                        const struct moment *m)
{
    g_autoptr(GArray) disks = vm_copy_list();
    g_autofree char *made = NULL;
    if (vm_copy_disks(c, vm, BY_SNAPSHOT, REF_NULL, NULL, disks) == 0)
        made = vm_copy_record(c, vm, name, BY_SNAPSHOT, disks);
    if (made && share_saved(c, vm, made, "VM_CHECKPOINT_SUSPEND_FAILED") == 0 &&
        set_point(c, made, m) == 0)
        return g_steal_pointer(&made);
    vm_copy_drop_disks(c, disks);
    if (made)
        drop_copy(c, made);
    return NULL;
}

static int go_on(struct ctx *c, const char *vm, const struct moment *m)
{
    FAULT_AUTO again = { 0 };
    if (!m->active)
        return 0;
    if (vm_build(c->x, vm, m->path, !strcmp(m->state, "Paused"), &again) < 0)
        return ctx_fault(c, "VM_CHECKPOINT_RESUME_FAILED", vm);
    unlink(m->path);
    return 0;
}

static int checkpoint(struct ctx *c, const char *vm, struct value **result_out)
{
    struct moment m;
    g_autofree char *made = NULL;
    moment_of(c, vm, &m);
    int r = stand_still(c, vm, &m);
    if (r == 0)
        made = copy_still(c, vm, arg_str(c, 1), &m);
    if (r == 0)
        r = go_on(c, vm, &m);
    if (made)
        *result_out = value_string(made);
    g_free(m.path);
    g_free(m.state);
    return made && r == 0 ? 0 : -1;
}

int handle_VM_checkpoint(struct ctx *c, struct value **result_out)
{
    if (vm_begin(c, arg_str(c, 0), OP_checkpoint) < 0)
        return -1;
    int r = checkpoint(c, arg_str(c, 0), result_out);
    if (r < 0)
        g_clear_pointer(result_out, value_free);
    vm_end(c, arg_str(c, 0));
    return r;
}

/* ---- revert
 * ------------------------------------------------------------------------- */

/* What stays as it is when all else goes back. */
static bool is_kept(const struct field *f)
{
    static const enum field_id kept[] = {
        F_VM_uuid,
        F_VM_snapshot_of,
        F_VM_snapshot_time,
        F_VM_snapshot_info,
        F_VM_is_a_snapshot,
        F_VM_is_a_template,
        F_VM_is_default_template,
        F_VM_name_label,
        F_VM_power_state,
        F_VM_domid,
        F_VM_resident_on,
        F_VM_metrics,
        F_VM_guest_metrics,
        F_VM_parent,
        F_VM_tags,
        F_VM_attached_PCIs,
        F_VM_snapshot_schedule,
        F_VM_is_vmss_snapshot,
    };
    for (size_t i = 0; i < G_N_ELEMENTS(kept); i++)
        if (f->id == kept[i])
            return true;
    return f->reverse_of || f->temporary;
}

static void take_back(struct txn *t, const struct record *snap, const char *vm)
{
    const struct class *class = record_class(snap);
    for (unsigned i = 0; i < class->n_fields; i++) {
        const struct field *f = &class->fields[i];
        if (is_kept(f))
            continue;
        VALUE_AUTO *v = record_value(snap, f);
        store_set(t, vm, f, v);
    }
    store_set_str(t, vm, F_VM_parent, record_ref(snap));
}

static void drop_set(struct txn *t, const char *vm, enum field_id set,
                     enum class_id class)
{
    const struct record *r;
    while ((r = txn_find(t, CLASS_VM, vm)) && record_count(r, set)) {
        g_autofree char *ref = g_strdup(record_item(r, set, 0));
        store_delete(t, class, ref);
    }
}

static bool has_disk(struct txn *t, const struct record *vm, const char *vdi)
{
    for (size_t i = 0; i < record_count(vm, F_VM_VBDs); i++) {
        const struct record *vbd =
            txn_find(t, CLASS_VBD, record_item(vm, F_VM_VBDs, i));
        if (vbd && !strcmp(record_str(vbd, F_VBD_VDI), vdi))
            return true;
    }
    return false;
}

/* The snapshots of the old disk are those of the new one. */
static void move_snapshots(struct txn *t, const char *old, const char *new)
{
    const struct record *r;
    while ((r = txn_find(t, CLASS_VDI, old)) &&
           record_count(r, F_VDI_snapshots)) {
        g_autofree char *ref = g_strdup(record_item(r, F_VDI_snapshots, 0));
        store_set_str(t, ref, F_VDI_snapshot_of, new);
    }
}

/* New disks take the place of those of which the snapshot has a copy; disks it
 * has not are kept: their only copy is here. */
static void replace_disks(struct txn *t, const char *vm, const GArray *disks,
                          GPtrArray *old)
{
    for (guint i = 0; i < disks->len; i++) {
        const struct copied *k = &g_array_index(disks, struct copied, i);
        const struct record *vbd = txn_find(t, CLASS_VBD, k->vbd);
        const char *kept = vbd ? record_str(vbd, F_VBD_VDI) : REF_NULL;
        const struct record *snap = txn_find(t, CLASS_VDI, kept);
        if (!snap || !strcmp(kept, k->vdi))
            continue;
        g_autofree char *was = g_strdup(record_str(snap, F_VDI_snapshot_of));
        if (!has_disk(t, txn_find(t, CLASS_VM, vm), was))
            continue;
        move_snapshots(t, was, k->vdi);
        g_ptr_array_add(old, g_steal_pointer(&was));
    }
}

/* Those that no other VM has go, at the latest when the service starts again.
 */
static void give_up_disks(struct txn *t, GPtrArray *old)
{
    for (guint i = old->len; i-- > 0;) {
        const struct record *vdi = txn_find(t, CLASS_VDI, old->pdata[i]);
        if (!vdi || record_count(vdi, F_VDI_VBDs))
            g_ptr_array_remove_index(old, i);
        else
            store_map_put(t, old->pdata[i], F_VDI_sm_config, VDI_UNFINISHED,
                          "true");
    }
}

static int revert(struct ctx *c, const char *snap, const char *vm,
                  GArray *disks, GPtrArray *old)
{
    struct txn *t = store_begin(c->x->store);
    const struct record *s = ctx_txn_find(c, t, CLASS_VM, snap);
    if (!s || !ctx_txn_find(c, t, CLASS_VM, vm)) {
        store_rollback(t);
        return -1;
    }
    replace_disks(t, vm, disks, old);
    drop_set(t, vm, F_VM_VBDs, CLASS_VBD);
    drop_set(t, vm, F_VM_VIFs, CLASS_VIF);
    give_up_disks(t, old);
    take_back(t, s, vm);
    vm_copy_vbds(t, vm, disks);
    vm_copy_vifs(t, s, vm, true);
    if (record_word(s, F_VM_power_state) == STATE_SUSPENDED)
        vm_set_suspended(t, vm);
    return ctx_commit(c, t);
}

static bool is_suspended(struct ctx *c, const char *vm)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = snapshot_find(s, CLASS_VM, vm);
    return r && record_word(r, F_VM_power_state) == STATE_SUSPENDED;
}

static int revert_to(struct ctx *c, const char *snap, const char *vm)
{
    g_autoptr(GArray) disks = vm_copy_list();
    g_autoptr(GPtrArray) old = g_ptr_array_new_with_free_func(g_free);
    if (vm_copy_disks(c, snap, BY_CLONE, REF_NULL, NULL, disks) < 0 ||
        vm_destroy_domain(c->x, vm, c->fault) < 0 ||
        (is_suspended(c, snap) &&
         share_saved(c, snap, vm, "VM_REVERT_FAILED") < 0) ||
        revert(c, snap, vm, disks, old) < 0) {
        vm_copy_drop_disks(c, disks);
        return -1;
    }
    for (guint i = 0; i < old->len; i++)
        vdi_remove(c->x, old->pdata[i], NULL);
    return 0;
}

int handle_VM_revert(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    const char *snap = arg_str(c, 0);
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = ctx_find(c, s, CLASS_VM, snap);
    if (!r)
        return -1;
    const char *vm = record_str(r, F_VM_snapshot_of);
    if (record_bool(r, F_VM_is_a_snapshot) && !snapshot_find(s, CLASS_VM, vm))
        return ctx_fault(c, "VM_REVERT_FAILED", snap, vm);
    if (vm_begin(c, snap, OP_revert) < 0)
        return -1;
    int ret = vm_begin(c, vm, OP_reverting);
    if (ret == 0) {
        ret = revert_to(c, snap, vm);
        vm_end(c, vm);
    }
    vm_end(c, snap);
    return ret;
}
