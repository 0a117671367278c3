/* xl cd-eject: empties a guest's CD drive (way A). */
#include "cmd/cd_common.h"

const struct opt_row cmd_cd_eject_opts[] = { { 0 } };

int cmd_cd_eject_run(struct cmd *c, struct err *err)
{
    return cd_change(c, NULL, err);
}
