/* xl destroy: end a domain at once (way A). */
#include "cmd/cmd.h"

const struct opt_row cmd_destroy_opts[] = {
    { 'f', NULL, NULL, "destroy even domain 0 (this host goes down)" }, { 0 }
};

int cmd_destroy_run(struct cmd *c, struct err *err)
{
    const char *who = cmd_word(c, 0);
    uint32_t domid;
    if (cmd_domain(c, who, &domid, err))
        return -1;
    if (domid == 0 && !cmd_has(c, 'f')) {
        err_set(err, ERR_FAIL, "domain 0 is this host itself; not destroyed");
        return err_hint(err, "If you mean it: xl destroy -f 0");
    }
    int rc = libxl_domain_destroy(c->xen.ctx, domid, NULL);
    if (rc)
        return xen_fail(&c->xen, err, rc, "cannot destroy \"%s\"", who);
    return 0;
}
