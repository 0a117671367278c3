/* xl resume: a domain that xl suspend put to sleep goes on (way A). */
#include "cmd/cmd.h"

const struct opt_row cmd_resume_opts[] = { { 0 } };

static bool is_suspended(struct cmd *c, uint32_t domid)
{
    libxl_dominfo info;
    libxl_dominfo_init(&info);
    bool yes = libxl_domain_info(c->xen.ctx, &info, domid) == 0 &&
               info.shutdown &&
               info.shutdown_reason == LIBXL_SHUTDOWN_REASON_SUSPEND;
    libxl_dominfo_dispose(&info);
    return yes;
}

int cmd_resume_run(struct cmd *c, struct err *err)
{
    uint32_t domid;
    if (cmd_domain(c, cmd_word(c, 0), &domid, err))
        return -1;
    /* libxl would go through all the motions with a running domain */
    if (!is_suspended(c, domid)) {
        err_set(err, ERR_FAIL, "\"%s\" is not suspended", cmd_word(c, 0));
        return err_hint(err, "A paused domain goes on by `xl unpause`; `xl "
                             "list` shows the state.");
    }
    int rc = libxl_domain_resume(c->xen.ctx, domid, 1, NULL);
    return rc ? xen_fail(&c->xen, err, rc, "\"%s\" does not go on",
                         cmd_word(c, 0))
              : 0;
}
