/* xl loadpolicy: gives Xen's Flask security module a new policy (way A). */
#include "cmd/cmd.h"

#include <errno.h>

const struct opt_row cmd_loadpolicy_opts[] = { { 0 } };

int cmd_loadpolicy_run(struct cmd *c, struct err *err)
{
    g_autofree char *policy = NULL;
    g_autoptr(GError) why = NULL;
    gsize size = 0;
    if (cmd_open(c, err))
        return -1;
    if (!g_file_get_contents(cmd_word(c, 0), &policy, &size, &why)) {
        err_set(err, ERR_IO, "cannot read the policy file: %s", why->message);
        err->exit_code = 255;
        return -1;
    }
    int rc = libxl_flask_loadpolicy(c->xen.ctx, policy, (uint32_t)size);
    if (rc == 0) {
        puts("Successfully loaded policy.");
        return 0;
    }
    if (errno == ENOSYS || rc == -ENOSYS)
        err_set(err, ERR_UNSUPPORTED, "Flask XSM disabled");
    else
        xen_fail(&c->xen, err, rc, "Xen did not take the policy");
    err->exit_code = 255;
    return -1;
}
