/* xl vsnd-attach: gives a PV sound card to a running domain (way A). */
#include "cmd/devices_common.h"

const struct opt_row cmd_vsnd_attach_opts[] = { { 0 } };

static char *json(libxl_ctx *ctx, libxl_domain_config *config)
{
    config->vsnds[0].devid = -1; /* libxl finds a free one */
    return libxl_device_vsnd_to_json(ctx, &config->vsnds[0]);
}

static int add(libxl_ctx *ctx, uint32_t domid, libxl_domain_config *config)
{
    config->vsnds[0].devid = -1;
    return libxl_device_vsnd_add(ctx, domid, &config->vsnds[0], NULL);
}

int cmd_vsnd_attach_run(struct cmd *c, struct err *err)
{
    static const struct devices_kind_to_add kind = { "vsnd", json, add, true };
    return devices_attach(c, &kind, err);
}
