/* xl cpupool-cpu-remove: takes cpus from a cpupool (way A). */
#include "cmd/cmd.h"
#include "op/host.h"

const struct opt_row cmd_cpupool_cpu_remove_opts[] = { { 0 } };

int cmd_cpupool_cpu_remove_run(struct cmd *c, struct err *err)
{
    const char *name = cmd_word(c, 0);
    libxl_bitmap cpus;
    uint32_t poolid;
    if (cmd_open(c, err) || find_cpupool(&c->xen, name, &poolid, err))
        return -1;
    int r = host_cpus(&c->xen, cmd_word(c, 1), &cpus, err);
    /* the original exits 0 even after a partial failure */
    if (r == 0 && libxl_cpupool_cpuremove_cpumap(c->xen.ctx, poolid, &cpus)) {
        fprintf(stderr,
                "Some cpus may have not or only partially been removed from "
                "'%s'.\n",
                name);
        fprintf(stderr,
                "If a cpu can't be added to another cpupool, add it to '%s' "
                "again and retry.\n",
                name);
    }
    libxl_bitmap_dispose(&cpus);
    return r;
}
