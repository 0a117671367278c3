/* xl vdispl-list: the PV displays of domains and their connectors (way A). */
#include "cmd/devices_common.h"

const struct opt_row cmd_vdispl_list_opts[] = {
    { DEVICES_OPT_JSON, "json", NULL, "as JSON" }, { 0 }
};

static void connectors(GString *text, const libxl_vdisplinfo *info)
{
    for (int i = 0; i < info->num_connectors; i++) {
        const libxl_connectorinfo *k = &info->connectors[i];
        g_string_append_printf(
            text,
            "\tConnector: %d, id: %s, width: %d, height: %d, req-rref: %d, "
            "req-evtch: %d, evt-rref: %d, evt-evtch: %d\n",
            i, k->unique_id, (int)k->width, (int)k->height, k->req_rref,
            k->req_evtch, k->evt_rref, k->evt_evtch);
    }
}

static int rows(struct cmd *c, uint32_t domid, struct devices_out *out,
                struct err *err)
{
    (void)err;
    int nr = 0;
    libxl_device_vdispl *displays =
        libxl_device_vdispl_list(c->xen.ctx, domid, &nr);
    for (int i = 0; i < nr; i++) {
        libxl_vdisplinfo info;
        libxl_vdisplinfo_init(&info);
        if (!libxl_device_vdispl_getinfo(c->xen.ctx, domid, &displays[i],
                                         &info)) {
            devices_row(out, libxl_vdisplinfo_to_json(c->xen.ctx, &info),
                        "DevId: %d, BE: %d, handle: %d, state: %d, "
                        "be-alloc: %d, BE-path: %s, FE-path: %s\n",
                        info.devid, info.backend_id, info.frontend_id,
                        info.state, info.be_alloc, info.backend, info.frontend);
            if (!out->json)
                connectors(out->text, &info);
        }
        libxl_vdisplinfo_dispose(&info);
    }
    libxl_device_vdispl_list_free(displays, nr);
    return 0;
}

int cmd_vdispl_list_run(struct cmd *c, struct err *err)
{
    static const struct devices_kind kind = {
        .header = "",
        .rows = rows,
        .keys = "backend? backend_id frontend? frontend_id devid state"
    };
    return devices_list(c, &kind, err);
}
