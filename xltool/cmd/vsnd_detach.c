/* xl vsnd-detach: takes a PV sound card from a running domain (way A). */
#include "cmd/devices_common.h"

const struct opt_row cmd_vsnd_detach_opts[] = { { 0 } };

static int find(struct cmd *c, uint32_t domid, int devid, void *device)
{
    return libxl_devid_to_device_vsnd(c->xen.ctx, domid, devid, device);
}

static int take(struct cmd *c, uint32_t domid, void *device)
{
    return libxl_device_vsnd_remove(c->xen.ctx, domid, device, NULL);
}

int cmd_vsnd_detach_run(struct cmd *c, struct err *err)
{
    libxl_device_vsnd device;
    libxl_device_vsnd_init(&device);
    int r = devices_detach(c, &device, find, take, err);
    libxl_device_vsnd_dispose(&device);
    return r;
}
