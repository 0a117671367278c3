/* From a VM record to libxl_domain_config; pure (way B). */
#include "driver/vm_config.h"

#include <libxl_utils.h>
#include <stdlib.h>
#include <string.h>

/* ---- fields of the record ---------------------------------------------------
 */

static const char *text(const struct value *vm, const char *field)
{
    const char *s = value_get_string(value_find(vm, field));
    return s ? s : "";
}

static int64_t number(const struct value *vm, const char *field)
{
    return value_get_int(value_find(vm, field));
}

/* Member of a map of strings, or NULL. */
static const char *member(const struct value *vm, const char *field,
                          const char *key)
{
    return value_get_string(value_find(value_find(vm, field), key));
}

static bool is_true(const char *s)
{
    return s && (!strcmp(s, "true") || !strcmp(s, "1") || !strcmp(s, "t") ||
                 !strcmp(s, "yes") || !strcmp(s, "y") || !strcmp(s, "on"));
}

static char *copy(const char *s)
{
    return s && *s ? strdup(s) : NULL;
}

/* libxl frees with free(), GLib's memory is malloc's. */
static char **list_of_one(const char *s)
{
    char **list = calloc(2, sizeof *list);
    list[0] = strdup(s);
    return list;
}

static void add_pair(libxl_key_value_list *list, const char *key,
                     const char *item)
{
    size_t n = 0;
    while (*list && (*list)[n])
        n += 2;
    *list = realloc(*list, (n + 3) * sizeof **list);
    (*list)[n] = strdup(key);
    (*list)[n + 1] = strdup(item);
    (*list)[n + 2] = NULL;
}

/* ---- kinds of guests
 * ---------------------------------------------------------- */

libxl_domain_type vm_config_type(const struct value *vm)
{
    const char *t = text(vm, "domain_type");
    if (!strcmp(t, "hvm"))
        return LIBXL_DOMAIN_TYPE_HVM;
    if (!strcmp(t, "pvh") || !strcmp(t, "pv_in_pvh"))
        return LIBXL_DOMAIN_TYPE_PVH;
    if (!strcmp(t, "pv"))
        return LIBXL_DOMAIN_TYPE_PV;
    return *text(vm, "HVM_boot_policy") ? LIBXL_DOMAIN_TYPE_HVM
                                        : LIBXL_DOMAIN_TYPE_PV;
}

static int set_identity(const struct value *vm, libxl_domain_config *c,
                        struct err *err)
{
    libxl_domain_create_info *i = &c->c_info;
    i->type = vm_config_type(vm);
    i->name = strdup(*text(vm, "name_label") ? text(vm, "name_label")
                                             : text(vm, "uuid"));
    libxl_defbool_set(&i->run_hotplug_scripts, true);
    if (libxl_uuid_from_string(&i->uuid, text(vm, "uuid")))
        return err_set(err, ERR_CONFIG, "uuid \"%s\" is not a UUID",
                       text(vm, "uuid"));
    add_pair(&i->xsdata, VM_MARK, "1");
    const struct value *data = value_find(vm, "xenstore_data");
    for (size_t k = 0; k < value_count(data); k++)
        if (g_str_has_prefix(value_key_at(data, k), "vm-data"))
            add_pair(&i->xsdata, value_key_at(data, k),
                     value_get_string(value_item_at(data, k)));
    const struct value *platform = value_find(vm, "platform");
    for (size_t k = 0; k < value_count(platform); k++)
        add_pair(&i->platformdata, value_key_at(platform, k),
                 value_get_string(value_item_at(platform, k)));
    return 0;
}

/* ---- memory and processors
 * ------------------------------------------------------ */

static int set_memory(const struct value *vm, libxl_domain_build_info *b,
                      struct err *err)
{
    int64_t max = number(vm, "memory_static_max");
    int64_t target = number(vm, "memory_dynamic_max");
    if (max < 4096)
        return err_set(err, ERR_CONFIG,
                       "memory_static_max is %" G_GINT64_FORMAT
                       " bytes, too little for a guest",
                       max);
    b->max_memkb = (uint64_t)max / 1024;
    b->target_memkb =
        target > 0 && target < max ? (uint64_t)target / 1024 : b->max_memkb;
    return 0;
}

