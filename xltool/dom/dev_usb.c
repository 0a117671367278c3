/* Way A, in dom/: usbctrl= and usbdev=. */
#include <string.h>

#include "dom/spec.h"

#define AT(field) offsetof(libxl_device_usbctrl, field)
static const struct spec_key ctrl_keys[] = {
    { "type", SPEC_WORD, AT(type), libxl_usbctrl_type_string_table, NULL },
    { "version", SPEC_ATOI, AT(version), NULL, NULL },
    { "ports", SPEC_ATOI, AT(ports), NULL, NULL },
    { NULL, SPEC_TEXT, 0, NULL, NULL },
};
#undef AT

static const struct spec_style ctrl_style = {
    .what = "usbctrl",
    .keys = ctrl_keys,
    .unknown = DIAG_ERROR,
    .bare = DIAG_ERROR,
};

static void add_ctrl(struct dom_build *b, const struct cfg_node *item)
{
    libxl_domain_config *config = b->config;
    libxl_device_usbctrl *ctrl =
        BUILD_ADD(config->usbctrls, config->num_usbctrls);

    libxl_device_usbctrl_init(ctrl);
    ctrl->devid = config->num_usbctrls - 1;
    spec_read(b, &ctrl_style, item, ctrl);
}

void dev_usbctrl(struct dom_build *b, const struct key_row *row)
{
    spec_each(b, row->name, add_ctrl);
}

#define AT(field) offsetof(libxl_device_usbdev, field)
static const struct spec_key dev_keys[] = {
    { "type", SPEC_WORD, AT(type), libxl_usbdev_type_string_table, NULL },
    { "hostbus", SPEC_U8, AT(u.hostdev.hostbus), NULL, NULL },
    { "hostaddr", SPEC_U8, AT(u.hostdev.hostaddr), NULL, NULL },
    { "controller", SPEC_ATOI, AT(ctrl), NULL, NULL },
    { "port", SPEC_ATOI, AT(port), NULL, NULL },
    { NULL, SPEC_TEXT, 0, NULL, NULL },
};

static const struct spec_style dev_style = {
    .what = "usbdev",
    .keys = dev_keys,
    .unknown = DIAG_ERROR,
    .bare = DIAG_ERROR,
};

static void add_dev(struct dom_build *b, const struct cfg_node *item)
{
    libxl_domain_config *config = b->config;
    libxl_device_usbdev *dev = BUILD_ADD(config->usbdevs, config->num_usbdevs);

    libxl_device_usbdev_init(dev);
    spec_read(b, &dev_style, item, dev);
    if (!dev->type)
        build_warn(b, "incomplete", item->pos, "add type=hostdev",
                   "usbdev without type=hostdev: hostbus and hostaddr have no "
                   "effect");
}

void dev_usbdev(struct dom_build *b, const struct key_row *row)
{
    spec_each(b, row->name, add_dev);
}
