/* xl xenstore-quota-set: XenStore quotas, which this libxl cannot do (way A).
 */
#include "cmd/cmd.h"

const struct opt_row cmd_xenstore_quota_set_opts[] = {
    { 'g', NULL, NULL, "the quotas of all domains" }, { 0 }
};

int cmd_xenstore_quota_set_run(struct cmd *c, struct err *err)
{
    return cmd_newer(c, "4.22", NULL, err);
}
