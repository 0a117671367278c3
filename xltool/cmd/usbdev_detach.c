/* xl usbdev-detach: unplugs a host USB device from a domain's controller (way
 * A). */
#include "base/num.h"
#include "cmd/cmd.h"

const struct opt_row cmd_usbdev_detach_opts[] = { { 0 } };

static bool is_plugged(struct cmd *c, uint32_t domid, int ctrl, int port)
{
    bool found = false;
    int nr = 0;
    libxl_device_usbdev *devs =
        libxl_device_usbdev_list(c->xen.ctx, domid, &nr);
    for (int i = 0; i < nr; i++)
        found |= devs[i].ctrl == ctrl && devs[i].port == port;
    libxl_device_usbdev_list_free(devs, nr);
    return found;
}

int cmd_usbdev_detach_run(struct cmd *c, struct err *err)
{
    libxl_device_usbdev dev;
    uint32_t domid;
    uint64_t ctrl, port;
    if (!num_parse_uint(cmd_word(c, 1), INT32_MAX, &ctrl) ||
        !num_parse_uint(cmd_word(c, 2), 255, &port))
        return cmd_usage(c, err, "controller and port are numbers");
    if (cmd_domain(c, cmd_word(c, 0), &domid, err))
        return -1;
    /* without this question libxl 4.17 dereferences a null pointer */
    if (!is_plugged(c, domid, (int)ctrl, (int)port))
        return err_set(err, ERR_NOENT,
                       "Unknown device at controller %d port %d.", (int)ctrl,
                       (int)port);
    libxl_device_usbdev_init(&dev);
    dev.ctrl = (int)ctrl;
    dev.port = (int)port;
    int rc = libxl_device_usbdev_remove(c->xen.ctx, domid, &dev, NULL);
    libxl_device_usbdev_dispose(&dev);
    if (rc)
        return xen_fail(&c->xen, err, rc, "the USB device was not unplugged");
    return 0;
}
