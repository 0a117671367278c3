/* libvirt's <devices> -> xl.cfg (beside way A). */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "convert/cfgout.h"
#include "convert/libvirt_in.h"

/* Where a disk's data are, or NULL for an empty drive. */
static char *disk_target(struct xml *x, xmlNode *disk)
{
    static const char *const where[] = { "file", "dev", "name" };
    xmlNode *source = xml_child(disk, "source");
    for (unsigned i = 0; i < G_N_ELEMENTS(where); i++) {
        char *found = xml_attr(source, where[i]);
        if (found && i == 2)
            xml_warn(x, source,
                     "a disk from the network needs a script= or a "
                     "device of this host in xl.cfg");
        if (found)
            return found;
    }
    return NULL;
}

static void disk(struct xml *x, xmlNode *node, GPtrArray *out)
{
    xmlNode *driver = xml_child(node, "driver");
    g_autofree char *source = disk_target(x, node);
    g_autofree char *format = xml_attr(driver, "type");
    g_autofree char *vdev = xml_attr(xml_child(node, "target"), "dev");
    bool cdrom = xml_attr_is(node, "device", "cdrom");
    bool read_only = xml_child(node, "readonly") != NULL;
    bool shared = xml_child(node, "shareable") != NULL;
    g_autoptr(GString) spec = g_string_new(NULL);
    if (xml_attr_is(node, "device", "floppy") ||
        xml_attr_is(node, "device", "lun") || !vdev) {
        xml_warn(x, node, "this <disk> has no counterpart in xl.cfg");
        return;
    }
    cfgout_option(spec, "format",
                  format && !strcmp(format, "aio") ? "raw" : format);
    cfgout_option(spec, "vdev", vdev);
    cfgout_option(spec, "access", cdrom || read_only ? "ro" : "rw");
    if (shared && !cdrom && !read_only)
        xml_warn(x, node,
                 "<shareable> has no counterpart in xl.cfg: the block script "
                 "refuses a disk that two guests write to");
    if (cdrom)
        g_string_append(spec, ",devtype=cdrom");
    if (xml_attr_is(driver, "discard", "ignore"))
        g_string_append(spec, ",discard=off");
    if (xml_attr_is(driver, "name", "qemu"))
        g_string_append(spec, ",backendtype=qdisk");
    cfgout_option(spec, "target", source); /* the last: takes the rest */
    g_ptr_array_add(out, g_strdup(spec->str));
}

static void bandwidth(struct xml *x, xmlNode *node, GString *spec)
{
    xmlNode *limits = xml_child(node, "bandwidth");
    g_autofree char *out = xml_attr(xml_child(limits, "outbound"), "average");
    uint64_t n;
    if (xml_number(out, &n))
        g_string_append_printf(spec, "%srate=%" PRIu64 "KB/s",
                               spec->len ? "," : "", n);
    if (xml_child(limits, "inbound"))
        xml_warn(x, limits,
                 "xl.cfg limits only what a guest sends, not "
                 "<inbound>");
}

static void interface(struct xml *x, xmlNode *node, GPtrArray *out, bool hvm)
{
    xmlNode *source = xml_child(node, "source");
    g_autoptr(GString) spec = g_string_new(NULL);
    g_autofree char *mac = xml_attr(xml_child(node, "mac"), "address");
    g_autofree char *bridge = xml_attr(source, "bridge");
    g_autofree char *network = xml_attr(source, "network");
    g_autofree char *script = xml_attr(xml_child(node, "script"), "path");
    g_autofree char *name = xml_attr(xml_child(node, "target"), "dev");
    g_autofree char *model = xml_attr(xml_child(node, "model"), "type");
    g_autofree char *ip = xml_attr(xml_child(node, "ip"), "address");
    g_autofree char *backend =
        xml_attr(xml_child(node, "backenddomain"), "name");
    bool netfront = model && !strcmp(model, "netfront");
    if (network) {
        xml_warn(x, source,
                 "the libvirt network \"%s\" is not known here: "
                 "name its bridge with bridge=",
                 network);
        bridge = g_strdup_printf("virbr0");
    }
    if (xml_attr_is(node, "type", "direct") ||
        xml_attr_is(node, "type", "user"))
        xml_warn(x, node,
                 "this type of <interface> has no counterpart in "
                 "xl.cfg: it becomes a vif of the default bridge");
    cfgout_option(spec, "mac", mac);
    cfgout_option(spec, "bridge", bridge);
    cfgout_option(spec, "script", script);
    /* libvirt fills it in while a domain runs */
    cfgout_option(spec, "vifname",
                  name && !g_str_has_prefix(name, "vif") ? name : NULL);
    cfgout_option(spec, "ip", ip);
    cfgout_option(spec, "backend", backend);
    if (hvm && netfront)
        cfgout_option(spec, "type", "vif");
    else if (hvm && model)
        cfgout_option(spec, "model", model);
    bandwidth(x, node, spec);
    g_ptr_array_add(out, g_strdup(spec->str));
}

