/* SRs that are a whole device: a volume group with one ext4 file system, as
 * XenServer makes it (way B). */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "driver/sr_exec.h"
#include "driver/sr_folder.h"
#include "driver/sr_vg.h"

#define VG_PREFIX "XSLocalEXT-"

static char *volume(const struct sr_spec *sr)
{
    return g_strdup_printf("/dev/%s%s/%s", VG_PREFIX, sr->uuid, sr->uuid);
}

static int make_volume(const struct sr_spec *sr, struct err *err)
{
    g_autofree char *vg = g_strconcat(VG_PREFIX, sr->uuid, NULL);
    g_autofree char *lv = volume(sr);
    if (SR_RUN(SR_QUICK_S, NULL, err, "lvcreate", "-y", "-Wy", "-Zy", "-n",
               sr->uuid, "-l", "100%FREE", vg) < 0)
        return -1;
    return SR_RUN(600, NULL, err, "mkfs.ext4", "-q", "-F", "-m", "0", lv);
}

static int create(const struct sr_spec *sr, struct err *err)
{
    const char *device = sr_need(sr->device_config, "device", err);
    g_autofree char *vg = g_strconcat(VG_PREFIX, sr->uuid, NULL);
    if (!device || vg_create(vg, device, err) < 0)
        return -1;
    if (make_volume(sr, err) == 0)
        return 0;
    vg_remove(vg, device, NULL);
    return -1;
}

static int attach(const struct sr_spec *sr, struct err *err)
{
    g_autofree char *vg = g_strconcat(VG_PREFIX, sr->uuid, NULL);
    g_autofree char *path = g_build_filename(SR_MOUNTS, sr->uuid, NULL);
    g_autofree char *lv = volume(sr);
    if (folder_is_mount(path))
        return 0;
    if (SR_RUN(SR_QUICK_S, NULL, err, "vgchange", "-ay", vg) < 0)
        return -1;
    if (g_mkdir_with_parents(path, 0700) < 0)
        return sr_fail(err, SR_FAIL_MOUNT, "cannot make %s: %s", path,
                       g_strerror(errno));
    int r = SR_RUN(SR_QUICK_S, NULL, err, "mount", "-t", "ext4", lv, path);
    if (r < 0)
        rmdir(path);
    return r;
}

static int detach(const struct sr_spec *sr, struct err *err)
{
    g_autofree char *vg = g_strconcat(VG_PREFIX, sr->uuid, NULL);
    return folder_unmount(sr, err) < 0
               ? -1
               : SR_RUN(SR_QUICK_S, NULL, err, "vgchange", "-an", vg);
}

static int destroy(const struct sr_spec *sr, struct err *err)
{
    g_autofree char *vg = g_strconcat(VG_PREFIX, sr->uuid, NULL);
    return vg_remove(vg, sr_config(sr->device_config, "device"), err);
}

static int probe(const struct value *device_config, char **xml_out,
                 struct err *err)
{
    return vg_probe(VG_PREFIX, device_config, xml_out, err);
}

static const char *const keys[] = { "*device", NULL };

const struct sr_driver sr_ext = {
    .type = "ext",
    .name = "Local ext4",
    .description = "Disks as files in an ext4 file system on a device",
    .config_keys = keys,
    .capabilities = folder_probe_capabilities,
    .create = create,
    .destroy = destroy,
    .attach = attach,
    .detach = detach,
    .probe = probe,
    FOLDER_VDI_OPERATIONS,
};
