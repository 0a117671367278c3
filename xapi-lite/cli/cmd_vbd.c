/* xe: disks and drives of VMs (vbd-*, vm-disk-*, vm-cd-*). */
#include <string.h>

#include "cli/internal.h"

static const char *text_of(const struct cli *c, const char *name,
                           const char *otherwise)
{
    const char *s = cli_param(c, name);
    return s ? s : otherwise;
}

struct wanted {
    const char *vm, *vdi, *device, *mode, *type;
    bool bootable, unpluggable, owner;
};

/* The new VBD's reference (caller frees), or NULL. */
static char *make(struct cli *c, const struct wanted *w)
{
    struct value *rec = value_object(), *other = value_object();
    bool empty = !strcmp(w->vdi, REF_NULL);
    if (w->owner)
        value_set(other, "owner", value_string(""));
    value_set(rec, "VM", value_string(w->vm));
    value_set(rec, "VDI", value_string(w->vdi));
    value_set(rec, "userdevice", value_string(w->device));
    value_set(rec, "bootable", value_bool(w->bootable));
    value_set(rec, "mode", value_string(w->mode));
    value_set(rec, "type", value_string(w->type));
    value_set(rec, "unpluggable", value_bool(w->unpluggable));
    value_set(rec, "empty", value_bool(empty));
    value_set(rec, "other_config", other);
    value_set(rec, "qos_algorithm_type", value_string(""));
    value_set(rec, "qos_algorithm_params", value_object());
    VALUE_AUTO *ref = cli_call(c, "VBD.create", rec, NULL);
    return ref ? g_strdup(value_get_string(ref)) : NULL;
}

int cmd_vbd_create(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vm = cli_record(c, s, CLASS_VM, "vm-uuid");
    const char *uuid = cli_param(c, "vdi-uuid");
    const char *type = text_of(c, "type", "Disk");
    bool cd = !g_ascii_strcasecmp(type, "CD");
    struct wanted w = { .vdi = REF_NULL,
                        .device = cli_param(c, "device"),
                        .type = cd ? "CD" : "Disk",
                        .unpluggable = true };
    const char *boot = cli_param(c, "bootable");
    const char *unplug = cli_param(c, "unpluggable");
    if (!vm || (uuid && !(w.vdi = cli_ref_of_uuid(c, s, CLASS_VDI, uuid))))
        return -1;
    if (!uuid && !cd)
        return cli_fail(c, "vdi-uuid= is needed: only a CD drive may be empty");
    if ((boot && cli_bool(c, "bootable", boot, &w.bootable)) ||
        (unplug && cli_bool(c, "unpluggable", unplug, &w.unpluggable)))
        return -1;
    w.vm = record_ref(vm);
    const char *mode = text_of(c, "mode", cd ? "RO" : "RW");
    w.mode = !g_ascii_strcasecmp(mode, "RO") ? "RO" : "RW";
    g_autofree char *ref = make(c, &w);
    return ref ? cli_print_uuid(c, CLASS_VBD, ref) : -1;
}

static int on_uuid(struct cli *c, const char *method)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = cli_record(c, s, CLASS_VBD, "uuid");
    return r ? cli_do_long(c, NULL, method, value_string(record_ref(r)), NULL)
             : -1;
}

int cmd_vbd_destroy(struct cli *c)
{
    return on_uuid(c, "VBD.destroy");
}

int cmd_vbd_plug(struct cli *c)
{
    return on_uuid(c, "VBD.plug");
}

int cmd_vbd_unplug(struct cli *c)
{
    return on_uuid(c, cli_flag(c, "force") ? "VBD.unplug_force" : "VBD.unplug");
}

int cmd_vbd_eject(struct cli *c)
{
    return on_uuid(c, "VBD.eject");
}

int cmd_vbd_insert(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vbd = cli_record(c, s, CLASS_VBD, "uuid");
    const struct record *vdi =
        vbd ? cli_record(c, s, CLASS_VDI, "vdi-uuid") : NULL;
    return vdi ? cli_do(c, "VBD.insert", value_string(record_ref(vbd)),
                        value_string(record_ref(vdi)), NULL)
               : -1;
}

/* ---- disks of a VM
 * ---------------------------------------------------------------- */

/* sr-uuid=, else the pool's default SR; its reference or NULL. */
static const char *target_sr(struct cli *c, const struct snapshot *s)
{
    const char *uuid = cli_param(c, "sr-uuid");
    if (uuid)
        return cli_ref_of_uuid(c, s, CLASS_SR, uuid);
    const struct record *pool = snapshot_find(s, CLASS_pool, c->x->pool_ref);
    const char *sr = record_str(pool, F_pool_default_SR);
    if (snapshot_find(s, CLASS_SR, sr))
        return sr;
    cli_fail(c, "There is no default SR: give sr-uuid=, or set one with "
                "pool-param-set default-SR=");
    return NULL;
}

static int disk_add(struct cli *c, const char *vm, void *user)
{
    int64_t size;
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const char *sr = target_sr(c, s);
    g_autofree char *vdi = NULL;
    (void)user;
    if (!sr || cli_size(c, "disk-size", cli_param(c, "disk-size"), &size))
        return -1;
    struct value *rec = value_object();
    value_set(rec, "SR", value_string(sr));
    value_set(rec, "name_label", value_string("Created by xe"));
    value_set(rec, "name_description", value_string(""));
    value_set(rec, "virtual_size", value_int(size));
    value_set(rec, "type", value_string("user"));
    value_set(rec, "other_config", value_object());
    if (cli_do_long(c, &vdi, "VDI.create", rec, NULL))
        return -1;
    struct wanted w = { .vm = vm,
                        .vdi = vdi,
                        .device = cli_param(c, "device"),
                        .mode = "RW",
                        .type = "Disk",
                        .unpluggable = true,
                        .owner = true };
    g_autofree char *ref = make(c, &w);
    if (ref)
        return 0;
    cli_free(cli_call(c, "VDI.destroy", value_string(vdi), NULL));
    return -1;
}

