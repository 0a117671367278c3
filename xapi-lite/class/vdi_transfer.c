/* Contents of disks to and from files (way B). */
#include <string.h>
#include <unistd.h>

#include "class/storage.h"
#include "class/transfer.h"

char *transfer_scratch(struct xapi *x)
{
    g_autofree char *dir =
        g_build_filename(x->config.state_dir, "transfers", NULL);
    g_autofree char *id = g_uuid_string_random();
    g_mkdir_with_parents(dir, 0700);
    return g_build_filename(dir, id, NULL);
}

/* The VDI when it may be opened, or NULL with the fault. */
static const struct record *find(const struct snapshot *s, const char *ref,
                                 const char *format, const char *what,
                                 struct fault *f)
{
    struct vdi_spec v;
    const struct record *vdi = snapshot_find(s, CLASS_VDI, ref);
    if (!vdi)
        vdi = snapshot_find_uuid(s, CLASS_VDI, ref);
    if (!vdi) {
        fault_set(f, "HANDLE_INVALID", "VDI", ref, NULL);
        return NULL;
    }
    vdi_spec_of(s, vdi, &v);
    if (v.live)
        fault_set(f, "VDI_IN_USE", ref, what, NULL);
    else if (strcmp(format, "raw") && strcmp(format, "vhd") &&
             strcmp(format, "qcow2"))
        fault_set(f, "INVALID_VALUE", "format", format, NULL);
    else
        return vdi;
    return NULL;
}

int transfer_export(struct xapi *x, const char *ref, const char *format,
                    const char *path, struct fault *f)
{
    ERR_AUTO err = { 0 };
    struct sr_parts none = { 0 };
    struct vdi_attached a = { 0 };
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *vdi = find(s, ref, format, "export", f);
    if (!vdi || vdi_attach(x, record_ref(vdi), false, &a, f) < 0)
        return -1;
    struct vdi_attached to = { .path = (char *)path, .format = format };
    int r =
        driver_disk_export(&a, &to, &err) < 0 ? sr_failed(&none, &err, f) : 0;
    vdi_detach(x, record_ref(vdi));
    g_free(a.path);
    return r;
}

/* The file may be no larger than the disk. */
static int check_size(const struct record *vdi, const struct vdi_attached *from,
                      struct fault *f)
{
    ERR_AUTO err = { 0 };
    struct sr_parts none = { 0 };
    char need[24];
    uint64_t size;
    if (driver_disk_size(from, &size, &err) < 0)
        return sr_failed(&none, &err, f);
    if (size <= (uint64_t)record_int(vdi, F_VDI_virtual_size))
        return 0;
    g_snprintf(need, sizeof need, "%" G_GUINT64_FORMAT, size);
    return fault_set(f, "VDI_TOO_SMALL", record_ref(vdi), need, NULL);
}

int transfer_import(struct xapi *x, const char *ref, const char *format,
                    const char *path, struct fault *f)
{
    ERR_AUTO err = { 0 };
    struct sr_parts none = { 0 };
    struct vdi_attached a = { 0 };
    struct vdi_attached from = { .path = (char *)path, .format = format };
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *vdi = find(s, ref, format, "import", f);
    if (!vdi)
        return -1;
    if (record_bool(vdi, F_VDI_read_only))
        return fault_set(f, "VDI_READONLY", record_ref(vdi), NULL);
    if (check_size(vdi, &from, f) < 0 ||
        vdi_attach(x, record_ref(vdi), true, &a, f) < 0)
        return -1;
    int r =
        driver_disk_copy(&from, &a, &err) < 0 ? sr_failed(&none, &err, f) : 0;
    vdi_detach(x, record_ref(vdi));
    g_free(a.path);
    sr_refresh(x, record_str(vdi, F_VDI_SR));
    return r;
}
