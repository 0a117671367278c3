/* ISO libraries: images in a folder of this host or of an NFS server, only read
 * (way B). */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "driver/sr_exec.h"
#include "driver/sr_folder.h"

static bool is_remote(const struct sr_spec *sr)
{
    const char *location = sr_config(sr->device_config, "location");
    const char *type = sr_config(sr->device_config, "type");
    return (type && !strcmp(type, "nfs_iso")) ||
           (location && *location != '/' && strstr(location, ":/"));
}

static char *folder(const struct sr_spec *sr)
{
    const char *location = sr_config(sr->device_config, "location");
    return is_remote(sr) ? g_build_filename(SR_MOUNTS, sr->uuid, NULL)
                         : g_strdup(location ? location : "");
}

static int attach(const struct sr_spec *sr, struct err *err)
{
    const char *location = sr_need(sr->device_config, "location", err);
    const char *version = sr_config(sr->device_config, "nfsversion");
    if (!location)
        return -1;
    g_autofree char *path = folder(sr);
    if (!is_remote(sr))
        return g_file_test(path, G_FILE_TEST_IS_DIR)
                   ? 0
                   : sr_fail(err, SR_FAIL_SR, "%s is not a folder", path);
    if (folder_is_mount(path))
        return 0;
    g_autofree char *options =
        g_strdup_printf("ro,soft,timeo=100,vers=%s", version ? version : "4");
    if (g_mkdir_with_parents(path, 0700) < 0)
        return sr_fail(err, SR_FAIL_MOUNT, "cannot make %s: %s", path,
                       g_strerror(errno));
    if (SR_RUN(SR_QUICK_S, NULL, err, "mount", "-t", "nfs", "-o", options,
               location, path) == 0)
        return 0;
    if (err)
        err->exit_code = SR_FAIL_MOUNT;
    rmdir(path);
    return -1;
}

static int detach(const struct sr_spec *sr, struct err *err)
{
    return is_remote(sr) ? folder_unmount(sr, err) : 0;
}

static void add(const char *dir, const char *name, GArray *vdis)
{
    struct stat st;
    g_autofree char *path = g_build_filename(dir, name, NULL);
    g_autofree char *lower = g_ascii_strdown(name, -1);
    if ((!g_str_has_suffix(lower, ".iso") &&
         !g_str_has_suffix(lower, ".img")) ||
        stat(path, &st) < 0 || !S_ISREG(st.st_mode))
        return;
    struct vdi_found v = {
        .location = g_strdup(name),
        .name = g_strdup(name),
        .format = g_strdup("raw"),
        .virtual_size = (uint64_t)st.st_size,
        .physical_utilisation = (uint64_t)st.st_blocks * 512,
        .read_only = true,
    };
    g_array_append_val(vdis, v);
}

static int scan(const struct sr_spec *sr, GArray *vdis,
                struct sr_figures *figures, struct err *err)
{
    struct statvfs f;
    const char *name;
    g_autofree char *dir = folder(sr);
    g_autoptr(GDir) d = g_dir_open(dir, 0, NULL);
    *figures = (struct sr_figures){ 0 };
    if (!d)
        return sr_fail(err, SR_FAIL_SR, "%s cannot be read: %s", dir,
                       g_strerror(errno));
    while ((name = g_dir_read_name(d)))
        add(dir, name, vdis);
    if (statvfs(dir, &f) == 0) {
        figures->physical_size = (uint64_t)f.f_blocks * f.f_frsize;
        figures->physical_utilisation =
            (uint64_t)(f.f_blocks - f.f_bfree) * f.f_frsize;
    }
    return 0;
}

static int vdi_attach(const struct sr_spec *sr, const struct vdi_spec *v,
                      bool writable, struct vdi_attached *out, struct err *err)
{
    g_autofree char *dir = folder(sr);
    g_autofree char *path = g_build_filename(dir, v->location, NULL);
    if (writable)
        return sr_fail(err, SR_FAIL_VDI, "an ISO image is only read");
    if (strchr(v->location, '/') || access(path, R_OK) < 0)
        return sr_fail(err, SR_FAIL_VDI, "%s cannot be read", path);
    out->path = g_steal_pointer(&path);
    out->format = "raw";
    return 0;
}

static const char *const keys[] = { "*location", "type",       "options",
                                    "vers",      "nfsversion", "legacy_mode",
                                    NULL };
static const char *const capabilities[] = { "SR_UPDATE",  "SR_ATTACH",
                                            "SR_DETACH",  "SR_SCAN",
                                            "VDI_ATTACH", "VDI_DETACH",
                                            NULL };

const struct sr_driver sr_iso = {
    .type = "iso",
    .name = "ISO library",
    .description = "CD images in a folder or on an NFS server",
    .config_keys = keys,
    .capabilities = capabilities,
    .attach = attach,
    .detach = detach,
    .scan = scan,
    .vdi_attach = vdi_attach,
};
