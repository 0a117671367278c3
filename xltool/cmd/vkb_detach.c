/* xl vkb-detach: takes a PV keyboard from a running domain (way A). */
#include "cmd/devices_common.h"

const struct opt_row cmd_vkb_detach_opts[] = { { 0 } };

static int find(struct cmd *c, uint32_t domid, int devid, void *device)
{
    return libxl_devid_to_device_vkb(c->xen.ctx, domid, devid, device);
}

static int take(struct cmd *c, uint32_t domid, void *device)
{
    return libxl_device_vkb_remove(c->xen.ctx, domid, device, NULL);
}

int cmd_vkb_detach_run(struct cmd *c, struct err *err)
{
    libxl_device_vkb device;
    libxl_device_vkb_init(&device);
    int r = devices_detach(c, &device, find, take, err);
    libxl_device_vkb_dispose(&device);
    return r;
}
