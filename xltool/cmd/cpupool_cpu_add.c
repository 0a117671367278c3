/* xl cpupool-cpu-add: gives cpus to a cpupool (way A). */
#include "cmd/cmd.h"
#include "op/host.h"

const struct opt_row cmd_cpupool_cpu_add_opts[] = { { 0 } };

int cmd_cpupool_cpu_add_run(struct cmd *c, struct err *err)
{
    libxl_bitmap cpus;
    uint32_t poolid;
    if (cmd_open(c, err) || find_cpupool(&c->xen, cmd_word(c, 0), &poolid, err))
        return -1;
    int r = host_cpus(&c->xen, cmd_word(c, 1), &cpus, err);
    /* the original exits 0 even when some cpus could not be added */
    if (r == 0 && libxl_cpupool_cpuadd_cpumap(c->xen.ctx, poolid, &cpus))
        fprintf(stderr, "some cpus may not have been added to %s\n",
                cmd_word(c, 0));
    libxl_bitmap_dispose(&cpus);
    return r;
}
