/* xl block-attach: gives a disk to a running domain (way A). */
#include "cmd/devices_common.h"

const struct opt_row cmd_block_attach_opts[] = { { 0 } };

static char *json(libxl_ctx *ctx, libxl_domain_config *config)
{
    return libxl_device_disk_to_json(ctx, &config->disks[0]);
}

static int add(libxl_ctx *ctx, uint32_t domid, libxl_domain_config *config)
{
    return libxl_device_disk_add(ctx, domid, &config->disks[0], NULL);
}

int cmd_block_attach_run(struct cmd *c, struct err *err)
{
    static const struct devices_kind_to_add kind = { "disk", json, add, false };
    return devices_attach(c, &kind, err);
}
