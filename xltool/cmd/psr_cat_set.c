/* xl psr-cat-set: which parts of a cache a domain may fill (way A). */
#include "cmd/psr_common.h"

const struct opt_row cmd_psr_cat_set_opts[] = {
    { 's', "socket", "LIST", "only on these sockets, e.g. 0,2-3" },
    { 'l', "level", "LEVEL", "cache level 2 or 3 (default 3)" },
    { 'c', "code", NULL, "the mask for code, where CDP is on" },
    { 'd', "data", NULL, "the mask for data, where CDP is on" },
    { 0 }
};

int cmd_psr_cat_set_run(struct cmd *c, struct err *err)
{
    libxl_psr_type type = LIBXL_PSR_CBM_TYPE_L3_CBM;
    unsigned level;
    if (psr_level(c, &level, err))
        return -1;
    if (cmd_has(c, 'c') && cmd_has(c, 'd')) {
        err_set(err, ERR_CONFIG, "Cannot handle -c and -d at the same time");
        return err_hint(err, "Call it twice.");
    }
    if (cmd_has(c, 'c'))
        type = LIBXL_PSR_CBM_TYPE_L3_CBM_CODE;
    else if (cmd_has(c, 'd'))
        type = LIBXL_PSR_CBM_TYPE_L3_CBM_DATA;
    else if (level == 2)
        type = LIBXL_PSR_CBM_TYPE_L2_CBM;
    return psr_set(c, type, err);
}
