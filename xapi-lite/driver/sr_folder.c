/* VDIs as image files in a folder: qcow2 chains, raw and vhd files (way B). */
#include "driver/sr_folder.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "driver/qdisk.h"
#include "driver/sr_exec.h"
#include "driver/sr_header.h"
#include "driver/sr_image.h"
#include "driver/sr_links.h"

#define DISK_CAPABILITIES                                                      \
    "SR_UPDATE", "VDI_CREATE", "VDI_DELETE", "VDI_ATTACH", "VDI_DETACH",       \
        "VDI_UPDATE", "VDI_CLONE", "VDI_SNAPSHOT", "VDI_RESIZE",               \
        "VDI_RESIZE_ONLINE", "VDI_MIRROR", "VDI_INTRODUCE", "ATOMIC_PAUSE",    \
        "VDI_RESET_ON_BOOT", "THIN_PROVISIONING"

const char *const folder_capabilities[] = { DISK_CAPABILITIES, NULL };
const char *const folder_probe_capabilities[] = { "SR_PROBE", DISK_CAPABILITIES,
                                                  NULL };

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

char *folder_file(const char *dir, const struct vdi_spec *v, struct err *err)
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
    struct image_header info;
    struct stat st;
    if (!format || stat(path, &st) < 0)
        return sr_fail(err, SR_FAIL_VDI, "%s: %s", path,
                       format ? g_strerror(errno) : "not a disk file");
    if (header_read(path, format, &info, err) < 0)
        return -1;
    g_autofree char *stem = g_strndup(name, (gsize)(strrchr(name, '.') - name));
    *out = (struct vdi_found){
        .uuid = g_uuid_string_is_valid(stem) ? g_strdup(stem) : NULL,
        .location = g_strdup(name),
        .format = g_strdup(format),
        .virtual_size = info.virtual_size,
        .physical_utilisation = (uint64_t)st.st_blocks * 512,
    };
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
    folder_tidy(dir, sr->in_use);
    while ((name = g_dir_read_name(d))) {
        ERR_AUTO bad = { 0 };
        struct vdi_found v;
        if (!image_format_of(name) || links_is_base(name) || links_is_new(name))
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

int folder_finish(const char *dir, const char *scratch, const char *name,
                  struct vdi_found *out, struct err *err)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    return folder_rename(scratch, path, err) < 0 ? -1
                                                 : look(dir, name, out, err);
}

int folder_vdi_create(const struct sr_spec *sr, const struct vdi_spec *v,
                      struct vdi_found *out, struct err *err)
{
    char size[24];
    const char *format = wanted_format(v);
    g_autofree char *dir = folder_path(sr);
    g_autofree char *name = g_strdup_printf("%s.%s", v->uuid, format);
    g_autofree char *scratch =
        g_strdup_printf("%s/" FOLDER_NEW "%s", dir, name);
    image_number(size, v->virtual_size);
    int r = !strcmp(format, "vhd")
                ? SR_RUN(SR_QUICK_S, NULL, err, "qemu-img", "create", "-q",
                         "-f", "vpc", "-o", "force_size=on", scratch, size)
                : SR_RUN(SR_QUICK_S, NULL, err, "qemu-img", "create", "-q",
                         "-f", format, scratch, size);
    if (r == 0)
        r = folder_finish(dir, scratch, name, out, err);
    if (r < 0)
        unlink(scratch);
    return r;
}

int folder_vdi_destroy(const struct sr_spec *sr, const struct vdi_spec *v,
                       struct err *err)
{
    g_autofree char *dir = folder_path(sr);
    g_autofree char *path = folder_file(dir, v, err);
    if (!path)
        return -1;
    overs_tidy(dir, NULL, sr->in_use);
    lifts_finish(dir);
    g_autoptr(GArray) links = links_read(dir);
    if (links && links_count(links, v->location, LINK_IMAGE, NULL))
        return sr_fail(err, SR_FAIL_VDI, "another disk stands on %s", path);
    if (links_discard(dir, v->location) < 0)
        return err_errno(err, ERR_IO, errno, "cannot remove %s", path);
    folder_tidy(dir, sr->in_use);
    return 0;
}

/* Under a guest only its QEMU can do it. */
static int resize_live(const struct vdi_spec *v, const char *path,
                       uint64_t size, struct err *err)
{
    const char *format = image_format_of(path);
    if (v->user < 0 || !format || strcmp(format, "qcow2"))
        return sr_fail(err, SR_FAIL_VDI,
                       "the disk is plugged into a running guest; only a "
                       "qcow2 disk of one guest can be resized there");
    qdisk_quiet((uint32_t)v->user);
    return qdisk_resize((uint32_t)v->user, path, size, err);
}

int folder_vdi_resize(const struct sr_spec *sr, const struct vdi_spec *v,
                      uint64_t size, struct vdi_found *out, struct err *err)
{
    char text[24];
    g_autofree char *dir = folder_path(sr);
    g_autofree char *path = folder_file(dir, v, err);
    const char *format = path ? image_format_of(path) : NULL;
    /* QEMU counts in sectors */
    size = (size + 511) / 512 * 512;
    if (!format)
        return -1;
    int r = v->live ? resize_live(v, path, size, err)
                    : SR_RUN(SR_QUICK_S, NULL, err, "qemu-img", "resize", "-q",
                             "-f", image_word(format), path,
                             image_number(text, size));
    return r < 0 ? -1 : look(dir, v->location, out, err);
}

/* All that the disk stands on is there; said before a guest or QEMU says it in
 * other words. */
static int check_chain(const char *path, struct err *err)
{
    enum { DEEPEST = 1000 };
    g_autofree char *dir = g_path_get_dirname(path);
    g_autofree char *at = g_strdup(path);
    for (int i = 0; i < DEEPEST; i++) {
        struct image_header head;
        if (!g_str_has_suffix(at, ".qcow2"))
            return 0;
        if (header_read(at, "qcow2", &head, err) < 0)
            return -1;
        if (!*head.backing)
            return 0;
        g_autofree char *next = g_path_is_absolute(head.backing)
                                    ? g_strdup(head.backing)
                                    : g_build_filename(dir, head.backing, NULL);
        if (access(next, R_OK) < 0)
            return sr_fail(err, SR_FAIL_VDI, "%s stands on %s: %s", at, next,
                           g_strerror(errno));
        g_free(at);
        at = g_steal_pointer(&next);
    }
    return sr_fail(err, SR_FAIL_VDI, "%s stands on itself", path);
}

int folder_vdi_attach(const struct sr_spec *sr, const struct vdi_spec *v,
                      bool writable, struct vdi_attached *out, struct err *err)
{
    (void)writable;
    g_autofree char *dir = folder_path(sr);
    g_autofree char *path = folder_file(dir, v, err);
    if (!path)
        return -1;
    if (access(path, R_OK) < 0)
        return sr_fail(err, SR_FAIL_VDI, "%s: %s", path, g_strerror(errno));
    if (check_chain(path, err) < 0)
        return -1;
    out->format = image_format_of(path);
    out->path = g_steal_pointer(&path);
    return 0;
}
