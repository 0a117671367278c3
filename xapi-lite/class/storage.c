/* VDIs and SRs on their way to a storage driver (way B). */
#include "class/storage.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "class/power.h"

/* A guest that is not halted may open the disks of its VBDs at any time. */
static bool may_be_open(const struct snapshot *s, const struct record *vdi)
{
    for (size_t i = 0; i < record_count(vdi, F_VDI_VBDs); i++) {
        const struct record *vbd =
            snapshot_find(s, CLASS_VBD, record_item(vdi, F_VDI_VBDs, i));
        const struct record *vm =
            vbd ? snapshot_find(s, CLASS_VM, record_str(vbd, F_VBD_VM)) : NULL;
        if (vm && (record_word(vm, F_VM_power_state) != STATE_HALTED ||
                   record_count(vm, F_VM_current_operations)))
            return true;
    }
    return false;
}

/* Whether a guest that is up writes to it, and which. */
static bool is_live(const struct snapshot *s, const struct record *vdi,
                    int64_t *user_out)
{
    int n = 0;
    *user_out = -1;
    for (size_t i = 0; i < record_count(vdi, F_VDI_VBDs); i++) {
        const struct record *vbd =
            snapshot_find(s, CLASS_VBD, record_item(vdi, F_VDI_VBDs, i));
        if (!vbd || !record_bool(vbd, F_VBD_currently_attached) ||
            strcmp(record_str(vbd, F_VBD_mode), "RW"))
            continue;
        const struct record *vm =
            snapshot_find(s, CLASS_VM, record_str(vbd, F_VBD_VM));
        *user_out = vm && n++ == 0 ? record_int(vm, F_VM_domid) : -1;
    }
    return n > 0;
}

static GHashTable *disks_in_use(const struct snapshot *s, const char *uuid)
{
    GHashTable *set =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const struct record *sr = snapshot_find_uuid(s, CLASS_SR, uuid);
    for (size_t i = 0; sr && i < record_count(sr, F_SR_VDIs); i++) {
        const struct record *vdi =
            snapshot_find(s, CLASS_VDI, record_item(sr, F_SR_VDIs, i));
        int64_t user;
        if (vdi && may_be_open(s, vdi))
            g_hash_table_insert(set, g_strdup(record_str(vdi, F_VDI_location)),
                                is_live(s, vdi, &user) && user > 0
                                    ? GINT_TO_POINTER((gint)user)
                                    : NULL);
    }
    return set;
}

/* Its descriptor, or -1. */
static int lock_file(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    while (fd >= 0 && flock(fd, LOCK_EX) < 0)
        ;
    return fd;
}

/* What a service that was killed has begun is done when the second file can be
 * locked. */
void sr_parts_lock(struct xapi *x, struct sr_parts *p)
{
    g_autofree char *dir =
        g_build_filename(x->config.state_dir, "sr-locks", NULL);
    g_autofree char *path = g_build_filename(dir, p->spec.uuid, NULL);
    g_mkdir_with_parents(dir, 0700);
    p->lock = lock_file(path) + 1;
    p->guard = g_strconcat(path, ".work", NULL);
    int work = lock_file(p->guard);
    if (work >= 0)
        close(work);
    p->guard_before = driver_helper_lock(p->guard);
    /* only now: guests may have been started while we waited */
    SNAPSHOT_AUTO *s = store_read(x->store);
    p->spec.in_use = p->in_use = disks_in_use(s, p->spec.uuid);
}

void sr_parts_dispose(struct sr_parts *p)
{
    if (p->guard)
        driver_helper_lock(p->guard_before);
    g_free(p->guard);
    if (p->lock)
        close(p->lock - 1);
    value_free(p->device_config);
    value_free(p->sm_config);
    if (p->in_use)
        g_hash_table_unref(p->in_use);
    *p = (struct sr_parts){ 0 };
}

static const struct record *first_pbd(const struct snapshot *s,
                                      const struct record *sr)
{
    return record_count(sr, F_SR_PBDs)
               ? snapshot_find(s, CLASS_PBD, record_item(sr, F_SR_PBDs, 0))
               : NULL;
}

