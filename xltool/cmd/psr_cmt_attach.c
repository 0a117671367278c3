/* xl psr-cmt-attach: starts cache and bandwidth monitoring of a domain (way
 * A). */
#include "cmd/cmd.h"

const struct opt_row cmd_psr_cmt_attach_opts[] = { { 0 } };

int cmd_psr_cmt_attach_run(struct cmd *c, struct err *err)
{
    uint32_t domid;
    if (cmd_domain(c, cmd_word(c, 0), &domid, err))
        return -1;
    int rc = libxl_psr_cmt_attach(c->xen.ctx, domid);
    if (rc == 0)
        return 0;
    xen_fail(&c->xen, err, rc, "monitoring was not started");
    err->exit_code = rc & 0xff; /* as the original's */
    return -1;
}
