/* Which guests there are and what they consist of (way B). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/qdisk.h"
#include "driver/vm_config.h"
#include "driver/vm_libxl.h"

static void close_op(struct xen *x)
{
    xen_close(x);
}
#define XEN_AUTO __attribute__((cleanup(close_op))) struct xen

/* ---- the list
 * ----------------------------------------------------------------- */

static enum vm_end end_of(const libxl_dominfo *i)
{
    if (!i->shutdown)
        return VM_END_NONE;
    switch (i->shutdown_reason) {
    case LIBXL_SHUTDOWN_REASON_REBOOT:
    case LIBXL_SHUTDOWN_REASON_SOFT_RESET:
        return VM_END_REBOOT;
    case LIBXL_SHUTDOWN_REASON_SUSPEND:
        return VM_END_SUSPEND;
    case LIBXL_SHUTDOWN_REASON_CRASH:
    case LIBXL_SHUTDOWN_REASON_WATCHDOG:
        return VM_END_CRASH;
    default:
        return VM_END_POWEROFF;
    }
}

static const char *type_name(libxl_domain_type t)
{
    return t == LIBXL_DOMAIN_TYPE_HVM   ? "hvm"
           : t == LIBXL_DOMAIN_TYPE_PVH ? "pvh"
                                        : "pv";
}

static bool is_ours(struct xs_handle *xs, uint32_t domid)
{
    char path[64];
    unsigned len;
    g_snprintf(path, sizeof path, "/local/domain/%u/" VM_MARK, domid);
    char *s = xs ? xs_read(xs, XBT_NULL, path, &len) : NULL;
    free(s);
    return s;
}

static void fill(struct xen *x, struct xs_handle *xs, const libxl_dominfo *i,
                 struct vm_info *out)
{
    char *name = libxl_domid_to_name(x->ctx, i->domid);
    *out = (struct vm_info){
        .domid = i->domid,
        .state = i->dying      ? VM_DYING
                 : i->shutdown ? VM_SHUTDOWN
                 : i->paused   ? VM_PAUSED
                               : VM_RUNNING,
        .end = end_of(i),
        .type = type_name(i->domain_type),
        .memory_bytes = (i->current_memkb + i->outstanding_memkb) * 1024,
        .max_memory_bytes = i->max_memkb * 1024,
        .vcpus = i->vcpu_online,
        .vcpus_max = i->vcpu_max_id + 1,
        .cpu_time_ns = i->cpu_time,
        .ours = is_ours(xs, i->domid),
    };
    g_strlcpy(out->name, name ? name : "", sizeof out->name);
    g_snprintf(out->uuid, sizeof out->uuid, LIBXL_UUID_FMT,
               LIBXL_UUID_BYTES(i->uuid));
    free(name);
}

GArray *driver_list(struct driver *d, struct err *err)
{
    XEN_AUTO x = { 0 };
    (void)d;
    if (vm_op_open(&x, err) < 0)
        return NULL;
    int n = 0;
    libxl_dominfo *list = libxl_list_domain(x.ctx, &n);
    if (!list) {
        xen_fail(&x, err, ERROR_FAIL, "cannot list the domains");
        return NULL;
    }
    struct xs_handle *xs = xs_open(0);
    GArray *out =
        g_array_sized_new(FALSE, TRUE, sizeof(struct vm_info), (guint)n);
    for (int i = 0; i < n; i++) {
        struct vm_info info;
        fill(&x, xs, &list[i], &info);
        g_array_append_val(out, info);
    }
    if (xs)
        xs_close(xs);
    libxl_dominfo_list_free(list, n);
    return out;
}

int driver_info(struct driver *d, uint32_t domid, struct vm_info *out,
                struct err *err)
{
    g_autoptr(GArray) list = driver_list(d, err);
    for (guint i = 0; list && i < list->len; i++) {
        const struct vm_info *v = &g_array_index(list, struct vm_info, i);
        if (v->domid != domid)
            continue;
        *out = *v;
        return 0;
    }
    return list ? err_set(err, ERR_NOENT, "there is no domain %u", domid) : -1;
}

/* ---- a guest that somebody else started
 * ----------------------------------------- */

static void put(struct value *vm, const char *field, const char *text)
{
    if (text)
        value_set(vm, field, value_string(text));
}