/* "mask" of VCPUs_params: numbers of processors, "0,2,3". */
static int set_affinity(const char *mask, libxl_domain_build_info *b,
                        struct err *err)
{
    g_auto(GStrv) parts = g_strsplit(mask, ",", -1);
    unsigned long cpus[1024], top = 0;
    size_t n = 0;
    for (int i = 0; parts[i]; i++) {
        char *end;
        const char *s = g_strstrip(parts[i]);
        unsigned long cpu = strtoul(s, &end, 10);
        if (end == s || *end || cpu > 4095 || n == G_N_ELEMENTS(cpus))
            return err_set(err, ERR_CONFIG,
                           "VCPUs_params:mask \"%s\" is not a list of "
                           "processor numbers",
                           mask);
        cpus[n++] = cpu;
        top = MAX(top, cpu);
    }
    b->num_vcpu_hard_affinity = b->max_vcpus;
    b->vcpu_hard_affinity =
        calloc((size_t)b->max_vcpus, sizeof *b->vcpu_hard_affinity);
    for (int v = 0; v < b->max_vcpus; v++) {
        libxl_bitmap *m = &b->vcpu_hard_affinity[v];
        libxl_bitmap_init(m);
        m->size = (uint32_t)(top / 8 + 1);
        m->map = calloc(m->size, 1);
        for (size_t i = 0; i < n; i++)
            libxl_bitmap_set(m, (int)cpus[i]);
    }
    libxl_defbool_set(&b->numa_placement, false);
    return 0;
}

static int set_vcpus(const struct value *vm, libxl_domain_build_info *b,
                     struct err *err)
{
    int64_t max = number(vm, "VCPUs_max");
    int64_t start = number(vm, "VCPUs_at_startup");
    const char *weight = member(vm, "VCPUs_params", "weight");
    const char *cap = member(vm, "VCPUs_params", "cap");
    const char *mask = member(vm, "VCPUs_params", "mask");
    if (max < 1 || max > 512)
        return err_set(err, ERR_CONFIG, "VCPUs_max is %" G_GINT64_FORMAT, max);
    start = CLAMP(start, 1, max);
    b->max_vcpus = (int)max;
    b->avail_vcpus.size = (uint32_t)(max + 7) / 8;
    b->avail_vcpus.map = calloc(b->avail_vcpus.size, 1);
    for (int i = 0; i < start; i++)
        libxl_bitmap_set(&b->avail_vcpus, i);
    if (weight)
        b->sched_params.weight = atoi(weight);
    if (cap)
        b->sched_params.cap = atoi(cap);
    return mask && *mask ? set_affinity(mask, b, err) : 0;
}

/* ---- what all kinds share
 * -------------------------------------------------------- */

static void set_common(const struct value *vm, libxl_domain_build_info *b)
{
    const char *tsc = member(vm, "platform", "tsc_mode");
    const char *offset = member(vm, "platform", "timeoffset");
    if (tsc && *tsc >= '0' && *tsc <= '3' && !tsc[1])
        b->tsc_mode = (libxl_tsc_mode)(*tsc - '0');
    if (offset)
        b->rtc_timeoffset = (uint32_t)strtol(offset, NULL, 10);
    if (is_true(member(vm, "platform", "nomigrate")))
        libxl_defbool_set(&b->disable_migrate, true);
}

/* Kernel or boot loader of PV and PVH guests. */
static int set_boot(const struct value *vm, libxl_domain_build_info *b,
                    struct err *err)
{
    const char *loader = text(vm, "PV_bootloader");
    const char *args = text(vm, "PV_bootloader_args");
    g_autofree char *line = g_strdup_printf(
        "%s%s%s", text(vm, "PV_args"), *text(vm, "PV_legacy_args") ? " " : "",
        text(vm, "PV_legacy_args"));
    b->kernel = copy(text(vm, "PV_kernel"));
    b->ramdisk = copy(text(vm, "PV_ramdisk"));
    b->cmdline = copy(line);
    if (b->kernel)
        return 0;
    if (!*loader)
        return err_set(err, ERR_CONFIG,
                       "neither PV_kernel nor PV_bootloader is set, so the "
                       "guest has nothing to boot");
    /* eliloader: the installer's part is not needed here */
    b->bootloader = strdup(strcmp(loader, "eliloader") ? loader : "pygrub");
    if (*args)
        b->bootloader_args = list_of_one(args);
    return 0;
}

/* ---- HVM
 * ---------------------------------------------------------------------------
 */

static void set_defbool(libxl_defbool *out, const char *s)
{
    if (s)
        libxl_defbool_set(out, is_true(s));
}

