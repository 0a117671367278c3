/* xl unpause: let a paused domain run again (way A). */
#include "cmd/cmd.h"

const struct opt_row cmd_unpause_opts[] = { { 0 } };

int cmd_unpause_run(struct cmd *c, struct err *err)
{
    uint32_t domid;
    if (cmd_domain(c, cmd_word(c, 0), &domid, err))
        return -1;
    int rc = libxl_domain_unpause(c->xen.ctx, domid, NULL);
    return rc ? xen_fail(&c->xen, err, rc, "cannot unpause \"%s\"",
                         cmd_word(c, 0))
              : 0;
}
