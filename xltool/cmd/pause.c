/* xl pause: stop scheduling a domain (way A). */
#include "cmd/cmd.h"

const struct opt_row cmd_pause_opts[] = { { 0 } };

int cmd_pause_run(struct cmd *c, struct err *err)
{
    uint32_t domid;
    if (cmd_domain(c, cmd_word(c, 0), &domid, err))
        return -1;
    int rc = libxl_domain_pause(c->xen.ctx, domid, NULL);
    return rc ? xen_fail(&c->xen, err, rc, "cannot pause \"%s\"",
                         cmd_word(c, 0))
              : 0;
}