static void set_display(const struct value *vm, libxl_domain_build_info *b)
{
    const char *vga = member(vm, "platform", "vga");
    const char *ram = member(vm, "platform", "videoram");
    bool none = vga && !strcmp(vga, "none"); /* its console is serial then */
    b->u.hvm.vga.kind = none ? LIBXL_VGA_INTERFACE_TYPE_NONE
                        : vga && !strcmp(vga, "cirrus")
                            ? LIBXL_VGA_INTERFACE_TYPE_CIRRUS
                            : LIBXL_VGA_INTERFACE_TYPE_STD;
    if (ram && atoi(ram) > 0)
        b->video_memkb = (uint64_t)MAX(atoi(ram), 8) * 1024;
    libxl_defbool_set(&b->u.hvm.vnc.enable, !none);
    if (none)
        return;
    libxl_defbool_set(&b->u.hvm.vnc.findunused, true);
    b->u.hvm.vnc.listen = strdup("127.0.0.1");
    b->u.hvm.keymap = copy(member(vm, "platform", "keymap"));
}

/* c of the boot order stands for disk, d CD, n network. */
static void set_firmware(const struct value *vm, libxl_domain_build_info *b)
{
    const char *order = member(vm, "HVM_boot_params", "order");
    const char *firmware = member(vm, "HVM_boot_params", "firmware");
    b->u.hvm.boot = strdup(order && *order ? order : "cd");
    b->u.hvm.bios = firmware && !strcmp(firmware, "uefi")
                        ? LIBXL_BIOS_TYPE_OVMF
                        : LIBXL_BIOS_TYPE_SEABIOS;
}

static const char *half(const char *p, libxl_ms_vm_genid *id, int at)
{
    char *end;
    uint64_t n = g_ascii_strtoull(p, &end, 10);
    memcpy(&id->bytes[at], &n, sizeof n);
    return end;
}

/* "123:456": two decimal halves; "0:0" is none. */
static void set_generation(const struct value *vm, libxl_domain_build_info *b)
{
    const char *s = text(vm, "generation_id");
    if (!*s || !strcmp(s, "0:0"))
        return;
    const char *rest = half(s, &b->u.hvm.ms_vm_genid, 0);
    if (*rest == ':')
        half(rest + 1, &b->u.hvm.ms_vm_genid, 8);
}

static void set_devices(const struct value *vm, libxl_domain_build_info *b)
{
    const char *tablet = member(vm, "platform", "usb_tablet");
    const char *usb = member(vm, "platform", "usb");
    const char *hole = member(vm, "platform", "mmio_size_mib");
    b->u.hvm.serial = strdup("pty");
    if ((!usb || is_true(usb)) && (!tablet || is_true(tablet))) {
        libxl_defbool_set(&b->u.hvm.usb, true);
        b->u.hvm.usbdevice_list = list_of_one("tablet");
    }
    if (hole && atoi(hole) >= 256)
        b->u.hvm.mmio_hole_memkb = (uint64_t)atoi(hole) * 1024;
}

