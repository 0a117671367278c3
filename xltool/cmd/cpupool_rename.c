/* xl cpupool-rename: gives a cpupool another name (way A). */
#include "cmd/cmd.h"

const struct opt_row cmd_cpupool_rename_opts[] = { { 0 } };

int cmd_cpupool_rename_run(struct cmd *c, struct err *err)
{
    uint32_t poolid;
    if (cmd_open(c, err) || find_cpupool(&c->xen, cmd_word(c, 0), &poolid, err))
        return -1;
    int rc = libxl_cpupool_rename(c->xen.ctx, cmd_word(c, 1), poolid);
    if (rc)
        return xen_fail(&c->xen, err, rc, "Can't rename cpupool '%s'",
                        cmd_word(c, 0));
    return 0;
}
