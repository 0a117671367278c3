/* xl cpupool-destroy: deletes a cpupool without domains (way A). */
#include "cmd/cmd.h"

const struct opt_row cmd_cpupool_destroy_opts[] = { { 0 } };

int cmd_cpupool_destroy_run(struct cmd *c, struct err *err)
{
    uint32_t poolid;
    if (cmd_open(c, err) || find_cpupool(&c->xen, cmd_word(c, 0), &poolid, err))
        return -1;
    int rc = libxl_cpupool_destroy(c->xen.ctx, poolid);
    if (rc == 0)
        return 0;
    xen_fail(&c->xen, err, rc, "Can't destroy cpupool '%s'", cmd_word(c, 0));
    return err_hint(err, "Its domains must be moved first: xl cpupool-migrate");
}
