/* xl getenforce: the mode of Xen's Flask security module (way A). */
#include "cmd/cmd.h"

#include <errno.h>

const struct opt_row cmd_getenforce_opts[] = { { 0 } };

int cmd_getenforce_run(struct cmd *c, struct err *err)
{
    if (cmd_open(c, err))
        return -1;
    int mode = libxl_flask_getenforce(c->xen.ctx);
    if (mode == 1 || mode == 0) {
        puts(mode ? "Enforcing" : "Permissive");
        return 0;
    }
    /* exit codes of the original: 255 without Flask */
    if (errno == ENOSYS || mode == -ENOSYS) {
        puts("Flask XSM Disabled");
        return cmd_exit(err, 255);
    }
    xen_fail(&c->xen, err, ERROR_FAIL, "Failed to get enforcing mode");
    err->exit_code = 255;
    return -1;
}
