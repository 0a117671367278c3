/* xl debug-keys: keys for the hypervisor's own debug handlers; their output is
 * in `xl dmesg` (way A). */
#include "cmd/cmd.h"

const struct opt_row cmd_debug_keys_opts[] = { { 0 } };

int cmd_debug_keys_run(struct cmd *c, struct err *err)
{
    if (cmd_open(c, err))
        return -1;
    int rc = libxl_send_debug_keys(c->xen.ctx, c->o.words[0]);
    if (rc)
        return xen_fail(&c->xen, err, rc, "cannot send debug keys: %s",
                        cmd_word(c, 0));
    return 0;
}
