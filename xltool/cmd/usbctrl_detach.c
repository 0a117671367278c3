/* xl usbctrl-detach: takes a USB controller, with what is plugged into it, from
 * a running domain (way A). */
#include "base/num.h"
#include "cmd/cmd.h"

const struct opt_row cmd_usbctrl_detach_opts[] = { { 0 } };

int cmd_usbctrl_detach_run(struct cmd *c, struct err *err)
{
    const char *who = cmd_word(c, 1);
    libxl_device_usbctrl ctrl;
    uint32_t domid;
    uint64_t devid;
    if (cmd_domain(c, cmd_word(c, 0), &domid, err))
        return -1;
    libxl_device_usbctrl_init(&ctrl);
    if (!num_parse_uint(who, INT32_MAX, &devid) ||
        libxl_devid_to_device_usbctrl(c->xen.ctx, domid, (int)devid, &ctrl)) {
        xen_log_clear(c->xen.log);
        libxl_device_usbctrl_dispose(&ctrl);
        return err_set(err, ERR_NOENT, "Unknown device %s.", who);
    }
    int rc = libxl_device_usbctrl_remove(c->xen.ctx, domid, &ctrl, NULL);
    libxl_device_usbctrl_dispose(&ctrl);
    if (rc)
        return xen_fail(&c->xen, err, rc, "the controller was not taken away");
    return 0;
}
