/* xl usbctrl-attach: gives a USB controller to a running domain (way A). */
#include "cmd/devices_common.h"

const struct opt_row cmd_usbctrl_attach_opts[] = { { 0 } };

static char *json(libxl_ctx *ctx, libxl_domain_config *config)
{
    config->usbctrls[0].devid = -1; /* libxl finds a free one */
    return libxl_device_usbctrl_to_json(ctx, &config->usbctrls[0]);
}

static int add(libxl_ctx *ctx, uint32_t domid, libxl_domain_config *config)
{
    config->usbctrls[0].devid = -1;
    return libxl_device_usbctrl_add(ctx, domid, &config->usbctrls[0], NULL);
}

int cmd_usbctrl_attach_run(struct cmd *c, struct err *err)
{
    static const struct devices_kind_to_add kind = { "usbctrl", json, add,
                                                     false };
    return devices_attach(c, &kind, err);
}
