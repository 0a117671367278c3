/* xl dmesg: the hypervisor's message ring (way A). */
#include "cmd/cmd.h"

const struct opt_row cmd_dmesg_opts[] = {
    { 'c', "clear", NULL, "empty the ring after reading it" }, { 0 }
};

int cmd_dmesg_run(struct cmd *c, struct err *err)
{
    if (cmd_open(c, err))
        return -1;
    libxl_xen_console_reader *reader =
        libxl_xen_console_read_start(c->xen.ctx, cmd_has(c, 'c'));
    if (!reader)
        return xen_fail(&c->xen, err, ERROR_FAIL,
                        "cannot read the hypervisor's messages");
    char *line;
    int more;
    while ((more = libxl_xen_console_read_line(c->xen.ctx, reader, &line)) > 0)
        fputs(line, stdout);
    libxl_xen_console_read_finish(c->xen.ctx, reader);
    return more < 0 ? xen_fail(&c->xen, err, more,
                               "cannot read the hypervisor's messages")
                    : 0;
}
