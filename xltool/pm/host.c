/* The host as a whole: topology and what schedulers do for power. */
#include <errno.h>
#include <string.h>

#include "pm/pm.h"
#include "pm/view.h"

int pm_get_topology(struct pm *pm, char **args, int n, struct err *err)
{
    unsigned cpus = 0;
    g_autofree xc_cputopo_t *t = NULL;

    (void)args, (void)n;
    if (xc_cputopoinfo(pm->xch, &cpus, NULL))
        return err_errno(err, ERR_FAIL, errno, "cannot count the CPUs");
    t = g_new0(xc_cputopo_t, cpus);
    if (xc_cputopoinfo(pm->xch, &cpus, t))
        return err_errno(err, ERR_FAIL, errno, "cannot read the CPU topology");
    view_topology(pm->text, t, cpus);
    pm->json = view_topology_json(t, cpus);
    return 0;
}

int pm_set_smt(struct pm *pm, char **args, int n, struct err *err)
{
    bool on = n == 1 && !strcmp(args[0], "enable");

    if (n != 1 || (!on && strcmp(args[0], "disable") != 0))
        return pm_usage(err, "set-sched-smt takes enable or disable");
    if (xc_set_sched_opt_smt(pm->xch, on))
        return err_errno(err, ERR_UNSUPPORTED, errno,
                         "Xen did not %s power saving of the scheduler",
                         args[0]);
    g_string_append_printf(pm->text, "%s sched_smt_power_savings succeeded\n",
                           args[0]);
    return 0;
}

enum { POOL_0 = 0 };

static int credit_get(struct pm *pm, struct xen_sysctl_credit_schedule *s,
                      struct err *err)
{
    if (!xc_sched_credit_params_get(pm->xch, POOL_0, s))
        return 0;
    err_errno(err, ERR_UNSUPPORTED, errno,
              "cannot read parameters of the credit scheduler");
    err_hint(err, "only the scheduler credit (Xen option sched=credit) has a "
                  "migration delay; xl info xen_scheduler tells which runs");
    return -1;
}

int pm_get_delay(struct pm *pm, char **args, int n, struct err *err)
{
    struct xen_sysctl_credit_schedule s = { 0 };

    (void)args, (void)n;
    pm_note("deprecated for this: use xl sched-credit -s");
    if (credit_get(pm, &s, err)) {
        pm_note("%s; %s", err->message, err->hint);
        err_dispose(err);
        return 0;
    }
    g_string_append_printf(pm->text,
                           "Scheduler vcpu migration delay is %u us\n",
                           s.vcpu_migr_delay_us);
    pm->json = value_object();
    value_set(pm->json, "vcpu_migration_delay_us",
              value_int(s.vcpu_migr_delay_us));
    return 0;
}

int pm_set_delay(struct pm *pm, char **args, int n, struct err *err)
{
    struct xen_sysctl_credit_schedule s = { 0 };
    int us;

    pm_note("deprecated for this: use xl sched-credit -s -m DELAY");
    if (n > 1)
        return pm_usage(err, "set-vcpu-migration-delay takes one number");
    if (pm_number_parse(args[0], "the delay in microseconds", &us, err))
        return -1;
    if (credit_get(pm, &s, err)) {
        err->exit_code = EINVAL;
        return -1;
    }
    s.vcpu_migr_delay_us = (uint32_t)us;
    if (xc_sched_credit_params_set(pm->xch, POOL_0, &s))
        return err_errno(err, ERR_FAIL, errno,
                         "Xen did not set the migration delay to %d us", us);
    g_string_append_printf(pm->text,
                           "set vcpu migration delay to %d us succeeded\n", us);
    return 0;
}