int cmd_vm_disk_add(struct cli *c)
{
    return cli_each_vm(c, SELECT_TEMPLATES, "device disk-size sr-uuid",
                       disk_add, NULL);
}

/* The VM's VBD with this device (or, without one, the only CD drive that fits),
 * or NULL with a failure. */
static const struct record *find_vbd(struct cli *c, const struct snapshot *s,
                                     const char *vm, const char *type,
                                     int empty)
{
    const struct record *r = snapshot_find(s, CLASS_VM, vm), *hit = NULL;
    const char *device = cli_param(c, "device");
    const char *name = cli_param(c, "cd-name");
    for (size_t i = 0; r && i < record_count(r, F_VM_VBDs); i++) {
        const struct record *v =
            snapshot_find(s, CLASS_VBD, record_item(r, F_VM_VBDs, i));
        if (!v || strcmp(record_str(v, F_VBD_type), type) ||
            (device && strcmp(record_str(v, F_VBD_userdevice), device)) ||
            (empty >= 0 && record_bool(v, F_VBD_empty) != (empty == 1)))
            continue;
        const struct record *vdi =
            snapshot_find(s, CLASS_VDI, record_str(v, F_VBD_VDI));
        if (name && empty != 1 &&
            (!vdi || strcmp(record_str(vdi, F_VDI_name_label), name)))
            continue;
        if (hit) {
            cli_fail(c, "The VM has several such drives: use vbd-eject, "
                        "vbd-insert or vbd-destroy with a uuid");
            return NULL;
        }
        hit = v;
    }
    if (!hit)
        cli_fail(c, empty == 1 ? "The VM has no empty CD drive"
                               : "The VM has no such disk or drive");
    return hit;
}

static int disk_remove(struct cli *c, const char *vm, void *user)
{
    (void)user;
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vbd = find_vbd(c, s, vm, "Disk", -1);
    if (!vbd)
        return -1;
    g_autofree char *vdi = g_strdup(record_str(vbd, F_VBD_VDI));
    if (cli_do(c, "VBD.destroy", value_string(record_ref(vbd)), NULL))
        return -1;
    return cli_do_long(c, NULL, "VDI.destroy", value_string(vdi), NULL);
}

int cmd_vm_disk_remove(struct cli *c)
{
    return cli_each_vm(c, SELECT_TEMPLATES, "device", disk_remove, NULL);
}

/* ---- CD drives of a VM
 * ------------------------------------------------------------ */

/* The VDI of an ISO library with the name of cd-name=, or NULL. */
static const struct record *find_iso(struct cli *c, const struct snapshot *s)
{
    const char *name = cli_param(c, "cd-name");
    g_autoptr(GPtrArray) found = snapshot_find_name(s, CLASS_VDI, name);
    for (guint i = 0; i < found->len; i++) {
        const struct record *vdi = found->pdata[i];
        const struct record *sr =
            snapshot_find(s, CLASS_SR, record_str(vdi, F_VDI_SR));
        if (sr && !strcmp(record_str(sr, F_SR_content_type), "iso"))
            return vdi;
    }
    cli_fail(c, "There is no CD called \"%s\" in an ISO library (xe cd-list)",
             name);
    return NULL;
}

static int cd_add(struct cli *c, const char *vm, void *user)
{
    (void)user;
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vdi = find_iso(c, s);
    if (!vdi)
        return -1;
    struct wanted w = { .vm = vm,
                        .vdi = record_ref(vdi),
                        .device = cli_param(c, "device"),
                        .mode = "RO",
                        .type = "CD",
                        .bootable = true,
                        .unpluggable = true };
    g_autofree char *ref = make(c, &w);
    return ref ? 0 : -1;
}

int cmd_vm_cd_add(struct cli *c)
{
    return cli_each_vm(c, SELECT_TEMPLATES, "device cd-name", cd_add, NULL);
}

static int cd_remove(struct cli *c, const char *vm, void *user)
{
    (void)user;
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vbd = find_vbd(c, s, vm, "CD", -1);
    return vbd ? cli_do(c, "VBD.destroy", value_string(record_ref(vbd)), NULL)
               : -1;
}

int cmd_vm_cd_remove(struct cli *c)
{
    return cli_each_vm(c, SELECT_TEMPLATES, "cd-name", cd_remove, NULL);
}

static int cd_eject(struct cli *c, const char *vm, void *user)
{
    (void)user;
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vbd = find_vbd(c, s, vm, "CD", 0);
    return vbd ? cli_do(c, "VBD.eject", value_string(record_ref(vbd)), NULL)
               : -1;
}

int cmd_vm_cd_eject(struct cli *c)
{
    return cli_each_vm(c, SELECT_TEMPLATES, "", cd_eject, NULL);
}

static int cd_insert(struct cli *c, const char *vm, void *user)
{
    (void)user;
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vdi = find_iso(c, s);
    const struct record *vbd = vdi ? find_vbd(c, s, vm, "CD", 1) : NULL;
    return vbd ? cli_do(c, "VBD.insert", value_string(record_ref(vbd)),
                        value_string(record_ref(vdi)), NULL)
               : -1;
}

int cmd_vm_cd_insert(struct cli *c)
{
    return cli_each_vm(c, SELECT_TEMPLATES, "cd-name", cd_insert, NULL);
}
