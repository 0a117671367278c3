/* Way A, in dom/: the screen of a guest as the top level keys describe it. */
#include <string.h>

#include "dom/build.h"
#include "dom/display.h"

/* Two places for one number: refused for hvm guests. */
void display_vnclisten(struct dom_build *b, const struct key_row *row)
{
    const struct cfg_setting *s = value_atom(b, row->name);

    if (!s)
        return;
    value_replace(&b->config->b_info.u.hvm.vnc.listen, s->value->text);
    if (strchr(s->value->text, ':') && b->config->b_info.u.hvm.vnc.display)
        build_refuse(b, 1, "contradiction", build_value_pos(s),
                     "keep the address here and the number in vncdisplay=",
                     "vnclisten=\"%s\" and vncdisplay= both give a display",
                     s->value->text);
}

static void set_text(struct dom_build *b, const char *name, char **field)
{
    const char *text = value_text(b, name);

    if (text)
        value_replace(field, text);
}

static void set_flag(struct dom_build *b, const char *name,
                     libxl_defbool *field)
{
    long number;

    if (value_long(b, name, false, &number))
        libxl_defbool_set(field, number != 0);
}

/* A pv guest with vnc=1 and without vfb= gets one made of the top level keys.
 */
static void pv_screen(struct dom_build *b)
{
    libxl_device_vfb *vfb = vfb_add(b->config);
    long number;

    set_flag(b, "vnc", &vfb->vnc.enable);
    set_text(b, "vnclisten", &vfb->vnc.listen);
    set_text(b, "vncpasswd", &vfb->vnc.passwd);
    set_flag(b, "vncunused", &vfb->vnc.findunused);
    if (value_long(b, "vncdisplay", false, &number))
        vfb->vnc.display = (int)number;
    set_flag(b, "sdl", &vfb->sdl.enable);
    set_flag(b, "opengl", &vfb->sdl.opengl);
    set_text(b, "display", &vfb->sdl.display);
    set_text(b, "xauthority", &vfb->sdl.xauthority);
    set_text(b, "keymap", &vfb->keymap);
}

void display_vnc(struct dom_build *b, const struct key_row *row)
{
    libxl_domain_config *config = b->config;
    unsigned guest = build_guest(b);
    long number;

    if (!value_long(b, row->name, false, &number))
        return;
    if (guest == HVM)
        libxl_defbool_set(&config->b_info.u.hvm.vnc.enable, number != 0);
    else if (guest == PV && number && !config->num_vfbs)
        pv_screen(b);
    else if (number && !config->num_vfbs)
        build_note(b, "no-effect", cfg_find(b->cfg, row->name)->pos,
                   "add vfb=[ \"vnc=1\" ]", "vnc has no effect on a pvh guest");
}

void display_vncviewer(struct dom_build *b, const struct key_row *row)
{
    const struct cfg_setting *s = value_any(b, row->name);

    if (s)
        build_warn(b, "obsolete", s->pos, "xl create -V starts a viewer",
                   "vncviewer= is ignored");
}
