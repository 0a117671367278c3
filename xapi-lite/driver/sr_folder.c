/* VDIs as image files in a folder: qcow2 chains, raw and vhd files (way B). */
#include "driver/sr_folder.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "driver/sr_exec.h"
#include "driver/sr_image.h"

const char *const folder_capabilities[] = {
    "SR_PROBE",     "SR_UPDATE",         "VDI_CREATE", "VDI_DELETE",
    "VDI_ATTACH",   "VDI_DETACH",        "VDI_UPDATE", "VDI_CLONE",
    "VDI_SNAPSHOT", "VDI_RESIZE",        "VDI_MIRROR", "VDI_INTRODUCE",
    "ATOMIC_PAUSE", "THIN_PROVISIONING", NULL
};

char *folder_path(const struct sr_spec *sr)
{
    const char *location = sr_config(sr->device_config, "location");
    return location ? g_strdup(location)
                    : g_build_filename(SR_MOUNTS, sr->uuid, NULL);
}

bool folder_is_mount(const char *path)
{
    g_autofree char *up = g_build_filename(path, "..", NULL);
    struct stat here, above;
    return stat(path, &here) == 0 && stat(up, &above) == 0 &&
           here.st_dev != above.st_dev;
}

int folder_unmount(const struct sr_spec *sr, struct err *err)
{
    g_autofree char *path = g_build_filename(SR_MOUNTS, sr->uuid, NULL);
    if (folder_is_mount(path) &&
        SR_RUN(SR_QUICK_S, NULL, err, "umount", path) < 0) {
        if (err)
            err->exit_code = SR_FAIL_UNMOUNT;
        return -1;
    }
    rmdir(path);
    return 0;
}

/* A path that cannot leave the folder, whatever a record says. */
static char *path_of(const char *dir, const struct vdi_spec *v, struct err *err)
{
    if (*v->location && !strchr(v->location, '/') && *v->location != '.')
        return g_build_filename(dir, v->location, NULL);
    sr_fail(err, SR_FAIL_VDI, "\"%s\" is not the name of a disk file",
            v->location);
    return NULL;
}

static int look(const char *dir, const char *name, struct vdi_found *out,
                struct err *err)
{
    const char *format = image_format_of(name);
    g_autofree char *path = g_build_filename(dir, name, NULL);
    struct image_info info;
    struct stat st;
    if (!format || stat(path, &st) < 0)
        return sr_fail(err, SR_FAIL_VDI, "%s: %s", path,
                       format ? g_strerror(errno) : "not a disk file");
    if (image_info_get(path, format, &info, err) < 0)
        return -1;
    g_autofree char *stem = g_strndup(name, (gsize)(strrchr(name, '.') - name));
    *out = (struct vdi_found){
        .uuid = g_uuid_string_is_valid(stem) ? g_strdup(stem) : NULL,
        .location = g_strdup(name),
        .format = g_strdup(format),
        .virtual_size = info.virtual_size,
        .physical_utilisation = (uint64_t)st.st_blocks * 512,
    };
    image_info_dispose(&info);
    return 0;
}

/* ---- scan
 * ------------------------------------------------------------------------ */

static void figures_of(const char *dir, const GArray *vdis,
                       struct sr_figures *out)
{
    struct statvfs f;
    *out = (struct sr_figures){ 0 };
    if (statvfs(dir, &f) == 0) {
        out->physical_size = (uint64_t)f.f_blocks * f.f_frsize;
        out->physical_utilisation =
            (uint64_t)(f.f_blocks - f.f_bfree) * f.f_frsize;
    }
    for (guint i = 0; i < vdis->len; i++)
        out->virtual_allocation +=
            g_array_index(vdis, struct vdi_found, i).virtual_size;
}

int folder_scan(const struct sr_spec *sr, GArray *vdis,
                struct sr_figures *figures, struct err *err)
{
    g_autofree char *dir = folder_path(sr);
    g_autoptr(GDir) d = g_dir_open(dir, 0, NULL);
    const char *name;
    if (!d)
        return sr_fail(err, SR_FAIL_SR, "%s cannot be read: %s", dir,
                       g_strerror(errno));
    folder_tidy(dir);
    while ((name = g_dir_read_name(d))) {
        ERR_AUTO bad = { 0 };
        struct vdi_found v;
        if (!image_format_of(name) || g_str_has_prefix(name, "base-") ||
            g_str_has_prefix(name, "new-"))
            continue;
        if (look(dir, name, &v, &bad) == 0)
            g_array_append_val(vdis, v);
        else
            g_warning("%s/%s is left out: %s", dir, name, bad.message);
    }
    figures_of(dir, vdis, figures);
    return 0;
}

/* ---- create, destroy, resize
 * ------------------------------------------------------ */

static const char *wanted_format(const struct vdi_spec *v)
{
    const char *type = sr_config(v->sm_config, "type");
    if (!type)
        type = sr_config(v->sm_config, "image-format");
    return type && (!strcmp(type, "raw") || !strcmp(type, "vhd")) ? type
                                                                  : "qcow2";
}