static void describe_boot(const libxl_domain_build_info *b, struct value *vm)
{
    if (b->type == LIBXL_DOMAIN_TYPE_HVM) {
        struct value *params = value_object();
        put(params, "order", b->u.hvm.boot ? b->u.hvm.boot : "cd");
        put(params, "firmware",
            b->u.hvm.bios == LIBXL_BIOS_TYPE_OVMF ? "uefi" : "bios");
        value_set(vm, "HVM_boot_params", params);
        put(vm, "HVM_boot_policy", "BIOS order");
        return;
    }
    put(vm, "PV_kernel", b->kernel ? b->kernel : "");
    put(vm, "PV_ramdisk", b->ramdisk ? b->ramdisk : "");
    put(vm, "PV_args", b->cmdline ? b->cmdline : "");
    put(vm, "PV_bootloader", b->bootloader ? b->bootloader : "");
}

static const char *action_name(libxl_action_on_shutdown a)
{
    return a == LIBXL_ACTION_ON_SHUTDOWN_RESTART ? "restart" : "destroy";
}

static void describe_vm(const libxl_domain_config *c, struct value *vm)
{
    const libxl_domain_build_info *b = &c->b_info;
    int64_t max = (int64_t)b->max_memkb * 1024;
    int64_t target = b->target_memkb && b->target_memkb != LIBXL_MEMKB_DEFAULT
                         ? (int64_t)b->target_memkb * 1024
                         : max;
    put(vm, "name_label", c->c_info.name);
    put(vm, "domain_type", type_name(b->type));
    value_set(vm, "memory_static_max", value_int(max));
    value_set(vm, "memory_static_min", value_int(MIN(target, 16 << 20)));
    value_set(vm, "memory_dynamic_max", value_int(target));
    value_set(vm, "memory_dynamic_min", value_int(target));
    value_set(vm, "VCPUs_max", value_int(b->max_vcpus));
    value_set(vm, "VCPUs_at_startup", value_int(b->max_vcpus));
    put(vm, "actions_after_shutdown", action_name(c->on_poweroff));
    put(vm, "actions_after_reboot", action_name(c->on_reboot));
    put(vm, "actions_after_crash", action_name(c->on_crash));
    describe_boot(b, vm);
}

static const char *format_name(libxl_disk_format f)
{
    return f == LIBXL_DISK_FORMAT_QCOW2 ? "qcow2"
           : f == LIBXL_DISK_FORMAT_VHD ? "vhd"
                                        : "raw";
}

static void describe_devices(const libxl_domain_config *c, struct vm_found *out)
{
    for (int i = 0; i < c->num_disks; i++) {
        const libxl_device_disk *k = &c->disks[i];
        struct vm_disk disk = { g_strdup(k->vdev), g_strdup(k->pdev_path),
                                g_strdup(format_name(k->format)), k->is_cdrom,
                                !k->readwrite };
        g_array_append_val(out->disks, disk);
    }
    for (int i = 0; i < c->num_nics; i++) {
        const libxl_device_nic *n = &c->nics[i];
        struct vm_nic nic = { n->devid,
                              g_strdup_printf("%02x:%02x:%02x:%02x:%02x:%02x",
                                              n->mac[0], n->mac[1], n->mac[2],
                                              n->mac[3], n->mac[4], n->mac[5]),
                              g_strdup(n->bridge), n->mtu };
        g_array_append_val(out->nics, nic);
    }
}

static void clear_disk(void *p)
{
    struct vm_disk *d = p;
    g_free(d->vdev);
    g_free(d->path);
    g_free(d->format);
}

static void clear_nic(void *p)
{
    struct vm_nic *n = p;
    g_free(n->mac);
    g_free(n->bridge);
}

int driver_describe(struct driver *d, uint32_t domid, struct vm_found *out,
                    struct err *err)
{
    XEN_AUTO x = { 0 };
    libxl_domain_config c;
    (void)d;
    if (vm_op_open(&x, err) < 0)
        return -1;
    libxl_domain_config_init(&c);
    int rc = libxl_retrieve_domain_configuration(x.ctx, domid, &c, NULL);
    if (rc) {
        libxl_domain_config_dispose(&c);
        return xen_fail(&x, err, rc, "cannot read the setup of domain %u",
                        domid);
    }
    out->vm = value_object();
    out->disks = g_array_new(FALSE, TRUE, sizeof(struct vm_disk));
    g_array_set_clear_func(out->disks, clear_disk);
    out->nics = g_array_new(FALSE, TRUE, sizeof(struct vm_nic));
    g_array_set_clear_func(out->nics, clear_nic);
    describe_vm(&c, out->vm);
    describe_devices(&c, out);
    libxl_domain_config_dispose(&c);
    return 0;
}

