/* Contents of disks in and out (way B). */
#include <string.h>
#include <unistd.h>

#include "class/contents.h"
#include "class/storage.h"

struct contents {
    struct xapi *x;
    char *vdi, *sr;
    bool writable;
    struct vdi_attached attached;
    struct disk *disk;
};

static int failed(struct err *err, struct fault *f)
{
    struct sr_parts none = { 0 };
    return sr_failed(&none, err, f);
}

/* ---- opening -------------------------------------------------------------
 */

/* The VDI when it may be opened, or NULL with the fault. */
static const struct record *find(const struct snapshot *s, const char *ref,
                                 bool writable, struct fault *f)
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
        fault_set(f, "VDI_IN_USE", record_ref(vdi),
                  writable ? "import" : "export", NULL);
    else if (writable && record_bool(vdi, F_VDI_read_only))
        fault_set(f, "VDI_READONLY", record_ref(vdi), NULL);
    else
        return vdi;
    return NULL;
}

struct contents *contents_open(struct xapi *x, const char *ref, bool writable,
                               struct fault *f)
{
    ERR_AUTO err = { 0 };
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *vdi = find(s, ref, writable, f);
    struct vdi_attached a = { 0 };
    if (!vdi || vdi_attach(x, record_ref(vdi), writable, &a, f) < 0)
        return NULL;
    struct contents *t = g_new0(struct contents, 1);
    t->x = x;
    t->vdi = g_strdup(record_ref(vdi));
    t->sr = g_strdup(record_str(vdi, F_VDI_SR));
    t->writable = writable;
    t->attached = a;
    t->disk = driver_disk_open(&a, writable, &err);
    if (t->disk)
        return t;
    failed(&err, f);
    contents_close(t, NULL);
    return NULL;
}

int contents_close(struct contents *t, struct fault *f)
{
    ERR_AUTO err = { 0 };
    if (!t)
        return 0;
    int r = driver_disk_close(t->disk, &err) < 0 ? failed(&err, f) : 0;
    vdi_detach(t->x, t->vdi);
    if (t->writable)
        sr_refresh(t->x, t->sr);
    g_free(t->attached.path);
    g_free(t->vdi);
    g_free(t->sr);
    g_free(t);
    return r;
}

/* ---- bytes ------------------------------------------------------------------
 */

uint64_t contents_size(const struct contents *t)
{
    return driver_disk_bytes(t->disk);
}

uint64_t contents_next(struct contents *t, uint64_t offset)
{
    return driver_disk_next(t->disk, offset);
}

int contents_read(struct contents *t, uint64_t offset, void *buf, size_t len,
                  struct fault *f)
{
    ERR_AUTO err = { 0 };
    return driver_disk_read(t->disk, offset, buf, len, &err) < 0
               ? failed(&err, f)
               : 0;
}

static int in_range(const struct contents *t, uint64_t offset, uint64_t len,
                    struct fault *f)
{
    char need[24];
    uint64_t size = contents_size(t);
    if (offset <= size && len <= size - offset)
        return 0;
    g_snprintf(need, sizeof need, "%" G_GUINT64_FORMAT, offset + len);
    return fault_set(f, "VDI_TOO_SMALL", t->vdi, need, NULL);
}

bool contents_is_zero(const void *buf, size_t len)
{
    const uint8_t *p = buf;
    return len == 0 || (*p == 0 && !memcmp(p, p + 1, len - 1));
}

int contents_zero(struct contents *t, uint64_t offset, uint64_t len,
                  struct fault *f)
{
    ERR_AUTO err = { 0 };
    if (in_range(t, offset, len, f) < 0)
        return -1;
    return driver_disk_zero(t->disk, offset, len, &err) < 0 ? failed(&err, f)
                                                            : 0;
}

int contents_write(struct contents *t, uint64_t offset, const void *buf,
                   size_t len, struct fault *f)
{
    ERR_AUTO err = { 0 };
    if (in_range(t, offset, len, f) < 0)
        return -1;
    int r = contents_is_zero(buf, len)
                ? driver_disk_zero(t->disk, offset, len, &err)
                : driver_disk_write(t->disk, offset, buf, len, &err);
    return r < 0 ? failed(&err, f) : 0;
}

int contents_check(const struct task *task, struct fault *f)
{
    return task && task_cancelled(task)
               ? fault_set(f, "TASK_CANCELLED", task_ref(task), NULL)
               : 0;
}

/* ---- image files ------------------------------------------------------------
 */

int contents_format_check(const char *format, struct fault *f)
{
    return strcmp(format, "raw") && strcmp(format, "vhd") &&
                   strcmp(format, "qcow2")
               ? fault_set(f, "INVALID_VALUE", "format", format, NULL)
               : 0;
}

static char *scratch_folder(struct xapi *x)
{
    return g_build_filename(x->config.state_dir, "transfers", NULL);
}

char *contents_scratch(struct xapi *x)
{
    g_autofree char *dir = scratch_folder(x);
    g_autofree char *id = g_uuid_string_random();
    g_mkdir_with_parents(dir, 0700);
    return g_build_filename(dir, id, NULL);
}

void contents_clean(struct xapi *x)
{
    g_autofree char *folder = scratch_folder(x);
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        unlink(path);
    }
    if (dir)
        g_dir_close(dir);
}

struct copy {
    struct task *task;
    double start, end; /* of the task's progress */
};

static bool go_on(void *arg, double share)
{
    const struct copy *c = arg;
    task_progress(c->task, c->start + (c->end - c->start) * share);
    return contents_check(c->task, NULL) == 0;
}

/* qemu-img opens the disk itself, so it is closed here for good. */
static int copy(struct contents *t, const struct vdi_attached *from,
                const struct vdi_attached *to, enum copy_target kind,
                struct copy *c, struct fault *f)
{
    ERR_AUTO err = { 0 };
    struct disk *disk = g_steal_pointer(&t->disk);
    if (driver_disk_close(disk, &err) < 0)
        return failed(&err, f);
    if (driver_disk_copy(from, to, kind, go_on, c, &err) == 0)
        return 0;
    return contents_check(c->task, f) < 0 ? -1 : failed(&err, f);
}

int contents_to_file(struct contents *t, const char *format, const char *path,
                     struct task *task, double from, double to, struct fault *f)
{
    ERR_AUTO err = { 0 };
    struct vdi_attached a = { .path = (char *)path, .format = format };
    struct copy c = { task, from, to };
    return driver_disk_make(&a, contents_size(t), &err) < 0
               ? failed(&err, f)
               : copy(t, &t->attached, &a, COPY_SCRATCH, &c, f);
}

int contents_from_file(struct contents *t, const char *format, const char *path,
                       struct task *task, double from, double to,
                       struct fault *f)
{
    ERR_AUTO err = { 0 };
    struct vdi_attached a = { .path = (char *)path, .format = format };
    struct copy c = { task, from, to };
    uint64_t size;
    if (driver_disk_size(&a, &size, &err) < 0)
        return failed(&err, f);
    return in_range(t, 0, size, f) < 0
               ? -1
               : copy(t, &a, &t->attached, COPY_OVER, &c, f);
}
