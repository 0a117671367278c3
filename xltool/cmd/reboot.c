/* xl reboot: ask a domain, or all, to reboot (way A). */
#include "op/shutdown.h"

#include "base/num.h"
#include "cmd/cmd.h"

#define OPT_TIMEOUT OPT_LONG(1)

const struct opt_row cmd_reboot_opts[] = {
    { 'a', "all", NULL, "all domains but domain 0" },
    { 'w', "wait", NULL, "wait until they have gone down" },
    { 'F', NULL, NULL, "ACPI reset button where there are no PV drivers" },
    { OPT_TIMEOUT, "timeout", "SECONDS", "wait at most this long (with -w)" },
    { 0 }
};

int cmd_reboot_run(struct cmd *c, struct err *err)
{
    struct shutdown_how how = { .reboot = true,
                                .acpi = cmd_has(c, 'F'),
                                .wait = cmd_has(c, 'w') };
    const char *who = cmd_word(c, 0), *limit = cmd_value(c, OPT_TIMEOUT);
    uint64_t seconds = 0;
    uint32_t domid;
    if (limit && !num_parse_uint(limit, 1000000, &seconds))
        return cmd_usage(c, err, "\"%s\" is no number of seconds", limit);
    how.seconds = (unsigned)seconds;
    if (!who && !cmd_has(c, 'a'))
        return err_set(err, ERR_CONFIG, "name a domain, or -a for all");
    if (who && cmd_has(c, 'a'))
        return cmd_usage(c, err, "either -a or a domain, not both");
    if (!who)
        return cmd_open(c, err) ? -1 : shutdown_all(&c->xen, &how, err);
    if (cmd_domain(c, who, &domid, err))
        return -1;
    return shutdown_one(&c->xen, domid, &how, err);
}
