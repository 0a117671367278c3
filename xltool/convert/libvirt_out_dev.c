/* Devices of a libxl_domain_config -> libvirt's <devices> (beside way A). */
#include <inttypes.h>
#include <string.h>

#include "convert/libvirt_out.h"

static const char *format_of(libxl_disk_format format)
{
    return format == LIBXL_DISK_FORMAT_QCOW    ? "qcow"
           : format == LIBXL_DISK_FORMAT_QCOW2 ? "qcow2"
           : format == LIBXL_DISK_FORMAT_VHD   ? "vpc"
           : format == LIBXL_DISK_FORMAT_QED   ? "qed"
                                               : "raw";
}

static const char *bus_of(const char *vdev)
{
    return g_str_has_prefix(vdev, "hd")   ? "ide"
           : g_str_has_prefix(vdev, "sd") ? "scsi"
                                          : "xen";
}

static void disk(struct libvirt_out *o, int i)
{
    const libxl_device_disk *d = &o->config->disks[i];
    bool block = d->pdev_path && g_str_has_prefix(d->pdev_path, "/dev/");
    if (d->script)
        libvirt_out_warn(o, "disk", i,
                         "script= of a disk has no counterpart in libvirt's "
                         "XML");
    xmlout_open(&o->x, "disk", "type", block ? "block" : "file", "device",
                d->is_cdrom ? "cdrom" : "disk", NULL);
    if (d->format != LIBXL_DISK_FORMAT_EMPTY)
        xmlout_empty(&o->x, "driver", "name",
                     d->backend == LIBXL_DISK_BACKEND_QDISK ? "qemu"
                     : block                                ? "phy"
                                                            : NULL,
                     "type", format_of(d->format), NULL);
    if (d->pdev_path && *d->pdev_path)
        xmlout_empty(&o->x, "source", block ? "dev" : "file", d->pdev_path,
                     NULL);
    xmlout_empty(&o->x, "target", "dev", d->vdev, "bus", bus_of(d->vdev), NULL);
    if (!d->readwrite)
        xmlout_empty(&o->x, "readonly", NULL);
    if (d->backend_domname)
        xmlout_empty(&o->x, "backenddomain", "name", d->backend_domname, NULL);
    xmlout_close(&o->x, "disk");
}

static void rate(struct libvirt_out *o, const libxl_device_nic *nic)
{
    if (!nic->rate_bytes_per_interval || !nic->rate_interval_usecs)
        return;
    g_autofree char *kib =
        g_strdup_printf("%" PRIu64, nic->rate_bytes_per_interval * 1000000 /
                                        nic->rate_interval_usecs / 1000);
    xmlout_open(&o->x, "bandwidth", NULL);
    xmlout_empty(&o->x, "outbound", "average", kib, NULL);
    xmlout_close(&o->x, "bandwidth");
}

static void nic_of(struct libvirt_out *o, int i)
{
    static const libxl_mac none = { 0 };
    const libxl_device_nic *nic = &o->config->nics[i];
    bool hvm = o->config->c_info.type == LIBXL_DOMAIN_TYPE_HVM;
    xmlout_open(&o->x, "interface", "type", "bridge", NULL);
    if (memcmp(nic->mac, none, sizeof(none))) {
        g_autofree char *mac =
            g_strdup_printf(LIBXL_MAC_FMT, LIBXL_MAC_BYTES(nic->mac));
        xmlout_empty(&o->x, "mac", "address", mac, NULL);
    }
    xmlout_empty(&o->x, "source", "bridge",
                 nic->bridge ? nic->bridge : "xenbr0", NULL);
    if (nic->script)
        xmlout_empty(&o->x, "script", "path", nic->script, NULL);
    if (nic->ifname)
        xmlout_empty(&o->x, "target", "dev", nic->ifname, NULL);
    if (nic->ip)
        xmlout_empty(&o->x, "ip", "address", nic->ip, "family", "ipv4", NULL);
    if (nic->backend_domname)
        xmlout_empty(&o->x, "backenddomain", "name", nic->backend_domname,
                     NULL);
    if (hvm && nic->nictype == LIBXL_NIC_TYPE_VIF)
        xmlout_empty(&o->x, "model", "type", "netfront", NULL);
    else if (hvm && nic->model)
        xmlout_empty(&o->x, "model", "type", nic->model, NULL);
    rate(o, nic);
    xmlout_close(&o->x, "interface");
}

