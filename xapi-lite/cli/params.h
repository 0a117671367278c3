/* CLASS-param-set, -add, -remove, -clear. */
#ifndef CLI_PARAMS_H
#define CLI_PARAMS_H

#include "cli/internal.h"

int params_set(struct cli *c, const struct xe_class *k);
int params_add(struct cli *c, const struct xe_class *k);
int params_remove(struct cli *c, const struct xe_class *k);
int params_clear(struct cli *c, const struct xe_class *k);
/* The column of param-name=, or NULL after a failure. */
const struct xe_field *params_column(struct cli *c, const struct xe_class *k);

#endif
