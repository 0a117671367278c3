/* xl.cfg -> libvirt's domain XML: all but the devices (beside way A). */
#include "convert/libvirt_out.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "convert/convert.h"
#include "dom/dom.h"

/* Keys whose meaning is in the XML (where only a part is, the part that is not
 * is named where it is left out). */
static const char *const carried[] = { "name",
                                       "uuid",
                                       "type",
                                       "builder",
                                       "memory",
                                       "maxmem",
                                       "vcpus",
                                       "maxvcpus",
                                       "cpus",
                                       "cpu_weight",
                                       "kernel",
                                       "ramdisk",
                                       "cmdline",
                                       "root",
                                       "extra",
                                       "bootloader",
                                       "bootloader_args",
                                       "firmware",
                                       "bios",
                                       "boot",
                                       "acpi",
                                       "apic",
                                       "pae",
                                       "hap",
                                       "viridian",
                                       "localtime",
                                       "rtc_timeoffset",
                                       "hpet",
                                       "tsc_mode",
                                       "on_poweroff",
                                       "on_reboot",
                                       "on_crash",
                                       "disk",
                                       "vif",
                                       "pci",
                                       "vnc",
                                       "vnclisten",
                                       "vncdisplay",
                                       "vncunused",
                                       "vncpasswd",
                                       "keymap",
                                       "sdl",
                                       "vfb",
                                       "vga",
                                       "stdvga",
                                       "videoram",
                                       "serial",
                                       "usb",
                                       "usbdevice",
                                       "soundhw",
                                       "device_model_override",
                                       NULL };

void libvirt_out_warn(struct libvirt_out *o, const char *key, int i,
                      const char *fmt, ...)
{
    const struct cfg_setting *s = cfg_find(o->cfg, key);
    struct diag_pos pos = { o->cfg->file, 0, 0, 0 };
    const struct cfg_node *n = s ? s->value : NULL;
    if (n && i >= 0 && n->kind == CFG_LIST && (guint)i < n->items->len)
        n = n->items->pdata[i];
    if (s)
        pos = i < 0 ? s->pos : n->pos;
    va_list al;
    va_start(al, fmt);
    diag_take(&o->cfg->diags, DIAG_WARNING, "no-counterpart", pos,
              g_strdup_vprintf(fmt, al), NULL);
    va_end(al);
}

static void name_what_is_lost(struct libvirt_out *o)
{
    for (guint i = 0; i < o->cfg->settings->len; i++) {
        const struct cfg_setting *s = o->cfg->settings->pdata[i];
        if (s->used && !g_strv_contains(carried, s->name))
            libvirt_out_warn(o, s->name, -1,
                             "%s= has no counterpart in libvirt's XML",
                             s->name);
    }
}

static void number(struct libvirt_out *o, const char *name, const char *attr,
                   const char *value, uint64_t n)
{
    g_autofree char *text = g_strdup_printf("%" PRIu64, n);
    g_string_append_printf(o->x.out, "%*s<%s", o->x.depth * 2, "", name);
    if (attr)
        g_string_append_printf(o->x.out, " %s='%s'", attr, value);
    g_string_append_printf(o->x.out, ">%s</%s>\n", text, name);
}

static void identity(struct libvirt_out *o)
{
    const libxl_domain_create_info *c = &o->config->c_info;
    xmlout_text(&o->x, "name", c->name);
    if (cfg_find(o->cfg, "uuid")) {
        g_autofree char *uuid =
            g_strdup_printf(LIBXL_UUID_FMT, LIBXL_UUID_BYTES(c->uuid));
        xmlout_text(&o->x, "uuid", uuid);
    }
}

static void size(struct libvirt_out *o)
{
    const libxl_domain_build_info *b = &o->config->b_info;
    uint64_t now = b->target_memkb, most = b->max_memkb;
    if (most == LIBXL_MEMKB_DEFAULT)
        most = now;
    if (now == LIBXL_MEMKB_DEFAULT)
        now = most;
    if (now == LIBXL_MEMKB_DEFAULT)
        now = most = 32 * 1024; /* what libxl takes then */
    number(o, "memory", "unit", "KiB", most);
    number(o, "currentMemory", "unit", "KiB", now);
    unsigned online = libxl_bitmap_count_set(&b->avail_vcpus);
    unsigned all = b->max_vcpus > 0 ? (unsigned)b->max_vcpus : 1;
    g_autofree char *current =
        online && online < all ? g_strdup_printf("%u", online) : NULL;
    number(o, "vcpu", current ? "current" : NULL, current, all);
}

