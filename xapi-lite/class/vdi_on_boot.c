/* XenAPI VDI.on_boot: disks that go back to one state whenever their guest
 * starts (way B). */
#include <string.h>

#include "class/allowed.h"
#include "class/storage.h"
#include "class/vdi.h"
#include "class/vm.h"

bool vdi_resets(const struct record *vdi)
{
    return !strcmp(record_str(vdi, F_VDI_on_boot), "reset");
}

/* The SR is locked and nobody uses the disk. */
static int begin(struct xapi *x, const struct snapshot *s, const char *ref,
                 struct sr_parts *p, struct vdi_spec *v, struct fault *f)
{
    const struct record *vdi = snapshot_find(s, CLASS_VDI, ref);
    if (!vdi)
        return fault_set(f, "HANDLE_INVALID", "VDI", ref, NULL);
    if (sr_parts_build(s, record_str(vdi, F_VDI_SR), true, p, f) < 0)
        return -1;
    if (!p->driver->vdi_keep || !p->driver->vdi_reset)
        return sr_cannot(record_str(vdi, F_VDI_SR), f);
    vdi_spec_of(s, vdi, v);
    sr_parts_lock(x, p);
    SNAPSHOT_AUTO *now = store_read(x->store);
    if (!(vdi = snapshot_find(now, CLASS_VDI, ref)))
        return fault_set(f, "HANDLE_INVALID", "VDI", ref, NULL);
    return vdi_is_plugged(now, vdi)
               ? fault_set(f, "VDI_IN_USE", ref, "set_on_boot", NULL)
               : 0;
}

/* What its guests permit depends on it. */
static int set_mode(struct ctx *c, const char *ref, const char *mode)
{
    struct txn *t = store_begin(c->x->store);
    const struct record *vdi = txn_find(t, CLASS_VDI, ref);
    g_autoptr(GPtrArray) vms = g_ptr_array_new_with_free_func(g_free);
    if (vdi)
        store_set_str(t, ref, F_VDI_on_boot, mode);
    for (size_t i = 0; vdi && i < record_count(vdi, F_VDI_VBDs); i++) {
        const struct record *vbd =
            txn_find(t, CLASS_VBD, record_item(vdi, F_VDI_VBDs, i));
        if (vbd)
            g_ptr_array_add(vms, g_strdup(record_str(vbd, F_VBD_VM)));
    }
    for (guint i = 0; i < vms->len; i++)
        if (txn_find(t, CLASS_VM, vms->pdata[i]))
            allowed_update(NULL, t, CLASS_VM, vms->pdata[i]);
    return ctx_commit(c, t);
}

/* The mode is written while the disk has the state to go back to. */
int handle_VDI_set_on_boot(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    ERR_AUTO err = { 0 };
    SR_PARTS_AUTO p = { 0 };
    struct vdi_spec v;
    const char *ref = arg_str(c, 0), *mode = arg_str(c, 1);
    bool on = !strcmp(mode, "reset");
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vdi = ctx_find(c, s, CLASS_VDI, ref);
    if (!vdi)
        return -1;
    if (vdi_resets(vdi) == on)
        return 0;
    if (begin(c->x, s, ref, &p, &v, c->fault) < 0)
        return -1;
    if (!on && set_mode(c, ref, mode) < 0)
        return -1;
    if (p.driver->vdi_keep(&p.spec, &v, on, &err) < 0)
        return sr_failed(&p, &err, c->fault);
    return on ? set_mode(c, ref, mode) : 0;
}

static int reset(struct xapi *x, const char *ref, struct fault *f)
{
    ERR_AUTO err = { 0 };
    SR_PARTS_AUTO p = { 0 };
    struct vdi_spec v;
    SNAPSHOT_AUTO *s = store_read(x->store);
    if (begin(x, s, ref, &p, &v, f) < 0)
        return -1;
    return p.driver->vdi_reset(&p.spec, &v, &err) < 0 ? sr_failed(&p, &err, f)
                                                      : 0;
}

int vdi_reset_all(struct xapi *x, const char *vm, struct fault *f)
{
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *r = snapshot_find(s, CLASS_VM, vm);
    for (size_t i = 0; r && i < record_count(r, F_VM_VBDs); i++) {
        const struct record *vbd =
            snapshot_find(s, CLASS_VBD, record_item(r, F_VM_VBDs, i));
        const struct record *vdi =
            vbd ? snapshot_find(s, CLASS_VDI, record_str(vbd, F_VBD_VDI))
                : NULL;
        /* one that another guest has is at its start already */
        if (vdi && vdi_resets(vdi) && !vdi_is_plugged(s, vdi) &&
            reset(x, record_ref(vdi), f) < 0)
            return -1;
    }
    return 0;
}
