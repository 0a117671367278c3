/* xl vkb-attach: gives a PV keyboard to a running domain (way A). */
#include "cmd/devices_common.h"

const struct opt_row cmd_vkb_attach_opts[] = { { 0 } };

static char *json(libxl_ctx *ctx, libxl_domain_config *config)
{
    config->vkbs[0].devid = -1; /* libxl finds a free one */
    return libxl_device_vkb_to_json(ctx, &config->vkbs[0]);
}

static int add(libxl_ctx *ctx, uint32_t domid, libxl_domain_config *config)
{
    config->vkbs[0].devid = -1;
    return libxl_device_vkb_add(ctx, domid, &config->vkbs[0], NULL);
}

int cmd_vkb_attach_run(struct cmd *c, struct err *err)
{
    static const struct devices_kind_to_add kind = { "vkb", json, add, false };
    return devices_attach(c, &kind, err);
}
