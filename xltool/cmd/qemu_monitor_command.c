/* xl qemu-monitor-command: a line for the device model's monitor (way A). */
#include "cmd/cmd.h"

#include <stdlib.h>

#include "cmd/devices_common.h"

const struct opt_row cmd_qemu_monitor_command_opts[] = { { 0 } };

int cmd_qemu_monitor_command_run(struct cmd *c, struct err *err)
{
    char *answer = NULL;
    uint32_t domid;
    if (cmd_domain(c, cmd_word(c, 0), &domid, err))
        return -1;
    g_autofree char *line = devices_spec(c, 1, " ");
    int rc = libxl_qemu_monitor_command(c->xen.ctx, domid, line, &answer, NULL);
    if (rc) {
        xen_fail(&c->xen, err, rc, "the device model did not answer");
        return err_hint(err, "Only guests with a device model have one: HVM, "
                             "and PV or PVH with devices that QEMU serves.");
    }
    if (answer)
        puts(answer);
    free(answer);
    return 0;
}