/* Gives the finished file its name. */
static int finish(const char *dir, const char *scratch, const char *name,
                  struct vdi_found *out, struct err *err)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    if (rename(scratch, path) < 0)
        return err_errno(err, ERR_IO, errno, "cannot name %s", path);
    return look(dir, name, out, err);
}

int folder_vdi_create(const struct sr_spec *sr, const struct vdi_spec *v,
                      struct vdi_found *out, struct err *err)
{
    char size[24];
    const char *format = wanted_format(v);
    g_autofree char *dir = folder_path(sr);
    g_autofree char *name = g_strdup_printf("%s.%s", v->uuid, format);
    g_autofree char *scratch = g_strdup_printf("%s/new-%s", dir, name);
    image_number(size, v->virtual_size);
    int r = !strcmp(format, "vhd")
                ? SR_RUN(SR_QUICK_S, NULL, err, "qemu-img", "create", "-q",
                         "-f", "vpc", "-o", "force_size=on", scratch, size)
                : SR_RUN(SR_QUICK_S, NULL, err, "qemu-img", "create", "-q",
                         "-f", format, scratch, size);
    if (r == 0)
        r = finish(dir, scratch, name, out, err);
    if (r < 0)
        unlink(scratch);
    return r;
}

int folder_vdi_destroy(const struct sr_spec *sr, const struct vdi_spec *v,
                       struct err *err)
{
    g_autofree char *dir = folder_path(sr);
    g_autofree char *path = path_of(dir, v, err);
    if (!path)
        return -1;
    if (unlink(path) < 0 && errno != ENOENT)
        return err_errno(err, ERR_IO, errno, "cannot remove %s", path);
    folder_tidy(dir);
    return 0;
}

int folder_vdi_resize(const struct sr_spec *sr, const struct vdi_spec *v,
                      uint64_t size, struct vdi_found *out, struct err *err)
{
    char text[24];
    g_autofree char *dir = folder_path(sr);
    g_autofree char *path = path_of(dir, v, err);
    const char *format = path ? image_format_of(path) : NULL;
    if (!format ||
        SR_RUN(SR_QUICK_S, NULL, err, "qemu-img", "resize", "-q", "-f",
               image_word(format), path, image_number(text, size)) < 0)
        return -1;
    return look(dir, v->location, out, err);
}

int folder_vdi_attach(const struct sr_spec *sr, const struct vdi_spec *v,
                      bool writable, struct vdi_attached *out, struct err *err)
{
    (void)writable;
    g_autofree char *dir = folder_path(sr);
    g_autofree char *path = path_of(dir, v, err);
    if (!path)
        return -1;
    if (access(path, R_OK) < 0)
        return sr_fail(err, SR_FAIL_VDI, "%s: %s", path, g_strerror(errno));
    out->format = image_format_of(path);
    out->path = g_steal_pointer(&path);
    return 0;
}

/* ---- snapshot and clone
 * ----------------------------------------------------------- */

static int overlay(const char *path, const char *base, struct err *err)
{
    return SR_RUN(SR_QUICK_S, NULL, err, "qemu-img", "create", "-q", "-f",
                  "qcow2", "-F", "qcow2", "-b", base, path);
}

/* Puts a base below the image: the same file under a second name, then an empty
 * overlay takes the place of the first. Whatever moment it stops at, the image
 * holds its data; a scan removes the rest. */
static int push_down(const char *dir, const char *path, const char *made,
                     struct err *err)
{
    g_autofree char *id = g_uuid_string_random();
    g_autofree char *base_name = g_strdup_printf("base-%s.qcow2", id);
    g_autofree char *base = g_build_filename(dir, base_name, NULL);
    g_autofree char *top = g_strdup_printf("%s/new-top-%s.qcow2", dir, id);
    if (link(path, base) < 0)
        return err_errno(err, ERR_IO, errno, "cannot keep %s", path);
    int r = overlay(top, base_name, err);
    if (r == 0)
        r = overlay(made, base_name, err);
    if (r == 0 && rename(top, path) < 0)
        r = err_errno(err, ERR_IO, errno, "cannot replace %s", path);
    if (r < 0) {
        unlink(made);
        unlink(top);
        unlink(base);
    }
    return r;
}

int folder_vdi_split(const struct sr_spec *sr, const struct vdi_spec *from,
                     const char *new_uuid, struct vdi_found *out,
                     struct err *err)
{
    g_autofree char *dir = folder_path(sr);
    g_autofree char *path = path_of(dir, from, err);
    const char *format = path ? image_format_of(path) : NULL;
    if (!path)
        return -1;
    if (from->live)
        return sr_fail(err, SR_FAIL_VDI,
                       "the disk is written by a running guest; shut it down "
                       "or suspend it to snapshot a disk in a file");
    g_autofree char *name =
        g_strdup_printf("%s.%s", new_uuid, format ? format : "raw");
    g_autofree char *made = g_strdup_printf("%s/new-%s", dir, name);
    int r = format && !strcmp(format, "qcow2")
                ? push_down(dir, path, made, err)
                : SR_RUN(SR_SLOW_S, NULL, err, "cp", "--reflink=auto",
                         "--sparse=always", "--", path, made);
    if (r == 0)
        r = finish(dir, made, name, out, err);
    if (r < 0)
        unlink(made);
    return r;
}
