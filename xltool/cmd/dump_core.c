/* xl dump-core: writes a domain's memory and registers to a file (way A). */
#include "cmd/cmd.h"

#include <stdlib.h>
#include <unistd.h>

#include "op/progress.h"
#include "op/transfer.h"

const struct opt_row cmd_dump_core_opts[] = { { 0 } };

static int dump(struct cmd *c, uint32_t domid, const char *file)
{
    char *name = find_name(&c->xen, domid);
    g_autofree char *doing = g_strdup_printf("writing the core of %s", name);
    struct progress_how seen = { .what = doing,
                                 .source = PROGRESS_FILE,
                                 .fd = -1,
                                 .path = file,
                                 .total = transfer_memory(&c->xen, domid) };
    struct progress *progress = progress_start(c->xen.log, &seen);
    int rc = libxl_domain_core_dump(c->xen.ctx, domid, file, NULL);
    progress_end(progress, rc == 0);
    free(name);
    return rc;
}

int cmd_dump_core_run(struct cmd *c, struct err *err)
{
    const char *file = cmd_word(c, 1);
    uint32_t domid;
    if (cmd_domain(c, cmd_word(c, 0), &domid, err))
        return -1;
    bool was_there = access(file, F_OK) == 0;
    int rc = dump(c, domid, file);
    if (rc == 0)
        return 0;
    xen_fail(&c->xen, err, rc, "core dump failed");
    if (!was_there)
        unlink(file); /* half a dump helps nobody */
    return -1;
}
