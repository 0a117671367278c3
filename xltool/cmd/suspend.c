/* xl suspend: a domain goes to sleep in its memory (way A). */
#include "cmd/cmd.h"

const struct opt_row cmd_suspend_opts[] = { { 0 } };

int cmd_suspend_run(struct cmd *c, struct err *err)
{
    uint32_t domid;
    if (cmd_domain(c, cmd_word(c, 0), &domid, err))
        return -1;
    int rc = libxl_domain_suspend_only(c->xen.ctx, domid, NULL);
    if (rc == 0)
        return 0;
    xen_fail(&c->xen, err, rc, "\"%s\" was not suspended", cmd_word(c, 0));
    return err_hint(err, "The guest itself must agree; is its system up, and "
                         "not paused?");
}
