/* xl dt-overlay: device tree overlays, which this libxl cannot do (way A). */
#include "cmd/cmd.h"

const struct opt_row cmd_dt_overlay_opts[] = { { 0 } };

/* libxl declares it for Arm hosts only, and this xl is made for x86. */
int cmd_dt_overlay_run(struct cmd *c, struct err *err)
{
    return cmd_newer(c, "4.18", "on Arm hosts", err);
}
