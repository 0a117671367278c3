/* XenAPI VBD: disks and CD drives of VMs (way B). */
#include <string.h>

#include "class/storage.h"
#include "class/vm.h"

/* ---- create and destroy
 * --------------------------------------------------------- */

static bool device_taken(struct txn *t, const struct record *vm,
                         const char *userdevice, const char *except)
{
    char want[16], have[16];
    vbd_device_name(userdevice, want);
    for (size_t i = 0; i < record_count(vm, F_VM_VBDs); i++) {
        const struct record *r =
            txn_find(t, CLASS_VBD, record_item(vm, F_VM_VBDs, i));
        if (!r || !strcmp(record_ref(r), except))
            continue;
        vbd_device_name(record_str(r, F_VBD_userdevice), have);
        if (!strcmp(have, want))
            return true;
    }
    return false;
}

/* "autodetect": the first number that is free. */
static int settle_device(struct ctx *c, struct txn *t, const struct record *vm,
                         const char *vbd)
{
    const char *want =
        record_str(txn_find(t, CLASS_VBD, vbd), F_VBD_userdevice);
    if (!strcmp(want, "autodetect")) {
        char n[8];
        int i = 0;
        do
            g_snprintf(n, sizeof n, "%d", i++);
        while (device_taken(t, vm, n, vbd));
        store_set_str(t, vbd, F_VBD_userdevice, n);
        return 0;
    }
    if (!*want)
        return ctx_fault(c, "INVALID_DEVICE", want);
    return device_taken(t, vm, want, vbd)
               ? ctx_fault(c, "DEVICE_ALREADY_EXISTS", want)
               : 0;
}

static int settle_media(struct ctx *c, struct txn *t, const char *vbd)
{
    const struct record *r = txn_find(t, CLASS_VBD, vbd);
    bool cd = !strcmp(record_str(r, F_VBD_type), "CD");
    bool rw = !strcmp(record_str(r, F_VBD_mode), "RW");
    bool empty = record_bool(r, F_VBD_empty);
    const char *vdi = record_str(r, F_VBD_VDI);
    if (cd && rw)
        return ctx_fault(c, "VBD_CDS_MUST_BE_READONLY");
    if (empty && !cd)
        return ctx_fault(c, "VBD_MISSING", vbd);
    if (empty) {
        store_set_str(t, vbd, F_VBD_VDI, REF_NULL);
        return 0;
    }
    const struct record *v = ctx_txn_find(c, t, CLASS_VDI, vdi);
    if (!v)
        return -1;
    return rw && record_bool(v, F_VDI_read_only)
               ? ctx_fault(c, "VDI_READONLY", vdi)
               : 0;
}

int handle_VBD_create(struct ctx *c, struct value **result_out)
{
    struct txn *t = store_begin(c->x->store);
    g_autofree char *ref = g_strdup(store_create(t, CLASS_VBD, NULL, NULL));
    int r = ctx_fill(c, t, model_class(c->x->model, CLASS_VBD), ref, arg(c, 0));
    const struct record *vm =
        r == 0 ? ctx_txn_find(c, t, CLASS_VM,
                              record_str(txn_find(t, CLASS_VBD, ref), F_VBD_VM))
               : NULL;
    if (!vm || settle_device(c, t, vm, ref) < 0 ||
        settle_media(c, t, ref) < 0) {
        store_rollback(t);
        return -1;
    }
    store_set_bool(t, ref, F_VBD_currently_attached, false);
    store_set_str(t, ref, F_VBD_device, "");
    *result_out = value_string(ref);
    return ctx_commit(c, t);
}

int handle_VBD_destroy(struct ctx *c, struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vbd = ctx_find(c, s, CLASS_VBD, arg_str(c, 0));
    if (!vbd)
        return -1;
    if (record_bool(vbd, F_VBD_currently_attached))
        return ctx_fault(c, "OPERATION_NOT_ALLOWED",
                         "the VBD is plugged into a running VM; unplug it "
                         "first");
    return ctx_implicit(c, result_out);
}

