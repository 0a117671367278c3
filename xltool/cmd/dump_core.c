/* xl dump-core: writes a domain's memory and registers to a file (way A). */
#include "cmd/cmd.h"

#include <unistd.h>

const struct opt_row cmd_dump_core_opts[] = { { 0 } };

int cmd_dump_core_run(struct cmd *c, struct err *err)
{
    const char *file = cmd_word(c, 1);
    uint32_t domid;
    if (cmd_domain(c, cmd_word(c, 0), &domid, err))
        return -1;
    bool was_there = access(file, F_OK) == 0;
    int rc = libxl_domain_core_dump(c->xen.ctx, domid, file, NULL);
    if (rc == 0)
        return 0;
    xen_fail(&c->xen, err, rc, "core dump failed");
    if (!was_there)
        unlink(file); /* half a dump helps nobody */
    return -1;
}