/* ---- devices of a running guest
 * --------------------------------------------------- */

static int result(struct xen *x, int rc, struct err *err, const char *what,
                  uint32_t domid)
{
    return rc ? xen_fail(x, err, rc, "cannot %s domain %u", what, domid) : 0;
}

int driver_disk_plug(struct driver *d, uint32_t domid,
                     const struct disk_spec *spec, struct err *err)
{
    XEN_AUTO x = { 0 };
    libxl_device_disk disk;
    (void)d;
    int r = vm_config_disk(spec, &disk, err);
    if (r == 0 && qdisk_is(spec))
        r = qdisk_serve(domid, err);
    if (r == 0 && (r = vm_op_open(&x, err)) == 0)
        r = result(&x, libxl_device_disk_add(x.ctx, domid, &disk, NULL), err,
                   "plug a disk into", domid);
    if (r == 0 && qdisk_is(spec) &&
        (r = qdisk_wait(domid, spec->vdev, err)) < 0)
        libxl_device_disk_destroy(x.ctx, domid, &disk, NULL);
    libxl_device_disk_dispose(&disk);
    return r;
}

int driver_disk_unplug(struct driver *d, uint32_t domid, const char *vdev,
                       bool force, struct err *err)
{
    XEN_AUTO x = { 0 };
    libxl_device_disk disk;
    (void)d;
    if (vm_op_open(&x, err) < 0)
        return -1;
    qdisk_quiet(domid); /* a merge would hold the file open */
    libxl_device_disk_init(&disk);
    int rc = libxl_vdev_to_device_disk(x.ctx, domid, vdev, &disk);
    if (!rc)
        rc = force ? libxl_device_disk_destroy(x.ctx, domid, &disk, NULL)
                   : libxl_device_disk_remove(x.ctx, domid, &disk, NULL);
    libxl_device_disk_dispose(&disk);
    return result(&x, rc, err, "unplug the disk from", domid);
}

int driver_cd_change(struct driver *d, uint32_t domid,
                     const struct disk_spec *spec, struct err *err)
{
    XEN_AUTO x = { 0 };
    libxl_device_disk disk;
    (void)d;
    int r = vm_config_disk(spec, &disk, err);
    if (r == 0 && (r = vm_op_open(&x, err)) == 0)
        r = result(&x, libxl_cdrom_insert(x.ctx, domid, &disk, NULL), err,
                   "change the CD of", domid);
    libxl_device_disk_dispose(&disk);
    return r;
}

int driver_nic_plug(struct driver *d, uint32_t domid,
                    const struct nic_spec *spec, struct err *err)
{
    XEN_AUTO x = { 0 };
    libxl_device_nic nic;
    (void)d;
    int r = vm_config_nic(spec, &nic, err);
    if (r == 0 && (r = vm_op_open(&x, err)) == 0)
        r = result(&x, libxl_device_nic_add(x.ctx, domid, &nic, NULL), err,
                   "plug a network card into", domid);
    libxl_device_nic_dispose(&nic);
    return r;
}

int driver_nic_unplug(struct driver *d, uint32_t domid, int devid, bool force,
                      struct err *err)
{
    XEN_AUTO x = { 0 };
    libxl_device_nic nic;
    (void)d;
    if (vm_op_open(&x, err) < 0)
        return -1;
    libxl_device_nic_init(&nic);
    int rc = libxl_devid_to_device_nic(x.ctx, domid, devid, &nic);
    if (!rc)
        rc = force ? libxl_device_nic_destroy(x.ctx, domid, &nic, NULL)
                   : libxl_device_nic_remove(x.ctx, domid, &nic, NULL);
    libxl_device_nic_dispose(&nic);
    return result(&x, rc, err, "unplug the network card from", domid);
}