int sr_parts_build(const struct snapshot *s, const char *ref, bool plugged,
                   struct sr_parts *out, struct fault *f)
{
    *out = (struct sr_parts){ 0 };
    const struct record *sr = snapshot_find(s, CLASS_SR, ref);
    if (!sr)
        return fault_set(f, "HANDLE_INVALID", "SR", ref, NULL);
    const struct record *pbd = first_pbd(s, sr);
    out->driver = sr_driver_find(record_str(sr, F_SR_type));
    if (!out->driver)
        return fault_set(f, "SR_UNKNOWN_DRIVER", record_str(sr, F_SR_type),
                         NULL);
    if (!pbd)
        return fault_set(f, "SR_HAS_NO_PBDS", ref, NULL);
    if (plugged && !record_bool(pbd, F_PBD_currently_attached))
        return fault_set(f, "SR_NOT_ATTACHED", ref, NULL);
    const struct model *m = snapshot_model(s);
    out->device_config = record_value(pbd, model_field(m, F_PBD_device_config));
    out->sm_config = record_value(sr, model_field(m, F_SR_sm_config));
    out->spec = (struct sr_spec){
        .uuid = record_str(sr, F_SR_uuid),
        .device_config = out->device_config,
        .sm_config = out->sm_config,
        .content_type = record_str(sr, F_SR_content_type),
        .physical_size = (uint64_t)record_int(sr, F_SR_physical_size),
    };
    return 0;
}

void vdi_spec_of(const struct snapshot *s, const struct record *vdi,
                 struct vdi_spec *out)
{
    *out = (struct vdi_spec){
        .uuid = record_str(vdi, F_VDI_uuid),
        .location = record_str(vdi, F_VDI_location),
        .name = record_str(vdi, F_VDI_name_label),
        .virtual_size = (uint64_t)record_int(vdi, F_VDI_virtual_size),
        .read_only = record_bool(vdi, F_VDI_read_only),
    };
    out->live = is_live(s, vdi, &out->user);
}

int sr_failed(const struct sr_parts *p, struct err *err, struct fault *f)
{
    char code[32] = "SR_BACKEND_FAILURE";
    (void)p;
    if (err->exit_code)
        g_snprintf(code, sizeof code, "SR_BACKEND_FAILURE_%d", err->exit_code);
    fault_set(f, code, "", err->message ? err->message : "",
              err->hint ? err->hint : "", NULL);
    err_dispose(err);
    return -1;
}

int sr_cannot(const char *sr, struct fault *f)
{
    return fault_set(f, "SR_OPERATION_NOT_SUPPORTED", sr, NULL);
}

int vdi_attach(struct xapi *x, const char *ref, bool writable,
               struct vdi_attached *out, struct fault *f)
{
    ERR_AUTO err = { 0 };
    struct sr_parts p;
    struct vdi_spec v;
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *vdi = snapshot_find(s, CLASS_VDI, ref);
    if (!vdi)
        return fault_set(f, "HANDLE_INVALID", "VDI", ref, NULL);
    const char *sr = record_str(vdi, F_VDI_SR);
    if (sr_parts_build(s, sr, true, &p, f) < 0)
        return -1;
    vdi_spec_of(s, vdi, &v);
    sr_parts_lock(x, &p);
    SNAPSHOT_AUTO *now = store_read(x->store);
    int r = !snapshot_find(now, CLASS_VDI, ref)
                ? fault_set(f, "HANDLE_INVALID", "VDI", ref, NULL)
            : !p.driver->vdi_attach ? sr_cannot(sr, f)
            : p.driver->vdi_attach(&p.spec, &v, writable, out, &err) < 0
                ? sr_failed(&p, &err, f)
                : 0;
    sr_parts_dispose(&p);
    return r;
}

void vdi_detach(struct xapi *x, const char *ref)
{
    ERR_AUTO err = { 0 };
    struct sr_parts p;
    struct vdi_spec v;
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *vdi = snapshot_find(s, CLASS_VDI, ref);
    if (!vdi ||
        sr_parts_build(s, record_str(vdi, F_VDI_SR), true, &p, NULL) < 0)
        return;
    vdi_spec_of(s, vdi, &v);
    if (p.driver->vdi_detach && p.driver->vdi_detach(&p.spec, &v, &err) < 0)
        g_warning("detaching VDI %s: %s", v.uuid, err.message);
    sr_parts_dispose(&p);
}