static char *set_of(const libxl_bitmap *map)
{
    GString *s = g_string_new(NULL);
    uint32_t cpu;
    libxl_for_each_set_bit(cpu, *map)
        g_string_append_printf(s, "%s%u", s->len ? "," : "", cpu);
    return g_string_free(s, FALSE);
}

static void tuning(struct libvirt_out *o)
{
    const libxl_domain_build_info *b = &o->config->b_info;
    int weight = b->sched_params.weight;
    if (weight <= 0 && !b->num_vcpu_hard_affinity)
        return;
    xmlout_open(&o->x, "cputune", NULL);
    if (weight > 0)
        number(o, "shares", NULL, NULL, (uint64_t)weight);
    for (int i = 0; i < b->num_vcpu_hard_affinity; i++) {
        g_autofree char *set = set_of(&b->vcpu_hard_affinity[i]);
        g_autofree char *vcpu = g_strdup_printf("%d", i);
        if (*set)
            xmlout_empty(&o->x, "vcpupin", "vcpu", vcpu, "cpuset", set, NULL);
    }
    xmlout_close(&o->x, "cputune");
}

static void boot_order(struct libvirt_out *o)
{
    const char *order = o->config->b_info.u.hvm.boot;
    for (; order && *order; order++)
        xmlout_empty(&o->x, "boot", "dev",
                     *order == 'a'   ? "fd"
                     : *order == 'd' ? "cdrom"
                     : *order == 'n' ? "network"
                                     : "hd",
                     NULL);
}

static void start(struct libvirt_out *o)
{
    const libxl_domain_build_info *b = &o->config->b_info;
    libxl_domain_type type = o->config->c_info.type;
    bool hvm = type == LIBXL_DOMAIN_TYPE_HVM;
    g_autofree char *args =
        b->bootloader_args ? g_strjoinv(" ", b->bootloader_args) : NULL;
    xmlout_text(&o->x, "bootloader", b->bootloader);
    xmlout_text(&o->x, "bootloader_args", args);
    xmlout_open(&o->x, "os", NULL);
    g_string_append_printf(o->x.out,
                           "    <type arch='x86_64' machine='%s'>%s</type>\n",
                           hvm                             ? "xenfv"
                           : type == LIBXL_DOMAIN_TYPE_PVH ? "xenpvh"
                                                           : "xenpv",
                           hvm                             ? "hvm"
                           : type == LIBXL_DOMAIN_TYPE_PVH ? "xenpvh"
                                                           : "linux");
    if (hvm && b->u.hvm.bios == LIBXL_BIOS_TYPE_OVMF)
        g_string_append(o->x.out, "    <loader readonly='yes' type='pflash'>"
                                  "/usr/lib/xen-common/boot/ovmf.bin"
                                  "</loader>\n");
    else if (hvm && b->u.hvm.bios && b->u.hvm.bios != LIBXL_BIOS_TYPE_SEABIOS)
        libvirt_out_warn(o, "bios", -1, "libvirt knows this bios= not");
    xmlout_text(&o->x, "kernel", b->kernel);
    xmlout_text(&o->x, "initrd", b->ramdisk);
    xmlout_text(&o->x, "cmdline", b->cmdline);
    if (hvm)
        boot_order(o);
    xmlout_close(&o->x, "os");
}

static bool on(libxl_defbool b, bool otherwise)
{
    return libxl_defbool_is_default(b) ? otherwise : libxl_defbool_val(b);
}

