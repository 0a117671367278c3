/* xl vtpm-detach: takes a virtual TPM from a running domain (way A). */
#include "base/num.h"
#include "cmd/cmd.h"

const struct opt_row cmd_vtpm_detach_opts[] = { { 0 } };

static int find(struct cmd *c, uint32_t domid, const char *who,
                libxl_device_vtpm *vtpm, struct err *err)
{
    libxl_uuid uuid;
    uint64_t devid;
    int rc = ERROR_INVAL;
    if (libxl_uuid_from_string(&uuid, who) == 0)
        rc = libxl_uuid_to_device_vtpm(c->xen.ctx, domid, &uuid, vtpm);
    else if (num_parse_uint(who, INT32_MAX, &devid))
        rc = libxl_devid_to_device_vtpm(c->xen.ctx, domid, (int)devid, vtpm);
    xen_log_clear(c->xen.log);
    if (rc == 0)
        return 0;
    return err_set(err, ERR_NOENT, "Unknown device %s.", who);
}

int cmd_vtpm_detach_run(struct cmd *c, struct err *err)
{
    libxl_device_vtpm vtpm;
    uint32_t domid;
    if (cmd_domain(c, cmd_word(c, 0), &domid, err))
        return -1;
    libxl_device_vtpm_init(&vtpm);
    int r = find(c, domid, cmd_word(c, 1), &vtpm, err);
    int rc = r ? 0 : libxl_device_vtpm_remove(c->xen.ctx, domid, &vtpm, NULL);
    libxl_device_vtpm_dispose(&vtpm);
    if (rc)
        return xen_fail(&c->xen, err, rc, "the vTPM was not taken away");
    return r;
}
