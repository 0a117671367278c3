/* What cd-insert and cd-eject share. */
#ifndef CMD_CD_COMMON_H
#define CMD_CD_COMMON_H

#include "cmd/cmd.h"

/* Puts the medium `path` ("" or NULL: none) into drive `vdev` of a running
 * domain. With -N only shows the drive as it would be. */
int cd_change(struct cmd *c, const char *path, struct err *err);

#endif
