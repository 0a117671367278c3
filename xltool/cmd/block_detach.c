/* xl block-detach: takes a disk from a running domain (way A). */
#include "cmd/cmd.h"

const struct opt_row cmd_block_detach_opts[] = {
    { 'f', "force", NULL, "do not wait until the domain lets go of it" }, { 0 }
};

int cmd_block_detach_run(struct cmd *c, struct err *err)
{
    const char *vdev = cmd_word(c, 1);
    libxl_device_disk disk;
    uint32_t domid;
    if (cmd_domain(c, cmd_word(c, 0), &domid, err))
        return -1;
    libxl_device_disk_init(&disk);
    if (libxl_vdev_to_device_disk(c->xen.ctx, domid, vdev, &disk)) {
        xen_log_clear(c->xen.log);
        err_set(err, ERR_NOENT, "Error: Device %s not connected.", vdev);
        return err_hint(err, "`xl block-list %s` shows its disks.",
                        cmd_word(c, 0));
    }
    int rc =
        cmd_has(c, 'f')
            ? libxl_device_disk_destroy(c->xen.ctx, domid, &disk, NULL)
            : libxl_device_disk_safe_remove(c->xen.ctx, domid, &disk, NULL);
    libxl_device_disk_dispose(&disk);
    if (rc == 0)
        return 0;
    xen_fail(&c->xen, err, rc, "the disk %s was not taken away", vdev);
    return err_hint(err, "A guest that holds it (mounted?) keeps it; "
                         "`xl block-detach -f` does not ask the guest.");
}
