/* xl cpupool-migrate: moves a domain to another cpupool (way A). */
#include "cmd/cmd.h"

const struct opt_row cmd_cpupool_migrate_opts[] = { { 0 } };

int cmd_cpupool_migrate_run(struct cmd *c, struct err *err)
{
    uint32_t poolid, domid;
    if (cmd_domain(c, cmd_word(c, 0), &domid, err) ||
        find_cpupool(&c->xen, cmd_word(c, 1), &poolid, err))
        return -1;
    int rc = libxl_cpupool_movedomain(c->xen.ctx, poolid, domid);
    if (rc)
        return xen_fail(&c->xen, err, rc,
                        "cannot move \"%s\" to cpupool \"%s\"", cmd_word(c, 0),
                        cmd_word(c, 1));
    return 0;
}
