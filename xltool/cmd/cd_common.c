/* What cd-insert and cd-eject share (way A). */
#include "cmd/cd_common.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "dom/device.h"

static int change(struct cmd *c, uint32_t domid, libxl_device_disk *disk,
                  struct err *err)
{
    struct stat st;
    if (disk->format != LIBXL_DISK_FORMAT_EMPTY && stat(disk->pdev_path, &st))
        return err_errno(err, ERR_NOENT, errno, "Cannot stat file: %s",
                         disk->pdev_path);
    if (c->g.dryrun) {
        char *json = libxl_device_disk_to_json(c->xen.ctx, disk);
        printf("disk: %s\n", json ? json : "");
        free(json);
        return 0;
    }
    int rc = libxl_cdrom_insert(c->xen.ctx, domid, disk, NULL);
    if (rc == 0)
        return 0;
    xen_fail(&c->xen, err, rc, "the medium in drive %s was not changed",
             disk->vdev);
    return err_hint(err,
                    "Only HVM guests have CD drives, those with "
                    "devtype=cdrom in disk=; `xl block-list %s` shows "
                    "its disks.",
                    cmd_word(c, 0));
}

int cd_change(struct cmd *c, const char *path, struct err *err)
{
    const struct dom_host unknown = { 0 };
    libxl_domain_config config;
    uint32_t domid;
    if (cmd_domain(c, cmd_word(c, 0), &domid, err))
        return -1;
    g_autofree char *spec =
        g_strdup_printf("vdev=%s,access=r,devtype=cdrom,target=%s",
                        cmd_word(c, 1), path ? path : "");
    const char *const words[] = { spec, NULL };
    int r = dom_device_read("disk", words, &unknown, &config, err);
    if (r == 0)
        r = change(c, domid, &config.disks[0], err);
    libxl_domain_config_dispose(&config);
    return r ? -1 : 0;
}
