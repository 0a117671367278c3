/* xl setenforce: sets the mode of Xen's Flask security module (way A). */
#include "cmd/cmd.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

const struct opt_row cmd_setenforce_opts[] = { { 0 } };

int cmd_setenforce_run(struct cmd *c, struct err *err)
{
    const char *word = cmd_word(c, 0);
    int mode = -1;
    if (!strcmp(word, "1") || !strcasecmp(word, "enforcing"))
        mode = 1;
    else if (!strcmp(word, "0") || !strcasecmp(word, "permissive"))
        mode = 0;
    if (mode < 0)
        return cmd_usage(c, err, "\"%s\" is neither Enforcing nor Permissive",
                         word);
    if (cmd_open(c, err))
        return -1;
    int rc = libxl_flask_setenforce(c->xen.ctx, mode);
    if (rc == 0)
        return 0;
    if (errno == ENOSYS || rc == -ENOSYS)
        err_set(err, ERR_UNSUPPORTED, "Flask XSM disabled");
    else
        xen_fail(&c->xen, err, rc, "the mode was not set");
    err->exit_code = 255;
    return err_hint(err, "Flask is there when Xen was built with XSM and "
                         "booted with flask=enforcing or flask=permissive.");
}
