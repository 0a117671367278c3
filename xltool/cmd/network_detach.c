/* xl network-detach: takes a vif from a running domain (way A). */
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"

const struct opt_row cmd_network_detach_opts[] = { { 0 } };

/* The vif with this MAC or number; the original takes any junk for number 0,
 * which can take away the wrong vif: refused here. */
static int find(struct cmd *c, uint32_t domid, const char *who,
                libxl_device_nic *nic, struct err *err)
{
    char *end;
    long devid = strtol(who, &end, 10);
    int rc = ERROR_INVAL;
    if (strchr(who, ':'))
        rc = libxl_mac_to_device_nic(c->xen.ctx, domid, who, nic);
    else if (*who && !*end)
        rc = libxl_devid_to_device_nic(c->xen.ctx, domid, (int)devid, nic);
    xen_log_clear(c->xen.log);
    if (rc == 0)
        return 0;
    err_set(err, ERR_NOENT, "Unknown device %s.", who);
    return err_hint(err, "`xl network-list` shows its vifs: give a number "
                         "(Idx) or a MAC address.");
}

int cmd_network_detach_run(struct cmd *c, struct err *err)
{
    libxl_device_nic nic;
    uint32_t domid;
    if (cmd_domain(c, cmd_word(c, 0), &domid, err))
        return -1;
    libxl_device_nic_init(&nic);
    int r = find(c, domid, cmd_word(c, 1), &nic, err);
    int rc = r ? 0 : libxl_device_nic_remove(c->xen.ctx, domid, &nic, NULL);
    libxl_device_nic_dispose(&nic);
    if (rc)
        return xen_fail(&c->xen, err, rc, "the vif %s was not taken away",
                        cmd_word(c, 1));
    return r;
}
