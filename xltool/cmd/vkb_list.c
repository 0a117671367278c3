/* xl vkb-list: the PV keyboards and pointers of domains (way A). */
#include "cmd/devices_common.h"

const struct opt_row cmd_vkb_list_opts[] = {
    { DEVICES_OPT_JSON, "json", NULL, "as JSON" }, { 0 }
};

static int rows(struct cmd *c, uint32_t domid, struct devices_out *out,
                struct err *err)
{
    (void)err;
    int nr = 0;
    libxl_device_vkb *vkbs = libxl_device_vkb_list(c->xen.ctx, domid, &nr);
    for (int i = 0; i < nr; i++) {
        libxl_vkbinfo info;
        libxl_vkbinfo_init(&info);
        if (!libxl_device_vkb_getinfo(c->xen.ctx, domid, &vkbs[i], &info))
            devices_row(out, libxl_vkbinfo_to_json(c->xen.ctx, &info),
                        "%-3d %-2d %6d %5d %6d %6d %-10s %-10s %-30s\n",
                        info.devid, info.backend_id, info.devid, info.state,
                        info.evtch, info.rref,
                        vkbs[i].unique_id ? vkbs[i].unique_id : "(null)",
                        libxl_vkb_backend_to_string(vkbs[i].backend_type),
                        info.backend);
        libxl_vkbinfo_dispose(&info);
    }
    libxl_device_vkb_list_free(vkbs, nr);
    return 0;
}

int cmd_vkb_list_run(struct cmd *c, struct err *err)
{
    static const struct devices_kind kind = {
        .header = "Idx BE handle state evt-ch    ref ID         BE-type    "
                  "BE-path                       \n",
        .rows = rows,
    };
    return devices_list(c, &kind, err);
}
