/* libxl_domain_config -> S-expressions (way A, pure). */
#include "view/sxp.h"

#include <inttypes.h>
#include <libxl_utils.h>
#include <stddef.h>

enum kind { END, TEXT, INT, I64, DEFBOOL, VGA, TIMER, MODEL };

struct row {
    const char *label;
    enum kind kind;
    size_t offset;
};

static const char *text(const char *s)
{
    return s ? s : "(null)";
}

static const char *flag(const libxl_defbool *b)
{
    if (libxl_defbool_is_default(*b))
        return "<default>";
    return libxl_defbool_val(*b) ? "True" : "False";
}

static void value(GString *out, enum kind kind, const void *at)
{
    switch (kind) {
    case TEXT:
        g_string_append(out, text(*(char *const *)at));
        break;
    case MODEL:
        g_string_append(out,
                        *(char *const *)at ? *(char *const *)at : "default");
        break;
    case DEFBOOL:
        g_string_append(out, flag(at));
        break;
    case I64:
        g_string_append_printf(out, "%" PRIi64, *(const int64_t *)at);
        break;
    case VGA:
        g_string_append(out, *(const libxl_vga_interface_type *)at ==
                                     LIBXL_VGA_INTERFACE_TYPE_STD
                                 ? "True"
                                 : "False");
        break;
    case TIMER:
        g_string_append(
            out, libxl_timer_mode_to_string(*(const libxl_timer_mode *)at));
        break;
    default:
        g_string_append_printf(out, "%d", *(const int *)at);
        break;
    }
}

static void rows(GString *out, const char *indent, const struct row *r,
                 const void *base)
{
    for (; r->kind != END; r++) {
        g_string_append_printf(out, "%s(%s ", indent, r->label);
        value(out, r->kind, (const char *)base + r->offset);
        g_string_append(out, ")\n");
    }
}

/* --- Tables. ------------------------------------------------------------ */

#define BUILD(field) offsetof(libxl_domain_build_info, field)
#define HVM(field) offsetof(libxl_domain_build_info, u.hvm.field)
static const struct row hvm_rows[] = {
    { "firmware", TEXT, HVM(firmware) },
    { "video_memkb", I64, BUILD(video_memkb) },
    { "shadow_memkb", I64, BUILD(shadow_memkb) },
    { "pae", DEFBOOL, HVM(pae) },
    { "apic", DEFBOOL, BUILD(apic) },
    { "acpi", DEFBOOL, HVM(acpi) },
    { "nx", DEFBOOL, HVM(nx) },
    { "viridian", DEFBOOL, HVM(viridian) },
    { "hpet", DEFBOOL, HVM(hpet) },
    { "vpt_align", DEFBOOL, HVM(vpt_align) },
    { "timer_mode", TIMER, BUILD(timer_mode) },
    { "nestedhvm", DEFBOOL, BUILD(nested_hvm) },
    { "stdvga", VGA, HVM(vga.kind) },
    { "vnc", DEFBOOL, HVM(vnc.enable) },
    { "vnclisten", TEXT, HVM(vnc.listen) },
    { "vncdisplay", INT, HVM(vnc.display) },
    { "vncunused", DEFBOOL, HVM(vnc.findunused) },
    { "keymap", TEXT, HVM(keymap) },
    { "sdl", DEFBOOL, HVM(sdl.enable) },
    { "opengl", DEFBOOL, HVM(sdl.opengl) },
    { "nographic", DEFBOOL, HVM(nographic) },
    { "spice", DEFBOOL, HVM(spice.enable) },
    { "spiceport", INT, HVM(spice.port) },
    { "spicetls_port", INT, HVM(spice.tls_port) },
    { "spicehost", TEXT, HVM(spice.host) },
    { "spicedisable_ticketing", DEFBOOL, HVM(spice.disable_ticketing) },
    { "spiceagent_mouse", DEFBOOL, HVM(spice.agent_mouse) },
    { "device_model", MODEL, BUILD(device_model) },
    { "gfx_passthru", DEFBOOL, HVM(gfx_passthru) },
    { "serial", TEXT, HVM(serial) },
    { "boot", TEXT, HVM(boot) },
    { "usb", DEFBOOL, HVM(usb) },
    { "usbdevice", TEXT, HVM(usbdevice) },
    { "vkb_device", DEFBOOL, HVM(vkb_device) },
    { NULL, END, 0 },
};

