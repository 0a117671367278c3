/* libvirt's domain XML -> xl.cfg: all but the devices (beside way A). */
#include <libxml/tree.h>
#include <string.h>

#include "base/num.h"
#include "convert/cfgout.h"
#include "convert/convert.h"
#include "convert/libvirt_in.h"
#include "convert/libxml.h"

/* What libvirt writes into every definition, or what says nothing of a guest.
 */
static const char *const harmless[] = { "address",  "alias",    "memballoon",
                                        "metadata", "resource", "controller",
                                        NULL };

static const struct {
    const char *suffix;
    uint64_t bytes;
} units[] = {
    { "b", 1 },
    { "bytes", 1 },
    { "KB", 1000 },
    { "k", 1024 },
    { "KiB", 1024 },
    { "MB", 1000 * 1000 },
    { "M", 1 << 20 },
    { "MiB", 1 << 20 },
    { "GB", 1000000000 },
    { "G", 1 << 30 },
    { "GiB", 1 << 30 },
    { "T", (uint64_t)1 << 40 },
    { "TiB", (uint64_t)1 << 40 },
};

/* <memory unit='KiB'>: MiB; false when it is not there. */
static bool mebibytes(struct xml *x, xmlNode *node, uint64_t *out)
{
    g_autofree char *text = xml_text(node);
    g_autofree char *unit = xml_attr(node, "unit");
    uint64_t n, bytes = 1024;
    if (!node)
        return false;
    for (unsigned i = 0; unit && i < G_N_ELEMENTS(units); i++)
        if (!strcmp(units[i].suffix, unit))
            bytes = units[i].bytes;
    if (!xml_number(text, &n) || n > INT64_MAX / bytes) {
        xml_warn(x, node, "<%s> is no amount of memory", node->name);
        return false;
    }
    *out = (n * bytes + (1 << 20) - 1) >> 20;
    return true;
}

static void memory(struct xml *x, xmlNode *root)
{
    uint64_t most = 0, now = 0;
    bool has_most = mebibytes(x, xml_child(root, "memory"), &most);
    bool has_now = mebibytes(x, xml_child(root, "currentMemory"), &now);
    if (has_now || has_most)
        cfgout_number(x->out, "memory", has_now ? now : most);
    if (has_most && has_now && most != now)
        cfgout_number(x->out, "maxmem", most);
}

static void processors(struct xml *x, xmlNode *root)
{
    xmlNode *vcpu = xml_child(root, "vcpu");
    g_autofree char *most = xml_text(vcpu);
    g_autofree char *now = xml_attr(vcpu, "current");
    g_autofree char *cpus = xml_attr(vcpu, "cpuset");
    uint64_t n;
    if (xml_number(now ? now : most, &n))
        cfgout_number(x->out, "vcpus", n);
    if (now && xml_number(most, &n))
        cfgout_number(x->out, "maxvcpus", n);
    cfgout_text(x->out, "cpus", cpus);
}

/* <cputune>: a vcpu that is not pinned may run everywhere. */
static void tuning(struct xml *x, xmlNode *root)
{
    xmlNode *tune = xml_child(root, "cputune");
    g_autofree char *shares = xml_child_text(tune, "shares");
    g_autoptr(GPtrArray) pins = g_ptr_array_new_with_free_func(g_free);
    uint64_t n;
    if (xml_number(shares, &n))
        cfgout_number(x->out, "cpu_weight", n);
    for (xmlNode *pin = xml_child(tune, "vcpupin"); pin; pin = xml_next(pin)) {
        g_autofree char *vcpu = xml_attr(pin, "vcpu");
        g_autofree char *set = xml_attr(pin, "cpuset");
        if (!set || !xml_number(vcpu, &n) || n > 4096) {
            xml_warn(x, pin, "<vcpupin> without vcpu= and cpuset= is left out");
            continue;
        }
        while (pins->len <= n)
            g_ptr_array_add(pins, g_strdup("all"));
        g_free(pins->pdata[n]);
        pins->pdata[n] = g_steal_pointer(&set);
    }
    cfgout_list(x->out, "cpus", pins);
}

/* xl.cfg's name of the type of guest. */
static const char *type_of(xmlNode *os)
{
    xmlNode *type = xml_child(os, "type");
    g_autofree char *text = xml_text(type);
    if (!text || !strcmp(text, "hvm"))
        return "hvm";
    if (!strcmp(text, "xenpvh") || xml_attr_is(type, "machine", "xenpvh"))
        return "pvh";
    return "pv"; /* "linux" and "xen" */
}

static void boot_order(struct xml *x, xmlNode *os)
{
    static const struct {
        const char *device;
        char letter;
    } devices[] = {
        { "fd", 'a' }, { "hd", 'c' }, { "cdrom", 'd' }, { "network", 'n' }
    };
    g_autoptr(GString) order = g_string_new(NULL);
    for (xmlNode *b = xml_child(os, "boot"); b; b = xml_next(b))
        for (unsigned i = 0; i < G_N_ELEMENTS(devices); i++)
            if (xml_attr_is(b, "dev", devices[i].device))
                g_string_append_c(order, devices[i].letter);
    if (order->len)
        cfgout_text(x->out, "boot", order->str);
}

