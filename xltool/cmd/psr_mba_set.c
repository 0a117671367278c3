/* xl psr-mba-set: throttles the memory bandwidth of a domain (way A). */
#include "cmd/psr_common.h"

const struct opt_row cmd_psr_mba_set_opts[] = {
    { 's', "socket", "LIST", "only on these sockets, e.g. 0,2-3" }, { 0 }
};

int cmd_psr_mba_set_run(struct cmd *c, struct err *err)
{
    if (c->o.nr_words != 2) {
        cmd_usage(c, err, "a domain and one number");
        err->exit_code = 1; /* as the original's, here alone */
        return -1;
    }
    return psr_set(c, LIBXL_PSR_CBM_TYPE_MBA_THRTL, err);
}