static void features(struct libvirt_out *o)
{
    libxl_domain_build_info *b = &o->config->b_info;
    if (o->config->c_info.type != LIBXL_DOMAIN_TYPE_HVM)
        return;
    xmlout_open(&o->x, "features", NULL);
    if (on(b->acpi, true))
        xmlout_empty(&o->x, "acpi", NULL);
    if (on(b->apic, true))
        xmlout_empty(&o->x, "apic", NULL);
    if (on(b->u.hvm.pae, true))
        xmlout_empty(&o->x, "pae", NULL);
    if (!libxl_defbool_is_default(o->config->c_info.hap))
        xmlout_empty(&o->x, "hap", "state",
                     on(o->config->c_info.hap, true) ? "on" : "off", NULL);
    if (on(b->u.hvm.viridian, false))
        xmlout_empty(&o->x, "viridian", NULL);
    xmlout_close(&o->x, "features");
}

static void clock_of(struct libvirt_out *o)
{
    static const char *const modes[] = { "auto", "emulate", "native",
                                         "paravirt" };
    libxl_domain_build_info *b = &o->config->b_info;
    bool hvm = o->config->c_info.type == LIBXL_DOMAIN_TYPE_HVM;
    g_autofree char *seconds =
        b->rtc_timeoffset ? g_strdup_printf("%d", b->rtc_timeoffset) : NULL;
    xmlout_open(&o->x, "clock", "offset",
                seconds                   ? "variable"
                : on(b->localtime, false) ? "localtime"
                                          : "utc",
                "adjustment", seconds ? seconds : "reset", NULL);
    if (hvm && !libxl_defbool_is_default(b->u.hvm.hpet))
        xmlout_empty(&o->x, "timer", "name", "hpet", "present",
                     on(b->u.hvm.hpet, true) ? "yes" : "no", NULL);
    if (cfg_find(o->cfg, "tsc_mode") && (unsigned)b->tsc_mode < 4)
        xmlout_empty(&o->x, "timer", "name", "tsc", "mode", modes[b->tsc_mode],
                     NULL);
    xmlout_close(&o->x, "clock");
}

/* libvirt names the actions with "-" as well; soft-reset it does not know. */
static void ends(struct libvirt_out *o)
{
    const libxl_domain_config *c = o->config;
    const struct {
        const char *name;
        libxl_action_on_shutdown action;
    } rows[] = { { "on_poweroff", c->on_poweroff },
                 { "on_reboot", c->on_reboot },
                 { "on_crash", c->on_crash } };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text =
            g_strdup(libxl_action_on_shutdown_to_string(rows[i].action));
        bool renamed =
            rows[i].action == LIBXL_ACTION_ON_SHUTDOWN_RESTART_RENAME;
        if (rows[i].action == LIBXL_ACTION_ON_SHUTDOWN_SOFT_RESET)
            libvirt_out_warn(o, rows[i].name, -1,
                             "%s=\"soft-reset\" has no counterpart in "
                             "libvirt's XML",
                             rows[i].name);
        else
            xmlout_text(&o->x, rows[i].name,
                        renamed ? "rename-restart"
                        : text  ? g_strdelimit(text, "_", '-')
                                : NULL);
    }
}

static void write_domain(struct libvirt_out *o)
{
    xmlout_open(&o->x, "domain", "type", "xen", NULL);
    identity(o);
    size(o);
    tuning(o);
    start(o);
    features(o);
    clock_of(o);
    ends(o);
    libvirt_out_devices(o);
    xmlout_close(&o->x, "domain");
    name_what_is_lost(o);
}

int convert_to_libvirt(const char *file, const char *text, size_t len,
                       GString *out, struct diags *diags, struct err *err)
{
    const struct dom_host unknown = { 0 };
    libxl_domain_config config;
    struct cfg *cfg = cfg_parse(file, text, len, NULL);
    struct libvirt_out o = { { out, 0 }, cfg, &config };
    int r = dom_config_from_cfg(cfg, &unknown, &config);
    if (r)
        err_set(err, ERR_CONFIG, "%s is refused", file);
    else
        write_domain(&o);
    libxl_domain_config_dispose(&config);
    /* the sources that the findings show go along */
    diags_dispose(diags);
    *diags = cfg->diags;
    cfg->diags = (struct diags){ 0 };
    cfg_free(cfg);
    return r ? -1 : 0;
}