/* Keys of platform that are flags of libxl. */
static void set_flags(const struct value *vm, libxl_domain_build_info *b)
{
    const struct {
        const char *key;
        libxl_defbool *flag;
    } rows[] = {
        { "acpi", &b->acpi },
        { "apic", &b->apic },
        { "nested-virt", &b->nested_hvm },
        { "pae", &b->u.hvm.pae },
        { "nx", &b->u.hvm.nx },
        { "hpet", &b->u.hvm.hpet },
        { "viridian", &b->u.hvm.viridian },
        { "acpi_s3", &b->u.hvm.acpi_s3 },
        { "acpi_s4", &b->u.hvm.acpi_s4 },
        { "acpi_laptop_slate", &b->u.hvm.acpi_laptop_slate },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        set_defbool(rows[i].flag, member(vm, "platform", rows[i].key));
}

static void set_hvm(const struct value *vm, libxl_domain_build_info *b)
{
    set_firmware(vm, b);
    set_display(vm, b);
    set_devices(vm, b);
    set_flags(vm, b);
    set_generation(vm, b);
}

/* ---- devices
 * -------------------------------------------------------------------- */

int vm_config_disk(const struct disk_spec *s, libxl_device_disk *d,
                   struct err *err)
{
    static const struct {
        const char *name;
        libxl_disk_format format;
    } formats[] = {
        { "raw", LIBXL_DISK_FORMAT_RAW },
        { "qcow2", LIBXL_DISK_FORMAT_QCOW2 },
        { "vhd", LIBXL_DISK_FORMAT_VHD },
    };
    libxl_device_disk_init(d);
    d->vdev = strdup(s->vdev);
    d->pdev_path = copy(s->path);
    d->script = copy(s->script);
    d->is_cdrom = s->cdrom;
    d->removable = s->cdrom;
    d->readwrite = !s->readonly && !s->cdrom;
    if (!s->path) {
        d->format = LIBXL_DISK_FORMAT_EMPTY;
        return 0;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
        if (!strcmp(formats[i].name, s->format)) {
            d->format = formats[i].format;
            return 0;
        }
    return err_set(err, ERR_CONFIG, "disk %s has the unknown format %s",
                   s->vdev, s->format);
}

int vm_config_nic(const struct nic_spec *s, libxl_device_nic *n,
                  struct err *err)
{
    unsigned m[6];
    libxl_device_nic_init(n);
    if (sscanf(s->mac, "%2x:%2x:%2x:%2x:%2x:%2x", &m[0], &m[1], &m[2], &m[3],
               &m[4], &m[5]) != 6)
        return err_set(err, ERR_CONFIG, "\"%s\" is not a MAC address", s->mac);
    for (int i = 0; i < 6; i++)
        n->mac[i] = (uint8_t)m[i];
    n->devid = s->devid;
    n->bridge = copy(s->bridge);
    n->script = copy(s->script);
    n->model = copy(s->model);
    n->mtu = s->mtu ? s->mtu : 1500;
    if (s->rate_kib) {
        n->rate_interval_usecs = 50000;
        n->rate_bytes_per_interval = s->rate_kib * 1024 / 20;
    }
    return 0;
}

/* libxl takes the device from its driver in Dom0. */
static int set_pci(const char *address, libxl_device_pci *p, struct err *err)
{
    unsigned domain, bus, dev, fn;
    libxl_device_pci_init(p);
    if (sscanf(address, "%x:%x:%x.%x", &domain, &bus, &dev, &fn) != 4)
        return err_set(err, ERR_CONFIG, "\"%s\" is not a PCI address", address);
    p->domain = (int)domain;
    p->bus = (uint8_t)bus;
    p->dev = (uint8_t)dev;
    p->func = (uint8_t)fn;
    p->seize = true;
    return 0;
}

static int set_all_pcis(const struct vm_spec *spec, libxl_domain_config *c,
                        struct err *err)
{
    c->pcidevs = calloc(spec->n_pcis + 1, sizeof *c->pcidevs);
    for (size_t i = 0; i < spec->n_pcis; i++, c->num_pcidevs++)
        if (set_pci(spec->pcis[i], &c->pcidevs[i], err) < 0)
            return -1;
    if (spec->n_pcis && c->c_info.type == LIBXL_DOMAIN_TYPE_PV)
        libxl_defbool_set(&c->b_info.u.pv.e820_host, true);
    return 0;
}

static int set_all_devices(const struct vm_spec *spec, libxl_domain_config *c,
                           struct err *err)
{
    c->disks = calloc(spec->n_disks + 1, sizeof *c->disks);
    for (size_t i = 0; i < spec->n_disks; i++, c->num_disks++)
        if (vm_config_disk(&spec->disks[i], &c->disks[i], err) < 0)
            return -1;
    c->nics = calloc(spec->n_nics + 1, sizeof *c->nics);
    for (size_t i = 0; i < spec->n_nics; i++, c->num_nics++)
        if (vm_config_nic(&spec->nics[i], &c->nics[i], err) < 0)
            return -1;
    return set_all_pcis(spec, c, err);
}

/* ---- all of it
 * ------------------------------------------------------------------ */

static libxl_action_on_shutdown action(const struct value *vm,
                                       const char *field)
{
    const char *s = text(vm, field);
    if (!strcmp(s, "restart") || !strcmp(s, "rename_restart") ||
        !strcmp(s, "coredump_and_restart"))
        return LIBXL_ACTION_ON_SHUTDOWN_RESTART;
    return !strcmp(s, "preserve") ? LIBXL_ACTION_ON_SHUTDOWN_PRESERVE
                                  : LIBXL_ACTION_ON_SHUTDOWN_DESTROY;
}

int vm_config_build(const struct vm_spec *spec, libxl_domain_config *out,
                    struct err *err)
{
    const struct value *vm = spec->vm;
    libxl_domain_build_info *b = &out->b_info;
    libxl_domain_config_init(out);
    if (set_identity(vm, out, err) < 0)
        return -1;
    libxl_domain_build_info_init_type(b, out->c_info.type);
    out->on_poweroff = action(vm, "actions_after_shutdown");
    out->on_reboot = action(vm, "actions_after_reboot");
    out->on_crash = action(vm, "actions_after_crash");
    if (set_memory(vm, b, err) < 0 || set_vcpus(vm, b, err) < 0)
        return -1;
    set_common(vm, b);
    if (out->c_info.type == LIBXL_DOMAIN_TYPE_HVM)
        set_hvm(vm, b);
    else if (set_boot(vm, b, err) < 0)
        return -1;
    if (!strcmp(text(vm, "domain_type"), "pv_in_pvh"))
        libxl_defbool_set(&b->u.pvh.pvshim, true);
    return set_all_devices(spec, out, err);
}