/* A PCI address of <source>. */
static void hostdev(struct xml *x, xmlNode *node, GPtrArray *out)
{
    static const char *const parts[] = { "domain", "bus", "slot", "function" };
    xmlNode *address = xml_child(xml_child(node, "source"), "address");
    unsigned long n[4] = { 0 };
    if (!xml_attr_is(node, "type", "pci") || !address) {
        xml_warn(x, node, "this <hostdev> has no counterpart in xl.cfg%s",
                 xml_attr_is(node, "type", "usb") ? ": write usbdev=" : "");
        return;
    }
    for (unsigned i = 0; i < 4; i++) {
        g_autofree char *text = xml_attr(address, parts[i]);
        n[i] = text ? strtoul(text, NULL, 0) : 0;
    }
    g_ptr_array_add(
        out,
        g_strdup_printf("%04lx:%02lx:%02lx.%lx%s", n[0] & 0xffff, n[1] & 0xff,
                        n[2] & 0x1f, n[3] & 7,
                        xml_attr_is(node, "managed", "yes") ? ",seize=1" : ""));
}

/* HVM guests have one emulated screen, PV ones a list of frame buffers. */
static void screen(struct xml *x, xmlNode *g, bool hvm)
{
    g_autofree char *type = xml_attr(g, "type");
    g_autofree char *listen = xml_attr(g, "listen");
    g_autofree char *password = xml_attr(g, "passwd");
    g_autofree char *keymap = xml_attr(g, "keymap");
    g_autofree char *port = xml_attr(g, "port");
    uint64_t n;
    bool fixed =
        xml_number(port, &n) && n >= 5900 && !xml_attr_is(g, "autoport", "yes");
    if (!type || (strcmp(type, "vnc") && strcmp(type, "sdl"))) {
        xml_warn(x, g, "<graphics type='%s'> has no counterpart in xl.cfg",
                 type ? type : "");
        return;
    }
    xml_use_all(xml_child(g, "listen"));
    g_autoptr(GString) spec = g_string_new(NULL);
    g_autofree char *display =
        fixed ? g_strdup_printf("%" PRIu64, n - 5900) : NULL;
    cfgout_option(spec, type, "1");
    cfgout_option(spec, "vnclisten", listen);
    cfgout_option(spec, "vncdisplay", display);
    cfgout_option(spec, "vncunused", display ? "0" : NULL);
    cfgout_option(spec, "vncpasswd", password);
    cfgout_option(spec, "keymap", keymap);
    if (!hvm) {
        g_autoptr(GPtrArray) list = g_ptr_array_new();
        g_ptr_array_add(list, spec->str);
        cfgout_list(x->out, "vfb", list);
        return;
    }
    if (!strcmp(type, "sdl"))
        cfgout_number(x->out, "vnc", 0);
    cfgout_number(x->out, type, 1);
    cfgout_text(x->out, "vnclisten", listen);
    if (fixed) {
        cfgout_number(x->out, "vncdisplay", n - 5900);
        cfgout_number(x->out, "vncunused", 0);
    }
    cfgout_text(x->out, "vncpasswd", password);
    cfgout_text(x->out, "keymap", keymap);
}

