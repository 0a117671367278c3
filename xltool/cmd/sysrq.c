/* xl sysrq: a magic SysRq letter for a Linux guest (way A). */
#include "cmd/devices_common.h"

const struct opt_row cmd_sysrq_opts[] = { { 0 } };

int cmd_sysrq_run(struct cmd *c, struct err *err)
{
    const char *letter = cmd_word(c, 1);
    uint32_t domid;
    if (cmd_domain(c, cmd_word(c, 0), &domid, err))
        return -1;
    if (!letter[0] || letter[1]) {
        cmd_usage(c, err, "Invalid sysrq \"%s\": it is one letter", letter);
        err->exit_code = 1; /* not 2, as the original */
        return -1;
    }
    int rc = libxl_send_sysrq(c->xen.ctx, domid, letter[0]);
    if (rc) {
        xen_fail(&c->xen, err, rc, "the letter was not delivered");
        devices_complain(err);
    }
    return 0;
}