static const struct row kernel_rows[] = {
    { "kernel", TEXT, BUILD(kernel) },
    { "cmdline", TEXT, BUILD(cmdline) },
    { "ramdisk", TEXT, BUILD(ramdisk) },
    { NULL, END, 0 },
};
static const struct row pv_rows[] = {
    { "e820_host", DEFBOOL, BUILD(u.pv.e820_host) },
    { NULL, END, 0 },
};

#define VFB(field) offsetof(libxl_device_vfb, field)
static const struct row vfb_rows[] = {
    { "devid", INT, VFB(devid) },
    { "vnc", DEFBOOL, VFB(vnc.enable) },
    { "vnclisten", TEXT, VFB(vnc.listen) },
    { "vncdisplay", INT, VFB(vnc.display) },
    { "vncunused", DEFBOOL, VFB(vnc.findunused) },
    { "keymap", TEXT, VFB(keymap) },
    { "sdl", DEFBOOL, VFB(sdl.enable) },
    { "opengl", DEFBOOL, VFB(sdl.opengl) },
    { "display", TEXT, VFB(sdl.display) },
    { "xauthority", TEXT, VFB(sdl.xauthority) },
    { NULL, END, 0 },
};

#define NIC(field) offsetof(libxl_device_nic, field)
static const struct row nic_rows[] = {
    { "devid", INT, NIC(devid) },
    { "mtu", INT, NIC(mtu) },
    { "model", TEXT, NIC(model) },
    { NULL, END, 0 },
};

/* --- Parts. ------------------------------------------------------------- */

static void who(GString *out, int domid, const libxl_uuid *uuid,
                const libxl_domain_create_info *c)
{
    g_string_append_printf(out,
                           "(domain\n\t(domid %d)\n\t(create_info)\n"
                           "\t(hvm %d)\n\t(hap %s)\n\t(oos %s)\n"
                           "\t(ssidref %u)\n\t(name %s)\n",
                           domid, c->type == LIBXL_DOMAIN_TYPE_HVM,
                           flag(&c->hap), flag(&c->oos), c->ssidref,
                           text(c->name));
    if (uuid)
        g_string_append_printf(out, "\t(uuid " LIBXL_UUID_FMT ")\n",
                               LIBXL_UUID_BYTES(*uuid));
    else
        g_string_append(out, "\t(uuid <unknown>)\n");
    if (c->pool_name)
        g_string_append_printf(out, "\t(cpupool %s)\n", c->pool_name);
    g_string_append_printf(out, "\t(xsdata %s)\n\t(platformdata %s)\n",
                           c->xsdata ? "contains data" : "(null)",
                           c->platformdata ? "contains data" : "(null)");
}

static void build(GString *out, const libxl_domain_build_info *b, bool is_pv)
{
    g_string_append_printf(
        out,
        "\t(build_info)\n\t(max_vcpus %d)\n\t(max_grant_frames %d)\n"
        "\t(max_maptrack_frames %d)\n\t(tsc_mode %s)\n\t(max_memkb %" PRIi64
        ")\n\t(target_memkb %" PRIi64 ")\n\t(nomigrate %s)\n",
        b->max_vcpus, (int)b->max_grant_frames, (int)b->max_maptrack_frames,
        libxl_tsc_mode_to_string(b->tsc_mode), (int64_t)b->max_memkb,
        (int64_t)b->target_memkb, flag(&b->disable_migrate));
    if (!is_pv || !b->bootloader)
        return;
    g_string_append_printf(out, "\t(bootloader %s)\n", b->bootloader);
    if (!b->bootloader_args)
        return;
    g_string_append(out, "\t(bootloader_args");
    for (char **arg = b->bootloader_args; *arg; arg++)
        g_string_append_printf(out, " %s", *arg);
    g_string_append(out, ")\n");
}

