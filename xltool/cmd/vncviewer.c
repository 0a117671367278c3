/* xl vncviewer: becomes a VNC viewer on a domain's screen (way A). */
#include "cmd/cmd.h"

const struct opt_row cmd_vncviewer_opts[] = {
    { 'a', "autopass", NULL, "give it the password of the configuration" },
    { OPT_LONG(1), "vncviewer-autopass", NULL, NULL },
    { 0 }
};

int cmd_vncviewer_run(struct cmd *c, struct err *err)
{
    uint32_t domid;
    if (cmd_domain(c, cmd_word(c, 0), &domid, err))
        return -1;
    /* comes back only when it failed */
    int rc = libxl_vncviewer_exec(c->xen.ctx, domid,
                                  cmd_has(c, 'a') || cmd_has(c, OPT_LONG(1)));
    xen_fail(&c->xen, err, rc, "no VNC viewer could be started");
    return err_hint(err,
                    "Has \"%s\" a VNC screen (vnc=1), and is a program "
                    "vncviewer in the PATH?",
                    cmd_word(c, 0));
}