static void video(struct xml *x, xmlNode *node)
{
    xmlNode *model = xml_child(node, "model");
    g_autofree char *type = xml_attr(model, "type");
    g_autofree char *kib = xml_attr(model, "vram");
    uint64_t n;
    if (!type || !strcmp(type, "xen"))
        return;
    if (strcmp(type, "cirrus") && strcmp(type, "vga") && strcmp(type, "none") &&
        strcmp(type, "qxl")) {
        xml_warn(x, node,
                 "<model type='%s'> has no counterpart in xl.cfg: "
                 "the guest gets cirrus",
                 type);
        return;
    }
    cfgout_text(x->out, "vga", !strcmp(type, "vga") ? "stdvga" : type);
    if (xml_number(kib, &n))
        cfgout_number(x->out, "videoram", (n + 1023) / 1024);
}

static void serials(struct xml *x, xmlNode *devices, bool hvm)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    for (xmlNode *s = xml_child(devices, "serial"); s; s = xml_next(s)) {
        xml_use_all(s);
        g_autofree char *path = xml_attr(xml_child(s, "source"), "path");
        if (xml_attr_is(s, "type", "pty"))
            g_ptr_array_add(list, g_strdup("pty"));
        else if (xml_attr_is(s, "type", "file") && path)
            g_ptr_array_add(list, g_strdup_printf("file:%s", path));
        else if (xml_attr_is(s, "type", "dev") && path)
            g_ptr_array_add(list, g_steal_pointer(&path));
        else
            xml_warn(x, s, "this <serial> has no counterpart in xl.cfg");
    }
    if (hvm && list->len == 1)
        cfgout_text(x->out, "serial", list->pdata[0]);
    else if (hvm)
        cfgout_list(x->out, "serial", list);
}

static void inputs(struct xml *x, xmlNode *devices, bool hvm)
{
    for (xmlNode *i = xml_child(devices, "input"); i; i = xml_next(i)) {
        g_autofree char *type = xml_attr(i, "type");
        if (!hvm || !type || !xml_attr_is(i, "bus", "usb"))
            continue; /* the mouse and keyboard that there are anyway */
        cfgout_number(x->out, "usb", 1);
        cfgout_text(x->out, "usbdevice", type);
    }
}

static void lists(struct xml *x, xmlNode *devices, bool hvm)
{
    g_autoptr(GPtrArray) disks = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) vifs = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) pcis = g_ptr_array_new_with_free_func(g_free);
    for (xmlNode *n = xml_child(devices, "disk"); n; n = xml_next(n))
        disk(x, n, disks);
    for (xmlNode *n = xml_child(devices, "interface"); n; n = xml_next(n))
        interface(x, n, vifs, hvm);
    for (xmlNode *n = xml_child(devices, "hostdev"); n; n = xml_next(n))
        hostdev(x, n, pcis);
    cfgout_list(x->out, "disk", disks);
    cfgout_list(x->out, "vif", vifs);
    cfgout_list(x->out, "pci", pcis);
}

void libvirt_in_devices(struct xml *x, xmlNode *devices, bool hvm)
{
    xmlNode *emulator = xml_child(devices, "emulator");
    g_autofree char *program = xml_text(emulator);
    xmlNode *sound = xml_child(devices, "sound");
    g_autofree char *card = xml_attr(sound, "model");
    /* libvirt names the default one as well, by a path of its own host */
    if (program && hvm && !strstr(program, "qemu-system-i386") &&
        !strstr(program, "qemu-system-x86_64") && !strstr(program, "qemu-dm"))
        cfgout_text(x->out, "device_model_override", program);
    lists(x, devices, hvm);
    for (xmlNode *c = xml_child(devices, "console"); c; c = xml_next(c))
        xml_use_all(c); /* each guest has one */
    serials(x, devices, hvm);
    inputs(x, devices, hvm);
    xmlNode *graphics = xml_child(devices, "graphics");
    if (graphics)
        screen(x, graphics, hvm);
    for (xmlNode *g = graphics ? xml_next(graphics) : NULL; g; g = xml_next(g))
        xml_warn(x, g, "a second <graphics> has no counterpart in xl.cfg");
    if (xml_child(devices, "video") && hvm)
        video(x, xml_child(devices, "video"));
    else
        xml_use_all(xml_child(devices, "video"));
    if (card && hvm)
        cfgout_text(x->out, "soundhw", !strcmp(card, "ich6") ? "hda" : card);
}
