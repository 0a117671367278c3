/* xl block-list: the disks of domains with the state of their rings (way A). */
#include "cmd/devices_common.h"

const struct opt_row cmd_block_list_opts[] = {
    { DEVICES_OPT_JSON, "json", NULL, "as JSON" }, { 0 }
};

static int rows(struct cmd *c, uint32_t domid, struct devices_out *out,
                struct err *err)
{
    (void)err;
    int nr = 0;
    libxl_device_disk *disks = libxl_device_disk_list(c->xen.ctx, domid, &nr);
    for (int i = 0; i < nr; i++) {
        libxl_diskinfo info;
        libxl_diskinfo_init(&info);
        if (!libxl_device_disk_getinfo(c->xen.ctx, domid, &disks[i], &info))
            devices_row(out, libxl_diskinfo_to_json(c->xen.ctx, &info),
                        "%-5d %-3d %-6d %-5d %-6d %-8d %-30s\n", info.devid,
                        info.backend_id, info.frontend_id, info.state,
                        info.evtch, info.rref, info.backend);
        libxl_diskinfo_dispose(&info);
    }
    libxl_device_disk_list_free(disks, nr);
    return 0;
}

int cmd_block_list_run(struct cmd *c, struct err *err)
{
    static const struct devices_kind kind = {
        .header = "Vdev  BE  handle state evt-ch ring-ref BE-path"
                  "                       \n",
        .rows = rows,
    };
    return devices_list(c, &kind, err);
}
