/* Way A, in dom/: vfb= and vkb=, the paravirtual screen and keyboard. */
#include <string.h>

#include "dom/display.h"
#include "dom/spec.h"

#define AT(field) offsetof(libxl_device_vfb, field)
static const struct spec_key vfb_keys[] = {
    { "vnc", SPEC_DEFBOOL, AT(vnc.enable), NULL, NULL },
    { "vnclisten", SPEC_TEXT, AT(vnc.listen), NULL, NULL },
    { "vncpasswd", SPEC_TEXT, AT(vnc.passwd), NULL, NULL },
    { "vncdisplay", SPEC_ATOI, AT(vnc.display), NULL, NULL },
    { "vncunused", SPEC_DEFBOOL, AT(vnc.findunused), NULL, NULL },
    { "keymap", SPEC_TEXT, AT(keymap), NULL, NULL },
    { "sdl", SPEC_DEFBOOL, AT(sdl.enable), NULL, NULL },
    { "opengl", SPEC_DEFBOOL, AT(sdl.opengl), NULL, NULL },
    { "display", SPEC_TEXT, AT(sdl.display), NULL, NULL },
    { "xauthority", SPEC_TEXT, AT(sdl.xauthority), NULL, NULL },
    { NULL, SPEC_TEXT, 0, NULL, NULL },
};
#undef AT

static const struct spec_style vfb_style = {
    .what = "vfb",
    .keys = vfb_keys,
    .bare_ends = true,
    .unknown = DIAG_WARNING,
    .bare = DIAG_WARNING,
};

static libxl_device_vkb *add_vkb(libxl_domain_config *config)
{
    libxl_device_vkb *vkb = BUILD_ADD(config->vkbs, config->num_vkbs);

    libxl_device_vkb_init(vkb);
    vkb->devid = config->num_vkbs - 1;
    return vkb;
}

/* A screen always brings a keyboard and mouse. */
libxl_device_vfb *vfb_add(libxl_domain_config *config)
{
    libxl_device_vfb *vfb = BUILD_ADD(config->vfbs, config->num_vfbs);

    libxl_device_vfb_init(vfb);
    vfb->devid = config->num_vfbs - 1;
    add_vkb(config);
    return vfb;
}

static void read_vfb(struct dom_build *b, const struct cfg_node *item)
{
    spec_read(b, &vfb_style, item, vfb_add(b->config));
}

void dev_vfb(struct dom_build *b, const struct key_row *row)
{
    spec_each(b, row->name, read_vfb);
}

#define AT(field) offsetof(libxl_device_vkb, field)
static const struct spec_key vkb_keys[] = {
    { "backend", SPEC_TEXT, AT(backend_domname), NULL, NULL },
    { "backend-type", SPEC_WORD, AT(backend_type),
      libxl_vkb_backend_string_table, NULL },
    { "unique-id", SPEC_TEXT, AT(unique_id), NULL, NULL },
    { "feature-disable-keyboard", SPEC_YESNO, AT(feature_disable_keyboard),
      NULL, NULL },
    { "feature-disable-pointer", SPEC_YESNO, AT(feature_disable_pointer), NULL,
      NULL },
    { "feature-abs-pointer", SPEC_YESNO, AT(feature_abs_pointer), NULL, NULL },
    { "feature-raw-pointer", SPEC_YESNO, AT(feature_raw_pointer), NULL, NULL },
    { "feature-multi-touch", SPEC_YESNO, AT(feature_multi_touch), NULL, NULL },
    { "multi-touch-width", SPEC_U32, AT(multi_touch_width), NULL, NULL },
    { "multi-touch-height", SPEC_U32, AT(multi_touch_height), NULL, NULL },
    { "multi-touch-num-contacts", SPEC_U32, AT(multi_touch_num_contacts), NULL,
      NULL },
    { "width", SPEC_U32, AT(width), NULL, NULL },
    { "height", SPEC_U32, AT(height), NULL, NULL },
    { NULL, SPEC_TEXT, 0, NULL, NULL },
};

static const struct spec_style vkb_style = {
    .what = "vkb",
    .keys = vkb_keys,
    .unknown = DIAG_ERROR,
    .bare = DIAG_ERROR,
};

/* A size of the touch surface switches it on; on without any size is refused.
 */
static void check_touch(struct dom_build *b, const struct cfg_node *item,
                        libxl_device_vkb *vkb)
{
    if (vkb->multi_touch_width || vkb->multi_touch_height ||
        vkb->multi_touch_num_contacts)
        vkb->feature_multi_touch = true;
    else if (vkb->feature_multi_touch)
        build_refuse(b, 1, "incomplete", item->pos,
                     "add multi-touch-width, -height and -num-contacts",
                     "feature-multi-touch needs the size of the surface");
}

static void read_vkb(struct dom_build *b, const struct cfg_node *item)
{
    libxl_device_vkb *vkb = add_vkb(b->config);
    int before = b->exit_code;

    spec_read(b, &vkb_style, item, vkb);
    if (vkb->backend_type == LIBXL_VKB_BACKEND_UNKNOWN &&
        b->exit_code == before)
        build_refuse(b, 1, "incomplete", item->pos,
                     "add backend-type=qemu or backend-type=linux",
                     "a vkb needs a backend-type");
    check_touch(b, item, vkb);
}

void dev_vkb(struct dom_build *b, const struct key_row *row)
{
    spec_each(b, row->name, read_vkb);
}
