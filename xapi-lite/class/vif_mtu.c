/* XenAPI VIF: the MTU of cards on Open vSwitch, whose hotplug script in Xen
 * leaves them at 1500 bytes; vif-bridge sets it itself (way B). */
#include "class/network.h"

static void settle(const struct snapshot *s, const struct record *vif,
                   uint32_t domid)
{
    ERR_AUTO err = { 0 };
    const struct record *net =
        snapshot_find(s, CLASS_network, record_str(vif, F_VIF_network));
    g_autofree char *device =
        g_strdup_printf("vif%u.%s", domid, record_str(vif, F_VIF_device));
    if (net && net_ovs.has(record_str(net, F_network_bridge)) &&
        net_link_mtu(device, (int)record_int(vif, F_VIF_MTU), &err) < 0)
        g_warning("%s", err.message);
}

void vif_mtu(struct xapi *x, const char *ref)
{
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *vif = snapshot_find(s, CLASS_VIF, ref);
    const struct record *vm =
        vif ? snapshot_find(s, CLASS_VM, record_str(vif, F_VIF_VM)) : NULL;
    if (vm && record_int(vm, F_VM_domid) > 0)
        settle(s, vif, (uint32_t)record_int(vm, F_VM_domid));
}

void vif_mtu_all(struct xapi *x, const char *ref, uint32_t domid)
{
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *vm = snapshot_find(s, CLASS_VM, ref);
    for (size_t i = 0; vm && i < record_count(vm, F_VM_VIFs); i++) {
        const struct record *vif =
            snapshot_find(s, CLASS_VIF, record_item(vm, F_VM_VIFs, i));
        if (vif)
            settle(s, vif, domid);
    }
}
