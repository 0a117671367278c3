/* Devices of this host as they are: a folder of links to them, as udev makes it
 * (way B). */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/sr_exec.h"

static int attach(const struct sr_spec *sr, struct err *err)
{
    const char *location = sr_need(sr->device_config, "location", err);
    if (!location)
        return -1;
    return g_file_test(location, G_FILE_TEST_IS_DIR)
               ? 0
               : sr_fail(err, SR_FAIL_SR, "%s is not a folder of devices",
                         location);
}

static void add(const char *dir, const char *name, struct sr_figures *figures,
                GArray *vdis)
{
    struct stat st;
    g_autofree char *path = g_build_filename(dir, name, NULL);
    if (stat(path, &st) < 0 || !S_ISBLK(st.st_mode))
        return;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    off_t size = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
    if (fd >= 0)
        close(fd);
    struct vdi_found v = {
        .location = g_strdup(path),
        .name = g_strdup(name),
        .format = g_strdup("raw"),
        .virtual_size = size > 0 ? (uint64_t)size : 0,
        .physical_utilisation = size > 0 ? (uint64_t)size : 0,
    };
    figures->physical_size += v.virtual_size;
    figures->physical_utilisation += v.virtual_size;
    figures->virtual_allocation += v.virtual_size;
    g_array_append_val(vdis, v);
}

static int scan(const struct sr_spec *sr, GArray *vdis,
                struct sr_figures *figures, struct err *err)
{
    const char *name;
    const char *dir = sr_need(sr->device_config, "location", err);
    g_autoptr(GDir) d = dir ? g_dir_open(dir, 0, NULL) : NULL;
    *figures = (struct sr_figures){ 0 };
    if (!d)
        return dir ? sr_fail(err, SR_FAIL_SR, "%s cannot be read", dir) : -1;
    while ((name = g_dir_read_name(d)))
        add(dir, name, figures, vdis);
    return 0;
}

static int vdi_attach(const struct sr_spec *sr, const struct vdi_spec *v,
                      bool writable, struct vdi_attached *out, struct err *err)
{
    (void)writable;
    const char *dir = sr_need(sr->device_config, "location", err);
    struct stat st;
    if (!dir)
        return -1;
    if (!g_str_has_prefix(v->location, dir) || stat(v->location, &st) < 0 ||
        !S_ISBLK(st.st_mode))
        return sr_fail(err, SR_FAIL_VDI, "there is no device %s", v->location);
    out->path = g_strdup(v->location);
    out->format = "raw";
    return 0;
}

static const char *const keys[] = { "*location", NULL };
static const char *const capabilities[] = { "SR_UPDATE",  "VDI_INTRODUCE",
                                            "VDI_ATTACH", "VDI_DETACH",
                                            "VDI_UPDATE", NULL };

const struct sr_driver sr_udev = {
    .type = "udev",
    .name = "Devices",
    .description = "Disks and drives of this host as they are",
    .config_keys = keys,
    .capabilities = capabilities,
    .attach = attach,
    .scan = scan,
    .vdi_attach = vdi_attach,
};
