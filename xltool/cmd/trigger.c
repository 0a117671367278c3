/* xl trigger: an nmi, reset or power event for a domain (way A). */
#include <stdlib.h>

#include "base/num.h"
#include "cmd/devices_common.h"

const struct opt_row cmd_trigger_opts[] = { { 0 } };

int cmd_trigger_run(struct cmd *c, struct err *err)
{
    libxl_trigger trigger;
    uint32_t domid;
    uint64_t vcpu = 0;
    if (cmd_domain(c, cmd_word(c, 0), &domid, err))
        return -1;
    if (libxl_trigger_from_string(cmd_word(c, 1), &trigger)) {
        err_set(err, ERR_FAIL, "Invalid trigger \"%s\"", cmd_word(c, 1));
        return err_hint(err,
                        "There are nmi, reset, init, power, sleep, s3resume.");
    }
    if (cmd_word(c, 2) && !num_parse_uint(cmd_word(c, 2), UINT32_MAX, &vcpu)) {
        fprintf(stderr, "xl: \"%s\" is no vcpu number; vcpu 0 is used\n",
                cmd_word(c, 2));
        vcpu = 0;
    }
    int rc =
        libxl_send_trigger(c->xen.ctx, domid, trigger, (uint32_t)vcpu, NULL);
    /* the original exits 0 here, and scripts count on it */
    if (rc) {
        xen_fail(&c->xen, err, rc, "the trigger was not delivered");
        devices_complain(err);
    }
    return 0;
}
