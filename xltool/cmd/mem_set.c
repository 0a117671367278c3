/* xl mem-set: change the memory a running domain aims at (way A). */
#include "base/num.h"
#include "cmd/cmd.h"

const struct opt_row cmd_mem_set_opts[] = { { 0 } };

int cmd_mem_set_run(struct cmd *c, struct err *err)
{
    const char *who = cmd_word(c, 0), *size = cmd_word(c, 1);
    uint32_t domid;
    int64_t kib;
    if (cmd_domain(c, who, &domid, err))
        return -1;
    if (!num_parse_kib(size, 'm', &kib)) {
        err_set(err, ERR_FAIL, "\"%s\" is no memory size", size);
        return err_hint(err, "Write MiB (512) or a unit: 512m, 2g, 524288k.");
    }
    int rc = libxl_set_memory_target(c->xen.ctx, domid, kib, 0, 1);
    return rc ? xen_fail(&c->xen, err, rc,
                         "cannot set the memory of \"%s\" to %s", who, size)
              : 0;
}