/* ---- plug and unplug
 * ------------------------------------------------------------ */

/* The running VM of the VBD, or NULL with VM_BAD_POWER_STATE. */
static const struct record *running_vm(struct ctx *c, const struct snapshot *s,
                                       const struct record *vbd)
{
    const struct record *vm =
        ctx_find(c, s, CLASS_VM, record_str(vbd, F_VBD_VM));
    if (!vm ||
        (record_word(vm, F_VM_power_state) == STATE_RUNNING && c->x->driver))
        return vm;
    g_autofree char *state =
        g_ascii_strdown(record_str(vm, F_VM_power_state), -1);
    ctx_fault(c, "VM_BAD_POWER_STATE", record_ref(vm), "running", state);
    return NULL;
}

static int set_attached(struct ctx *c, const char *vbd, bool on)
{
    char device[16] = "";
    struct txn *t = store_begin(c->x->store);
    const struct record *r = txn_find(t, CLASS_VBD, vbd);
    if (r && on)
        vbd_device_name(record_str(r, F_VBD_userdevice), device);
    if (r) {
        store_set_bool(t, vbd, F_VBD_currently_attached, on);
        store_set_str(t, vbd, F_VBD_device, device);
    }
    return ctx_commit(c, t);
}

static int plug(struct ctx *c, const struct snapshot *s,
                const struct record *vbd, const struct record *vm)
{
    ERR_AUTO err = { 0 };
    struct disk_spec disk;
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) attached = g_ptr_array_new_with_free_func(g_free);
    if (vbd_spec(c->x, s, vbd, &disk, texts, attached, c->fault) < 0)
        return -1;
    if (driver_disk_plug(c->x->driver, (uint32_t)record_int(vm, F_VM_domid),
                         &disk, &err) == 0) {
        vbd_qos_apply(c->x, vbd, &disk, (uint32_t)record_int(vm, F_VM_domid));
        return set_attached(c, record_ref(vbd), true);
    }
    for (guint i = 0; i < attached->len; i++)
        vdi_detach(c->x, attached->pdata[i]);
    return ctx_err(c, &err);
}

int handle_VBD_plug(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vbd = ctx_find(c, s, CLASS_VBD, arg_str(c, 0));
    const struct record *vm = vbd ? running_vm(c, s, vbd) : NULL;
    if (!vm)
        return -1;
    if (record_bool(vbd, F_VBD_currently_attached))
        return ctx_fault(c, "DEVICE_ALREADY_ATTACHED", arg_str(c, 0));
    if (!strcmp(record_str(vm, F_VM_domain_type), "hvm") &&
        !strcmp(record_str(vbd, F_VBD_type), "CD"))
        return ctx_fault(c, "OPERATION_NOT_ALLOWED",
                         "a CD drive cannot be plugged into a running HVM "
                         "guest");
    return plug(c, s, vbd, vm);
}

static int unplug(struct ctx *c, bool force)
{
    ERR_AUTO err = { 0 };
    const char *ref = arg_str(c, 0);
    char device[16];
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vbd = ctx_find(c, s, CLASS_VBD, ref);
    const struct record *vm = vbd ? running_vm(c, s, vbd) : NULL;
    if (!vm)
        return -1;
    if (!record_bool(vbd, F_VBD_currently_attached))
        return ctx_fault(c, "DEVICE_ALREADY_DETACHED", ref);
    vbd_device_name(record_str(vbd, F_VBD_userdevice), device);
    if (driver_disk_unplug(c->x->driver, (uint32_t)record_int(vm, F_VM_domid),
                           device, force, &err) < 0)
        return ctx_fault(c, "DEVICE_DETACH_REJECTED", "VBD", ref, err.message);
    vdi_detach(c->x, record_str(vbd, F_VBD_VDI));
    return set_attached(c, ref, false);
}

int handle_VBD_unplug(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return unplug(c, false);
}

