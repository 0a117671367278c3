/* xl channel-list: the named channels of domains (way A). */
#include "cmd/devices_common.h"

#include <stdlib.h>

const struct opt_row cmd_channel_list_opts[] = {
    { DEVICES_OPT_JSON, "json", NULL, "as JSON" }, { 0 }
};

/* The path is known for ptys only. */
static void row(struct cmd *c, libxl_channelinfo *info, struct devices_out *out)
{
    bool pty = info->connection == LIBXL_CHANNEL_CONNECTION_PTY;
    devices_row(out, libxl_channelinfo_to_json(c->xen.ctx, info),
                "%-3d %-2d %-5d %-6d %-8d %-10s %-30s \n", info->devid,
                info->backend_id, info->state, info->evtch, info->rref,
                libxl_channel_connection_to_string(info->connection),
                pty && info->u.pty.path ? info->u.pty.path : "");
    if (out->json) {
        struct value *last =
            (struct value *)value_at(out->json, value_count(out->json) - 1);
        value_remove(last, "connection.pty"); /* libxl's union */
        value_set(
            last, "connection",
            value_string(libxl_channel_connection_to_string(info->connection)));
        value_set(last, "path", value_string(pty ? info->u.pty.path : NULL));
    }
}

static int rows(struct cmd *c, uint32_t domid, struct devices_out *out,
                struct err *err)
{
    (void)err;
    int nr = 0;
    libxl_device_channel *channels =
        libxl_device_channel_list(c->xen.ctx, domid, &nr);
    for (int i = 0; i < nr; i++) {
        libxl_channelinfo info;
        libxl_channelinfo_init(&info);
        if (!libxl_device_channel_getinfo(c->xen.ctx, domid, &channels[i],
                                          &info))
            row(c, &info, out);
        libxl_channelinfo_dispose(&info);
        libxl_device_channel_dispose(&channels[i]);
    }
    free(channels);
    return 0;
}

int cmd_channel_list_run(struct cmd *c, struct err *err)
{
    static const struct devices_kind kind = {
        .header = "Idx BE state evt-ch ring-ref connection"
                  "                               \n",
        .rows = rows,
        .unknown_fails = true,
        .keys = DEVICES_KEYS "connection? path?",
    };
    return devices_list(c, &kind, err);
}
