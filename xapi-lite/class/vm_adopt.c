/* Guests that xl started become VM records with their devices (way B). */
#include <string.h>

#include "class/vm.h"

static const char *find_network(struct txn *t, const char *bridge)
{
    const struct snapshot *s = txn_snapshot(t);
    for (size_t i = 0; i < snapshot_count(s, CLASS_network); i++) {
        const struct record *r = snapshot_at(s, CLASS_network, i);
        if (!strcmp(record_str(r, F_network_bridge), bridge))
            return record_ref(r);
    }
    return REF_NULL;
}

static void adopt_disk(struct txn *t, const char *vm, const struct vm_disk *d)
{
    const char *vbd = store_create(t, CLASS_VBD, NULL, NULL);
    store_set_str(t, vbd, F_VBD_VM, vm);
    store_set_str(t, vbd, F_VBD_userdevice, d->vdev);
    store_set_str(t, vbd, F_VBD_device, d->vdev);
    store_set_str(t, vbd, F_VBD_type, d->cdrom ? "CD" : "Disk");
    store_set_str(t, vbd, F_VBD_mode, d->readonly ? "RO" : "RW");
    store_set_bool(t, vbd, F_VBD_empty, d->cdrom && !d->path);
    store_set_bool(t, vbd, F_VBD_unpluggable, false);
    if (d->path)
        store_map_put(t, vbd, F_VBD_runtime_properties, "path", d->path);
    if (d->format)
        store_map_put(t, vbd, F_VBD_runtime_properties, "format", d->format);
}

static void adopt_nic(struct txn *t, const char *vm, const struct vm_nic *n)
{
    char device[12];
    const char *vif = store_create(t, CLASS_VIF, NULL, NULL);
    g_snprintf(device, sizeof device, "%d", n->devid);
    store_set_str(t, vif, F_VIF_VM, vm);
    store_set_str(t, vif, F_VIF_device, device);
    store_set_str(t, vif, F_VIF_MAC, n->mac);
    store_set_int(t, vif, F_VIF_MTU, n->mtu);
    if (n->bridge) {
        store_set_str(t, vif, F_VIF_network, find_network(t, n->bridge));
        store_map_put(t, vif, F_VIF_runtime_properties, "bridge", n->bridge);
    }
}

static void adopt_devices(struct txn *t, const char *vm,
                          const struct vm_found *found)
{
    for (guint i = 0; i < found->disks->len; i++)
        adopt_disk(t, vm, &g_array_index(found->disks, struct vm_disk, i));
    for (guint i = 0; i < found->nics->len; i++)
        adopt_nic(t, vm, &g_array_index(found->nics, struct vm_nic, i));
}

int vm_adopt(struct xapi *x, const struct vm_info *info)
{
    ERR_AUTO err = { 0 };
    struct vm_found found = { 0 };
    if (driver_describe(x->driver, info->domid, &found, &err) < 0) {
        g_debug("domain %u (%s) is not known closer yet: %s", info->domid,
                info->name, err.message);
        return -1; /* libxl keeps its setup when it is built */
    }
    struct txn *t = store_begin(x->store);
    if (txn_find_uuid(t, CLASS_VM, info->uuid)) {
        store_rollback(t);
        vm_found_dispose(&found);
        return 0;
    }
    const char *vm = store_create(t, CLASS_VM, NULL, info->uuid);
    const struct class *c = model_class(x->model, CLASS_VM);
    for (size_t i = 0; i < value_count(found.vm); i++)
        store_set(t, vm, model_find_field(c, value_key_at(found.vm, i)),
                  value_item_at(found.vm, i));
    store_set_str(t, vm, F_VM_name_label, info->name);
    store_map_put(t, vm, F_VM_other_config, VM_STARTED_BY, "xl");
    adopt_devices(t, vm, &found);
    vm_set_running(x, t, vm, info->domid, info->state == VM_PAUSED);
    g_autofree char *ref = g_strdup(vm);
    if (store_commit(t, &err) < 0)
        g_warning("domain %u: %s", info->domid, err.message);
    else
        vm_refresh_consoles(x, ref);
    vm_found_dispose(&found);
    return 0;
}
