/* xl set-parameters: hypervisor parameters that can change at run time (way
 * A). */
#include "cmd/cmd.h"

const struct opt_row cmd_set_parameters_opts[] = { { 0 } };

int cmd_set_parameters_run(struct cmd *c, struct err *err)
{
    if (cmd_open(c, err))
        return -1;
    int rc = libxl_set_parameters(c->xen.ctx, c->o.words[0]);
    if (rc == 0)
        return 0;
    xen_fail(&c->xen, err, rc, "cannot set parameters: %s", cmd_word(c, 0));
    return err_hint(err, "Only parameters that Xen marks as changeable at run "
                         "time can be set; the others go on its command line.");
}
