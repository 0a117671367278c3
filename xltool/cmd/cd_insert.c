/* xl cd-insert: puts a medium into a guest's CD drive (way A). */
#include "cmd/cd_common.h"

const struct opt_row cmd_cd_insert_opts[] = { { 0 } };

int cmd_cd_insert_run(struct cmd *c, struct err *err)
{
    return cd_change(c, cmd_word(c, 2), err);
}
