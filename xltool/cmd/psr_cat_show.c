/* xl psr-cat-show: the cache masks of domains (way A). */
#include "cmd/psr_common.h"

const struct opt_row cmd_psr_cat_show_opts[] = {
    { 'l', "level", "LEVEL", "cache level 2 or 3 (default 3)" },
    CMD_ROW_JSON,
    { 0 }
};

int cmd_psr_cat_show_run(struct cmd *c, struct err *err)
{
    unsigned level;
    if (psr_level(c, &level, err))
        return -1;
    return psr_show(c, LIBXL_PSR_FEAT_TYPE_CAT, level, err);
}
