/* xl usbdev-attach: gives a USB device of the host to a running domain (way A).
 */
#include "cmd/devices_common.h"

const struct opt_row cmd_usbdev_attach_opts[] = { { 0 } };

static char *json(libxl_ctx *ctx, libxl_domain_config *config)
{
    return libxl_device_usbdev_to_json(ctx, &config->usbdevs[0]);
}

static int add(libxl_ctx *ctx, uint32_t domid, libxl_domain_config *config)
{
    return libxl_device_usbdev_add(ctx, domid, &config->usbdevs[0], NULL);
}

int cmd_usbdev_attach_run(struct cmd *c, struct err *err)
{
    static const struct devices_kind_to_add kind = { "usbdev", json, add,
                                                     false };
    return devices_attach(c, &kind, err);
}
