/* xl vdispl-detach: takes a PV display from a running domain (way A). */
#include "cmd/devices_common.h"

const struct opt_row cmd_vdispl_detach_opts[] = { { 0 } };

static int find(struct cmd *c, uint32_t domid, int devid, void *device)
{
    return libxl_devid_to_device_vdispl(c->xen.ctx, domid, devid, device);
}

static int take(struct cmd *c, uint32_t domid, void *device)
{
    return libxl_device_vdispl_remove(c->xen.ctx, domid, device, NULL);
}

int cmd_vdispl_detach_run(struct cmd *c, struct err *err)
{
    libxl_device_vdispl device;
    libxl_device_vdispl_init(&device);
    int r = devices_detach(c, &device, find, take, err);
    libxl_device_vdispl_dispose(&device);
    return r;
}
