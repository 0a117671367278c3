/* xl vtpm-list: the virtual TPMs of domains (way A). */
#include "cmd/devices_common.h"
#include "view/list.h"

const struct opt_row cmd_vtpm_list_opts[] = {
    { DEVICES_OPT_JSON, "json", NULL, "as JSON" }, { 0 }
};

static int rows(struct cmd *c, uint32_t domid, struct devices_out *out,
                struct err *err)
{
    (void)err;
    int nr = 0;
    libxl_device_vtpm *vtpms = libxl_device_vtpm_list(c->xen.ctx, domid, &nr);
    for (int i = 0; i < nr; i++) {
        libxl_vtpminfo info;
        char uuid[37];
        libxl_vtpminfo_init(&info);
        if (!libxl_device_vtpm_getinfo(c->xen.ctx, domid, &vtpms[i], &info)) {
            view_uuid(&info.uuid, uuid);
            devices_row(out, libxl_vtpminfo_to_json(c->xen.ctx, &info),
                        "%-3d %-2d %s %6d %5d %6d %8d %-30s\n", info.devid,
                        info.backend_id, uuid, info.devid, info.state,
                        info.evtch, info.rref, info.backend);
        }
        libxl_vtpminfo_dispose(&info);
    }
    libxl_device_vtpm_list_free(vtpms, nr);
    return 0;
}

int cmd_vtpm_list_run(struct cmd *c, struct err *err)
{
    static const struct devices_kind kind = {
        .header = "Idx BE Uuid                                 handle state "
                  "evt-ch ring-ref BE-path   \n",
        .rows = rows,
        .keys = DEVICES_KEYS "uuid?",
    };
    return devices_list(c, &kind, err);
}
