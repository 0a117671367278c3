/* xl psr-mba-show: the memory bandwidth throttle of domains (way A). */
#include "cmd/psr_common.h"

const struct opt_row cmd_psr_mba_show_opts[] = { CMD_ROW_JSON, { 0 } };

int cmd_psr_mba_show_run(struct cmd *c, struct err *err)
{
    return psr_show(c, LIBXL_PSR_FEAT_TYPE_MBA, 0, err);
}
