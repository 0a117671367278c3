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
    vif_with(x, ref, settle);
}

void vif_mtu_all(struct xapi *x, const char *ref, uint32_t domid)
{
    vif_each(x, ref, domid, settle);
}