static void pci(struct libvirt_out *o, const libxl_device_pci *p)
{
    g_autofree char *domain = g_strdup_printf("0x%04x", p->domain);
    g_autofree char *bus = g_strdup_printf("0x%02x", p->bus);
    g_autofree char *slot = g_strdup_printf("0x%02x", p->dev);
    g_autofree char *function = g_strdup_printf("0x%x", p->func);
    xmlout_open(&o->x, "hostdev", "mode", "subsystem", "type", "pci", "managed",
                p->seize ? "yes" : "no", NULL);
    xmlout_open(&o->x, "source", NULL);
    xmlout_empty(&o->x, "address", "domain", domain, "bus", bus, "slot", slot,
                 "function", function, NULL);
    xmlout_close(&o->x, "source");
    xmlout_close(&o->x, "hostdev");
}

static bool on(libxl_defbool b, bool otherwise)
{
    return libxl_defbool_is_default(b) ? otherwise : libxl_defbool_val(b);
}

static void screen(struct libvirt_out *o, const libxl_vnc_info *vnc,
                   const libxl_sdl_info *sdl, const char *keymap,
                   bool vnc_default)
{
    bool automatic = on(vnc->findunused, true);
    g_autofree char *port =
        automatic ? NULL : g_strdup_printf("%d", 5900 + vnc->display);
    if (on(vnc->enable, vnc_default))
        xmlout_empty(&o->x, "graphics", "type", "vnc", "port",
                     port ? port : "-1", "autoport", port ? "no" : "yes",
                     "listen", vnc->listen, "passwd", vnc->passwd, "keymap",
                     keymap, NULL);
    if (on(sdl->enable, false))
        xmlout_empty(&o->x, "graphics", "type", "sdl", "display", sdl->display,
                     NULL);
}

static void adapter(struct libvirt_out *o, const libxl_domain_build_info *b)
{
    libxl_vga_interface_type kind = b->u.hvm.vga.kind;
    g_autofree char *kib = b->video_memkb != LIBXL_MEMKB_DEFAULT
                               ? g_strdup_printf("%" PRIu64, b->video_memkb)
                               : NULL;
    xmlout_open(&o->x, "video", NULL);
    xmlout_empty(&o->x, "model", "type",
                 kind == LIBXL_VGA_INTERFACE_TYPE_STD    ? "vga"
                 : kind == LIBXL_VGA_INTERFACE_TYPE_NONE ? "none"
                 : kind == LIBXL_VGA_INTERFACE_TYPE_QXL  ? "qxl"
                                                         : "cirrus",
                 "vram", kib, NULL);
    xmlout_close(&o->x, "video");
}

static void serial(struct libvirt_out *o, const char *text)
{
    if (!strcmp(text, "pty")) {
        xmlout_empty(&o->x, "serial", "type", "pty", NULL);
        return;
    }
    bool file = g_str_has_prefix(text, "file:");
    if (!file && *text != '/') {
        libvirt_out_warn(o, "serial", -1, "serial=\"%s\" is not translated",
                         text);
        return;
    }
    xmlout_open(&o->x, "serial", "type", file ? "file" : "dev", NULL);
    xmlout_empty(&o->x, "source", "path", file ? text + 5 : text, NULL);
    xmlout_close(&o->x, "serial");
}

static void hvm_only(struct libvirt_out *o)
{
    const libxl_domain_build_info *b = &o->config->b_info;
    if (b->u.hvm.serial)
        serial(o, b->u.hvm.serial);
    for (char **s = b->u.hvm.serial_list; s && *s; s++)
        serial(o, *s);
    if (b->u.hvm.usbdevice)
        xmlout_empty(&o->x, "input", "type", b->u.hvm.usbdevice, "bus", "usb",
                     NULL);
    screen(o, &b->u.hvm.vnc, &b->u.hvm.sdl, b->u.hvm.keymap, true);
    adapter(o, b);
    if (b->u.hvm.soundhw)
        xmlout_empty(
            &o->x, "sound", "model",
            !strcmp(b->u.hvm.soundhw, "hda") ? "ich6" : b->u.hvm.soundhw, NULL);
}

void libvirt_out_devices(struct libvirt_out *o)
{
    libxl_domain_config *c = o->config;
    xmlout_open(&o->x, "devices", NULL);
    xmlout_text(&o->x, "emulator", c->b_info.device_model);
    for (int i = 0; i < c->num_disks; i++)
        disk(o, i);
    for (int i = 0; i < c->num_nics; i++)
        nic_of(o, i);
    if (c->c_info.type == LIBXL_DOMAIN_TYPE_HVM) {
        hvm_only(o);
    } else {
        xmlout_open(&o->x, "console", "type", "pty", NULL);
        xmlout_empty(&o->x, "target", "type", "xen", "port", "0", NULL);
        xmlout_close(&o->x, "console");
        for (int i = 0; i < c->num_vfbs; i++)
            screen(o, &c->vfbs[i].vnc, &c->vfbs[i].sdl, c->vfbs[i].keymap,
                   true);
    }
    for (int i = 0; i < c->num_pcidevs; i++)
        pci(o, &c->pcidevs[i]);
    xmlout_close(&o->x, "devices");
}
