/* xl network-attach: gives a vif to a running domain (way A). */
#include "cmd/devices_common.h"

const struct opt_row cmd_network_attach_opts[] = { { 0 } };

static char *json(libxl_ctx *ctx, libxl_domain_config *config)
{
    config->nics[0].devid = -1; /* libxl finds a free one */
    return libxl_device_nic_to_json(ctx, &config->nics[0]);
}

static int add(libxl_ctx *ctx, uint32_t domid, libxl_domain_config *config)
{
    config->nics[0].devid = -1;
    int rc = libxl_device_nic_add(ctx, domid, &config->nics[0], NULL);
    /* a script that failed leaves the vif's nodes in XenStore */
    if (rc && config->nics[0].devid >= 0)
        libxl_device_nic_destroy(ctx, domid, &config->nics[0], NULL);
    return rc;
}

int cmd_network_attach_run(struct cmd *c, struct err *err)
{
    static const struct devices_kind_to_add kind = { "vif", json, add, false };
    return devices_attach(c, &kind, err);
}
