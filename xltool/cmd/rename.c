/* xl rename: give a domain another name (way A). */
#include "cmd/cmd.h"

const struct opt_row cmd_rename_opts[] = { { 0 } };

int cmd_rename_run(struct cmd *c, struct err *err)
{
    const char *who = cmd_word(c, 0), *name = cmd_word(c, 1);
    uint32_t domid, other;
    if (cmd_domain(c, who, &domid, err))
        return -1;
    if (libxl_name_to_domid(c->xen.ctx, name, &other) == 0 && other != domid)
        return err_set(err, ERR_EXISTS, "domain %u has the name \"%s\" already",
                       other, name);
    xen_log_clear(c->xen.log);
    int rc = libxl_domain_rename(c->xen.ctx, domid, NULL, name);
    return rc ? xen_fail(&c->xen, err, rc, "cannot rename \"%s\"", who) : 0;
}
