/* xl network-list: the vifs of domains with the state of their rings (way A).
 */
#include "cmd/devices_common.h"

const struct opt_row cmd_network_list_opts[] = {
    { DEVICES_OPT_JSON, "json", NULL, "as JSON" }, { 0 }
};

static void row(struct cmd *c, const libxl_device_nic *nic, libxl_nicinfo *info,
                struct devices_out *out)
{
    const uint8_t *m = nic->mac;
    g_autofree char *mac = g_strdup_printf("%02x:%02x:%02x:%02x:%02x:%02x",
                                           m[0], m[1], m[2], m[3], m[4], m[5]);
    devices_row(out, libxl_nicinfo_to_json(c->xen.ctx, info),
                "%-3d %-2d %s%6d %5d %6d %5d/%-11d %-30s\n", info->devid,
                info->backend_id, mac, info->devid, info->state, info->evtch,
                info->rref_tx, info->rref_rx, info->backend);
    if (out->json) {
        /* the MAC is the device's, not the state's */
        struct value *array = out->json;
        struct value *last =
            (struct value *)value_at(array, value_count(array) - 1);
        value_set(last, "mac", value_string(mac));
    }
}

static int rows(struct cmd *c, uint32_t domid, struct devices_out *out,
                struct err *err)
{
    (void)err;
    int nr = 0;
    libxl_device_nic *nics = libxl_device_nic_list(c->xen.ctx, domid, &nr);
    for (int i = 0; i < nr; i++) {
        libxl_nicinfo info;
        libxl_nicinfo_init(&info);
        if (!libxl_device_nic_getinfo(c->xen.ctx, domid, &nics[i], &info))
            row(c, &nics[i], &info, out);
        libxl_nicinfo_dispose(&info);
    }
    libxl_device_nic_list_free(nics, nr);
    return 0;
}

int cmd_network_list_run(struct cmd *c, struct err *err)
{
    static const struct devices_kind kind = {
        .header = "Idx BE Mac Addr.         handle state evt-ch   "
                  "tx-/rx-ring-ref BE-path                       \n",
        .rows = rows,
        .unknown_fails = true,
        .keys = "backend? backend_id frontend? frontend_id devid state evtch "
                "rref_tx rref_rx mac?",
    };
    return devices_list(c, &kind, err);
}