static void start(struct xml *x, xmlNode *root, xmlNode *os, bool hvm)
{
    g_autofree char *kernel = xml_child_text(os, "kernel");
    g_autofree char *initrd = xml_child_text(os, "initrd");
    g_autofree char *line = xml_child_text(os, "cmdline");
    g_autofree char *loader = xml_child_text(os, "loader");
    g_autofree char *boot = xml_child_text(root, "bootloader");
    g_autofree char *args = xml_child_text(root, "bootloader_args");
    bool efi = xml_attr_is(os, "firmware", "efi") ||
               xml_attr_is(xml_child(os, "loader"), "type", "pflash") ||
               (loader && (strstr(loader, "OVMF") || strstr(loader, "ovmf")));
    cfgout_text(x->out, "kernel", kernel);
    cfgout_text(x->out, "ramdisk", initrd);
    cfgout_text(x->out, "cmdline", line);
    cfgout_text(x->out, "bootloader", boot);
    if (args) {
        g_autoptr(GPtrArray) list = g_ptr_array_new();
        g_ptr_array_add(list, args);
        cfgout_list(x->out, "bootloader_args", list);
    }
    if (hvm && efi)
        cfgout_text(x->out, "firmware", "ovmf");
    if (hvm)
        boot_order(x, os);
}

/* Elements of <features>: there means 1, state='off' 0; absent means off for
 * those that libvirt switches off then. */
static void features(struct xml *x, xmlNode *root, bool hvm)
{
    static const struct {
        const char *name;
        bool absent_is_off, on_anyway;
    } rows[] = { { "acpi", true, true },
                 { "apic", true, true },
                 { "pae", true, true },
                 { "hap", false, false },
                 { "viridian", false, false } };
    xmlNode *parent = xml_child(root, "features");
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        xmlNode *f = xml_child(parent, rows[i].name);
        bool on = f && !xml_attr_is(f, "state", "off");
        if (hvm && (f || rows[i].absent_is_off) && on != rows[i].on_anyway)
            cfgout_number(x->out, rows[i].name, on);
        else if (hvm && f && !on)
            cfgout_number(x->out, rows[i].name, 0);
    }
}

static void timer(struct xml *x, xmlNode *t)
{
    g_autofree char *mode = xml_attr(t, "mode");
    if (xml_attr_is(t, "name", "hpet"))
        cfgout_number(x->out, "hpet", !xml_attr_is(t, "present", "no"));
    else if (xml_attr_is(t, "name", "tsc"))
        cfgout_text(x->out, "tsc_mode",
                    !mode || !strcmp(mode, "auto") ? "default"
                    : !strcmp(mode, "emulate")     ? "always_emulate"
                    : !strcmp(mode, "paravirt")    ? "native_paravirt"
                                                   : "native");
    else
        xml_warn(x, t, "this <timer> has no counterpart in xl.cfg");
}

static void clock_of(struct xml *x, xmlNode *root)
{
    xmlNode *clock = xml_child(root, "clock");
    g_autofree char *offset = xml_attr(clock, "offset");
    g_autofree char *seconds = xml_attr(clock, "adjustment");
    if (offset && !strcmp(offset, "localtime"))
        cfgout_number(x->out, "localtime", 1);
    else if (offset && !strcmp(offset, "variable") && seconds)
        cfgout_text(x->out, "rtc_timeoffset", seconds); /* has a sign */
    else if (offset && strcmp(offset, "utc") && strcmp(offset, "variable"))
        xml_warn(x, clock, "<clock offset='%s'> has no counterpart in xl.cfg",
                 offset);
    for (xmlNode *t = xml_child(clock, "timer"); t; t = xml_next(t))
        timer(x, t);
}

static void ends(struct xml *x, xmlNode *root)
{
    static const char *const keys[] = { "on_poweroff", "on_reboot",
                                        "on_crash" };
    for (unsigned i = 0; i < G_N_ELEMENTS(keys); i++) {
        g_autofree char *action = xml_child_text(root, keys[i]);
        cfgout_text(x->out, keys[i], action);
    }
}

static void comment(struct xml *x, xmlNode *root, const char *name)
{
    g_autofree char *text = xml_child_text(root, name);
    g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
    for (char **l = lines; *l; l++)
        g_string_append_printf(x->out, "# %s\n", g_strstrip(*l));
}

static void domain(struct xml *x, xmlNode *root)
{
    g_autofree char *name = xml_child_text(root, "name");
    g_autofree char *uuid = xml_child_text(root, "uuid");
    xmlNode *os = xml_child(root, "os");
    const char *type = type_of(os);
    bool hvm = !strcmp(type, "hvm");
    comment(x, root, "title");
    comment(x, root, "description");
    cfgout_text(x->out, "name", name ? name : "unnamed");
    cfgout_text(x->out, "uuid", uuid);
    cfgout_text(x->out, "type", type);
    memory(x, root);
    processors(x, root);
    tuning(x, root);
    start(x, root, os, hvm);
    features(x, root, hvm);
    clock_of(x, root);
    ends(x, root);
    libvirt_in_devices(x, xml_child(root, "devices"), hvm);
}

int convert_from_libvirt(const char *file, const char *text, size_t len,
                         GString *out, struct diags *diags, struct err *err)
{
    struct xml x;
    if (xml_open(&x, file, text, len, out, diags, err))
        return -1;
    xmlNode *root = libxml.xmlDocGetRootElement(x.doc);
    int r = 0;
    if (xml_is(root, "domain")) {
        domain(&x, root);
        xml_warn_unused(&x, harmless, "xl.cfg");
    } else {
        r = err_set(err, ERR_CONFIG,
                    "%s: <%s> is not the definition of a "
                    "libvirt domain",
                    file, root->name);
        err_hint(err, "`virsh dumpxml NAME` writes one.");
    }
    xml_close(&x);
    return r;
}