int handle_VBD_unplug_force(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return unplug(c, true);
}

/* ---- CDs
 * ----------------------------------------------------------------------------
 */

/* What the running guest sees; path NULL: an empty drive. */
static int change_media(struct ctx *c, const struct record *vm,
                        const struct record *vbd,
                        const struct vdi_attached *media)
{
    ERR_AUTO err = { 0 };
    char device[16];
    vbd_device_name(record_str(vbd, F_VBD_userdevice), device);
    struct disk_spec disk = { .vdev = device,
                              .path = media->path,
                              .format = media->format ? media->format : "raw",
                              .cdrom = true,
                              .readonly = true };
    if (!vm_is_active(vm) || !c->x->driver)
        return 0;
    return driver_cd_change(c->x->driver, (uint32_t)record_int(vm, F_VM_domid),
                            &disk, &err) < 0
               ? ctx_err(c, &err)
               : 0;
}

static int set_media(struct ctx *c, const char *vbd, const char *vdi)
{
    struct txn *t = store_begin(c->x->store);
    if (txn_find(t, CLASS_VBD, vbd)) {
        store_set_str(t, vbd, F_VBD_VDI, vdi);
        store_set_bool(t, vbd, F_VBD_empty, !strcmp(vdi, REF_NULL));
    }
    return ctx_commit(c, t);
}

static const struct record *cd_drive(struct ctx *c, const struct snapshot *s,
                                     bool empty)
{
    const char *ref = arg_str(c, 0);
    const struct record *vbd = ctx_find(c, s, CLASS_VBD, ref);
    if (!vbd)
        return NULL;
    if (strcmp(record_str(vbd, F_VBD_type), "CD"))
        ctx_fault(c, "VBD_NOT_REMOVABLE_MEDIA", ref);
    else if (record_bool(vbd, F_VBD_empty) != empty)
        ctx_fault(c, empty ? "VBD_NOT_EMPTY" : "VBD_IS_EMPTY", ref);
    else
        return vbd;
    return NULL;
}

int handle_VBD_insert(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    struct vdi_attached media = { 0 };
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vbd = cd_drive(c, s, true);
    const struct record *vm =
        vbd ? ctx_find(c, s, CLASS_VM, record_str(vbd, F_VBD_VM)) : NULL;
    if (!vm || !ctx_find(c, s, CLASS_VDI, arg_str(c, 1)))
        return -1;
    if (vm_is_active(vm) &&
        vdi_attach(c->x, arg_str(c, 1), false, &media, c->fault) < 0)
        return -1;
    int r = change_media(c, vm, vbd, &media);
    g_free(media.path);
    if (r < 0)
        vdi_detach(c->x, arg_str(c, 1));
    return r < 0 ? -1 : set_media(c, arg_str(c, 0), arg_str(c, 1));
}

int handle_VBD_eject(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    static const struct vdi_attached none = { 0 };
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vbd = cd_drive(c, s, false);
    const struct record *vm =
        vbd ? ctx_find(c, s, CLASS_VM, record_str(vbd, F_VBD_VM)) : NULL;
    if (!vm || change_media(c, vm, vbd, &none) < 0)
        return -1;
    if (vm_is_active(vm))
        vdi_detach(c->x, record_str(vbd, F_VBD_VDI));
    return set_media(c, arg_str(c, 0), REF_NULL);
}

int handle_VBD_assert_attachable(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    struct sr_parts p;
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vbd = ctx_find(c, s, CLASS_VBD, arg_str(c, 0));
    if (!vbd)
        return -1;
    const struct record *vdi =
        snapshot_find(s, CLASS_VDI, record_str(vbd, F_VBD_VDI));
    if (record_bool(vbd, F_VBD_empty) || !vdi)
        return 0;
    int r = sr_parts_build(s, record_str(vdi, F_VDI_SR), true, &p, c->fault);
    sr_parts_dispose(&p);
    return r;
}
