/* A VNC viewer on a guest's screen (way A). */
#include "op/vnc.h"

#include <stdio.h>
#include <unistd.h>

#include "xen/child.h"

void vnc_start(struct xen *x, uint32_t domid, bool autopass)
{
    ERR_AUTO err = { 0 };
    pid_t pid = child_fork(x, &err);
    if (pid < 0)
        err_print(stderr, "xl", &err);
    if (pid != 0)
        return;
    sleep(1); /* the device model needs a moment to listen */
    libxl_vncviewer_exec(x->ctx, domid, autopass);
    fprintf(stderr, "xl: no vncviewer could be started\n");
    _exit(1);
}
