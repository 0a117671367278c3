/* xl domid: the number of a domain's name (way A). */
#include "cmd/cmd.h"

const struct opt_row cmd_domid_opts[] = { { 0 } };

int cmd_domid_run(struct cmd *c, struct err *err)
{
    const char *name = cmd_word(c, 0);
    uint32_t domid;
    if (cmd_open(c, err))
        return -1;
    /* a name only: "7" is looked up as the name "7" */
    if (libxl_name_to_domid(c->xen.ctx, name, &domid)) {
        xen_log_clear(c->xen.log);
        err_set(err, ERR_NOENT, "there is no domain named \"%s\"", name);
        return err_hint(err, "`xl list` shows those that run.");
    }
    printf("%u\n", domid);
    return 0;
}
