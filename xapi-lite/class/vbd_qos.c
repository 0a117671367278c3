/* XenAPI VBD: qos_algorithm_type and its parameters, applied when a guest gets
 * the disk (way B). */
#include <string.h>

#include "class/vm.h"

static bool is_supported(const struct disk_spec *disk, const char *type)
{
    const char *const *known = driver_disk_qos_supported(disk);
    return !*type || g_strv_contains(known, type);
}

static void set_supported(struct xapi *x, const char *vbd,
                          const struct disk_spec *disk)
{
    const char *const *known = driver_disk_qos_supported(disk);
    VALUE_AUTO *list = value_array();
    for (; *known; known++)
        value_push(list, value_string(*known));
    struct txn *t = store_begin(x->store);
    if (txn_find(t, CLASS_VBD, vbd))
        store_set(t, vbd, model_field(x->model, F_VBD_qos_supported_algorithms),
                  list);
    store_commit(t, NULL);
}

void vbd_qos_apply(struct xapi *x, const struct record *vbd,
                   const struct disk_spec *disk, uint32_t domid)
{
    ERR_AUTO err = { 0 };
    struct disk_qos qos;
    const char *type = record_str(vbd, F_VBD_qos_algorithm_type);
    VALUE_AUTO *params =
        record_value(vbd, model_field(x->model, F_VBD_qos_algorithm_params));
    if (!disk->path || disk->cdrom)
        return;
    set_supported(x, record_ref(vbd), disk);
    if (driver_disk_qos_parse(type, params, &qos, &err) < 0)
        g_warning("VBD %s has no qos: %s", record_str(vbd, F_VBD_uuid),
                  err.message);
    else if (!is_supported(disk, type))
        g_warning("VBD %s has no qos: %s is not for disks that the kernel "
                  "serves",
                  record_str(vbd, F_VBD_uuid), type);
    else
        driver_disk_qos(domid, disk, &qos);
}

void vbd_qos_apply_all(struct xapi *x, const char *vm,
                       const struct vm_spec *spec, uint32_t domid)
{
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *r = snapshot_find(s, CLASS_VM, vm);
    for (size_t i = 0; r && i < record_count(r, F_VM_VBDs); i++) {
        char name[16];
        const struct record *vbd =
            snapshot_find(s, CLASS_VBD, record_item(r, F_VM_VBDs, i));
        if (!vbd)
            continue;
        vbd_device_name(record_str(vbd, F_VBD_userdevice), name);
        for (size_t k = 0; k < spec->n_disks; k++)
            if (!strcmp(spec->disks[k].vdev, name))
                vbd_qos_apply(x, vbd, &spec->disks[k], domid);
    }
}