static void image(GString *out, libxl_domain_type type,
                  const libxl_domain_build_info *b)
{
    g_string_append(out, "\t(image\n");
    if (type == LIBXL_DOMAIN_TYPE_HVM) {
        g_string_append(out, "\t\t(hvm\n");
        rows(out, "\t\t\t", hvm_rows, b);
    } else {
        /* the original ends here at a PVH guest */
        g_string_append(out, type == LIBXL_DOMAIN_TYPE_PV ? "\t\t(linux 0)\n"
                                                          : "\t\t(pvh\n");
        rows(out, "\t\t\t", kernel_rows, b);
        if (type == LIBXL_DOMAIN_TYPE_PV)
            rows(out, "\t\t\t", pv_rows, b);
    }
    g_string_append(out, "\t\t)\n\t)\n");
}

static void begin(GString *out, const char *kind, const char *vifname,
                  uint32_t backend, int domid)
{
    g_string_append_printf(out, "\t(device\n\t\t(%s\n", kind);
    if (vifname)
        g_string_append_printf(out, "\t\t\t(vifname %s)\n", vifname);
    g_string_append_printf(
        out, "\t\t\t(backend_domid %d)\n\t\t\t(frontend_domid %d)\n",
        (int)backend, domid);
}

static void end(GString *out)
{
    g_string_append(out, "\t\t)\n\t)\n");
}

static void disk(GString *out, int domid, const libxl_device_disk *d)
{
    begin(out, "tap", NULL, d->backend_domid, domid);
    g_string_append_printf(
        out,
        "\t\t\t(physpath %s)\n\t\t\t(phystype %d)\n\t\t\t(virtpath %s)\n"
        "\t\t\t(unpluggable %d)\n\t\t\t(readwrite %d)\n\t\t\t(is_cdrom %d)\n",
        text(d->pdev_path), (int)d->backend, text(d->vdev), d->removable,
        d->readwrite, d->is_cdrom);
    end(out);
}

static void nic(GString *out, int domid, const libxl_device_nic *n)
{
    begin(out, "vif", n->ifname, n->backend_domid, domid);
    rows(out, "\t\t\t", nic_rows, n);
    g_string_append(out, "\t\t\t(mac ");
    for (int i = 0; i < 6; i++)
        g_string_append_printf(out, "%02x", n->mac[i]);
    g_string_append(out, ")\n");
    end(out);
}

static void pci(GString *out, const libxl_device_pci *p)
{
    g_string_append_printf(
        out,
        "\t(device\n\t\t(pci\n\t\t\t(pci dev %04x:%02x:%02x.%01x@%02x)\n"
        "\t\t\t(opts msitranslate %d power_mgmt %d)\n",
        p->domain, p->bus, p->dev, p->func, p->vdevfn, p->msitranslate,
        p->power_mgmt);
    end(out);
}

void view_sxp(GString *out, int domid, const libxl_uuid *uuid,
              const libxl_domain_config *config)
{
    libxl_domain_type type = config->c_info.type;
    who(out, domid, uuid, &config->c_info);
    build(out, &config->b_info, type == LIBXL_DOMAIN_TYPE_PV);
    image(out, type, &config->b_info);
    for (int i = 0; i < config->num_disks; i++)
        disk(out, domid, &config->disks[i]);
    for (int i = 0; i < config->num_nics; i++)
        nic(out, domid, &config->nics[i]);
    for (int i = 0; i < config->num_pcidevs; i++)
        pci(out, &config->pcidevs[i]);
    for (int i = 0; i < config->num_vfbs; i++) {
        begin(out, "vfb", NULL, config->vfbs[i].backend_domid, domid);
        rows(out, "\t\t\t", vfb_rows, &config->vfbs[i]);
        end(out);
    }
    g_string_append(out, ")\n");
}
