/* xl usb-list: the USB controllers of a domain and what is plugged into their
 * ports (way A). Bus and device are hexadecimal, as in the original. */
#include "cmd/devices_common.h"

const struct opt_row cmd_usb_list_opts[] = {
    { DEVICES_OPT_JSON, "json", NULL, "as JSON" }, { 0 }
};

static void ports(GString *text, const libxl_usbctrlinfo *ctrl,
                  const libxl_device_usbdev *devs, int nr)
{
    for (int port = 1; port <= ctrl->ports; port++) {
        g_string_append_printf(text, "  Port %d:", port);
        for (int i = 0; i < nr; i++)
            if (devs[i].ctrl == ctrl->devid && devs[i].port == port)
                g_string_append_printf(text, " Bus %03x Device %03x",
                                       devs[i].u.hostdev.hostbus,
                                       devs[i].u.hostdev.hostaddr);
        g_string_append_c(text, '\n');
    }
}

/* What is plugged in, into the last row. */
static void plugged(struct value *json, int ctrl,
                    const libxl_device_usbdev *devs, int nr)
{
    struct value *list = value_array();
    for (int i = 0; i < nr; i++) {
        if (devs[i].ctrl != ctrl)
            continue;
        struct value *v = value_object();
        value_set(v, "port", value_int(devs[i].port));
        value_set(v, "hostbus", value_int(devs[i].u.hostdev.hostbus));
        value_set(v, "hostaddr", value_int(devs[i].u.hostdev.hostaddr));
        value_push(list, v);
    }
    struct value *row = (struct value *)value_at(json, value_count(json) - 1);
    value_set(row, "devices", list);
}

static int rows(struct cmd *c, uint32_t domid, struct devices_out *out,
                struct err *err)
{
    (void)err;
    int nr = 0, nr_devs = 0;
    libxl_device_usbctrl *ctrls =
        libxl_device_usbctrl_list(c->xen.ctx, domid, &nr);
    libxl_device_usbdev *devs =
        libxl_device_usbdev_list(c->xen.ctx, domid, &nr_devs);
    for (int i = 0; i < nr; i++) {
        libxl_usbctrlinfo info;
        libxl_usbctrlinfo_init(&info);
        if (!out->json && i == 0)
            g_string_append_printf(out->text,
                                   "%-6s %-12s %-3s %-5s %-7s %-5s\n", "Devid",
                                   "Type", "BE", "state", "usb-ver", "ports");
        if (!libxl_device_usbctrl_getinfo(c->xen.ctx, domid, &ctrls[i],
                                          &info)) {
            devices_row(out, libxl_usbctrlinfo_to_json(c->xen.ctx, &info),
                        "%-6d %-12s %-3d %-5d %-7d %-5d\n", info.devid,
                        libxl_usbctrl_type_to_string(info.type),
                        info.backend_id, info.state, info.version, info.ports);
            if (out->json)
                plugged(out->json, info.devid, devs, nr_devs);
            else
                ports(out->text, &info, devs, nr_devs);
        }
        libxl_usbctrlinfo_dispose(&info);
    }
    libxl_device_usbctrl_list_free(ctrls, nr);
    libxl_device_usbdev_list_free(devs, nr_devs);
    return 0;
}

int cmd_usb_list_run(struct cmd *c, struct err *err)
{
    static const struct devices_kind kind = {
        .header = "",
        .rows = rows,
        .unknown_fails = true,
        .keys = "type? devid version ports backend_id state"
    };
    return devices_list(c, &kind, err);
}
