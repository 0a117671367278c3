/* A VM record and its devices in the form the driver takes (way B). */
#include <stdlib.h>
#include <string.h>

#include "class/network.h"
#include "class/storage.h"
#include "class/vm.h"
#include "class/vm_pci.h"

/* Numbers count from xvda; names are kept. */
void vbd_device_name(const char *userdevice, char out[16])
{
    char *end;
    unsigned long n = strtoul(userdevice, &end, 10);
    if (!*userdevice || *end)
        g_strlcpy(out, userdevice, 16);
    else if (n < 26)
        g_snprintf(out, 16, "xvd%c", (char)('a' + n));
    else
        g_snprintf(out, 16, "xvd%c%c", (char)('a' + MIN(n / 26 - 1, 25)),
                   (char)('a' + n % 26));
}

static const char *keep(GPtrArray *texts, char *s)
{
    g_ptr_array_add(texts, s);
    return s;
}

int vbd_spec(struct xapi *x, const struct snapshot *s, const struct record *vbd,
             struct disk_spec *out, GPtrArray *texts, GPtrArray *attached,
             struct fault *f)
{
    (void)s;
    char name[16];
    struct vdi_attached a = { 0 };
    const char *vdi = record_str(vbd, F_VBD_VDI);
    bool writable = !strcmp(record_str(vbd, F_VBD_mode), "RW");
    vbd_device_name(record_str(vbd, F_VBD_userdevice), name);
    *out = (struct disk_spec){
        .vdev = keep(texts, g_strdup(name)),
        .cdrom = !strcmp(record_str(vbd, F_VBD_type), "CD"),
        .readonly = !writable,
        .format = "raw",
    };
    if (record_bool(vbd, F_VBD_empty))
        return 0;
    if (vdi_attach(x, vdi, writable, &a, f) < 0)
        return -1;
    g_ptr_array_add(attached, g_strdup(vdi));
    out->path = keep(texts, a.path);
    out->format = a.format;
    return 0;
}

void vif_spec(const struct snapshot *s, const struct record *vif,
              struct nic_spec *out, GPtrArray *texts)
{
    const struct record *net =
        snapshot_find(s, CLASS_network, record_str(vif, F_VIF_network));
    const char *bridge = net ? record_str(net, F_network_bridge) : "";
    const struct net_backend *b = net_backend_of(bridge, NULL);
    const char *kbps = record_map_get(vif, F_VIF_qos_algorithm_params, "kbps");
    bool limited =
        !strcmp(record_str(vif, F_VIF_qos_algorithm_type), "ratelimit");
    *out = (struct nic_spec){
        .devid = atoi(record_str(vif, F_VIF_device)),
        .mac = keep(texts, g_strdup(record_str(vif, F_VIF_MAC))),
        .bridge = keep(texts, g_strdup(bridge)),
        .script = b->vif_script,
        .mtu = (int)record_int(vif, F_VIF_MTU),
        .rate_kib = limited && kbps ? strtoull(kbps, NULL, 10) : 0,
    };
}

static int add_disks(struct xapi *x, const struct snapshot *s,
                     const struct record *vm, struct vm_parts *out,
                     struct fault *f)
{
    for (size_t i = 0; i < record_count(vm, F_VM_VBDs); i++) {
        const struct record *vbd =
            snapshot_find(s, CLASS_VBD, record_item(vm, F_VM_VBDs, i));
        struct disk_spec disk;
        if (!vbd)
            continue;
        if (vbd_spec(x, s, vbd, &disk, out->texts, out->attached, f) < 0)
            return -1;
        g_array_append_val(out->disks, disk);
    }
    return 0;
}

static void add_nics(const struct snapshot *s, const struct record *vm,
                     struct vm_parts *out)
{
    for (size_t i = 0; i < record_count(vm, F_VM_VIFs); i++) {
        const struct record *vif =
            snapshot_find(s, CLASS_VIF, record_item(vm, F_VM_VIFs, i));
        struct nic_spec nic;
        if (!vif)
            continue;
        vif_spec(s, vif, &nic, out->texts);
        g_array_append_val(out->nics, nic);
    }
}

/* The boot disk of PV guests is the first: pygrub looks there. */
static gint by_device(gconstpointer a, gconstpointer b)
{
    const struct disk_spec *x = a, *y = b;
    return strcmp(x->vdev, y->vdev);
}

int vm_parts_build(struct xapi *x, const char *ref, struct vm_parts *out,
                   struct fault *f)
{
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *vm = snapshot_find(s, CLASS_VM, ref);
    *out = (struct vm_parts){
        .disks = g_array_new(FALSE, TRUE, sizeof(struct disk_spec)),
        .nics = g_array_new(FALSE, TRUE, sizeof(struct nic_spec)),
        .pcis = g_ptr_array_new_with_free_func(g_free),
        .texts = g_ptr_array_new_with_free_func(g_free),
        .attached = g_ptr_array_new_with_free_func(g_free),
    };
    if (!vm)
        return fault_set(f, "HANDLE_INVALID", "VM", ref, NULL);
    out->vm = record_to_value(vm);
    if (vm_pci_wanted(s, vm, out->pcis, f) < 0 ||
        add_disks(x, s, vm, out, f) < 0)
        return -1;
    add_nics(s, vm, out);
    g_array_sort(out->disks, by_device);
    out->spec = (struct vm_spec){
        .vm = out->vm,
        .disks = (struct disk_spec *)out->disks->data,
        .n_disks = out->disks->len,
        .nics = (struct nic_spec *)out->nics->data,
        .n_nics = out->nics->len,
        .pcis = (const char *const *)out->pcis->pdata,
        .n_pcis = out->pcis->len,
    };
    return 0;
}

void vm_parts_detach(struct xapi *x, struct vm_parts *p)
{
    for (guint i = 0; i < p->attached->len; i++)
        vdi_detach(x, p->attached->pdata[i]);
}

void vm_parts_dispose(struct vm_parts *p)
{
    value_free(p->vm);
    g_array_unref(p->disks);
    g_array_unref(p->nics);
    g_ptr_array_unref(p->pcis);
    g_ptr_array_unref(p->texts);
    g_ptr_array_unref(p->attached);
    *p = (struct vm_parts){ 0 };
}

void vm_detach_all(struct xapi *x, const char *ref)
{
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *vm = snapshot_find(s, CLASS_VM, ref);
    for (size_t i = 0; vm && i < record_count(vm, F_VM_VBDs); i++) {
        const struct record *vbd =
            snapshot_find(s, CLASS_VBD, record_item(vm, F_VM_VBDs, i));
        if (vbd && strcmp(record_str(vbd, F_VBD_VDI), REF_NULL))
            vdi_detach(x, record_str(vbd, F_VBD_VDI));
    }
    vif_release_all(x, ref);
}
