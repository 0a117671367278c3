/* xl sched-rtds: periods and budgets of the real-time scheduler (way A). */
#include <stdlib.h>
#include <string.h>

#include "cmd/sched_common.h"

const struct opt_row cmd_sched_rtds_opts[] = {
    { 'd', "domain", "DOMAIN", "the domain to show or change" },
    { 'v', "vcpuid", "VCPU", "one of its vcpus, or all" },
    { 'p', "period", "US", "period of the vcpu, in microseconds" },
    { 'b', "budget", "US", "cpu time in each period, in microseconds" },
    { 'e', "extratime", "0|1", "whether it may use time that is left over" },
    { 'c', "cpupool", "CPUPOOL", "only this cpupool" },
    { SCHED_OPT_JSON, "json", NULL, "as JSON" },
    { 0 }
};

static int pool(struct cmd *c, const libxl_cpupoolinfo *info, GString *text,
                struct value *json, struct err *err)
{
    (void)c, (void)json, (void)err;
    g_string_append_printf(text, "Cpupool %s: sched=RTDS\n", info->pool_name);
    return 0;
}

static void domain(const char *name, uint32_t domid,
                   const libxl_domain_sched_params *p, GString *text,
                   struct value *json)
{
    g_string_append_printf(text, "%-33s %4d %9d %9d %10s\n", name, (int)domid,
                           p->period, p->budget, p->extratime ? "yes" : "no");
    value_set(json, "period_us", value_int(p->period));
    value_set(json, "budget_us", value_int(p->budget));
    value_set(json, "extratime", value_bool(p->extratime != 0));
}

static const struct sched_kind kind = {
    .sched = LIBXL_SCHEDULER_RTDS,
    .title = "rtds",
    .header = "Name                                ID    Period    Budget  "
              "Extratime\n",
    .pool = pool,
    .domain = domain,
};

static int vcpu_rows(struct cmd *c, uint32_t domid, struct err *err)
{
    libxl_vcpu_sched_params p;
    libxl_vcpu_sched_params_init(&p);
    int rc = libxl_vcpu_sched_params_get_all(c->xen.ctx, domid, &p);
    if (rc) {
        libxl_vcpu_sched_params_dispose(&p);
        return xen_fail(&c->xen, err, rc,
                        "cannot read the scheduling of its vcpus");
    }
    char *name = libxl_domid_to_name(c->xen.ctx, domid);
    printf("%-33s %4s %4s %9s %9s %10s\n", "Name", "ID", "VCPU", "Period",
           "Budget", "Extratime");
    for (int i = 0; i < p.num_vcpus; i++)
        printf("%-33s %4d %4d %9u %9u %10s\n", name, (int)domid,
               p.vcpus[i].vcpuid, (unsigned)p.vcpus[i].period,
               (unsigned)p.vcpus[i].budget,
               p.vcpus[i].extratime ? "yes" : "no");
    free(name);
    libxl_vcpu_sched_params_dispose(&p);
    return 0;
}

static int change(struct cmd *c, uint32_t domid, struct err *err)
{
    libxl_domain_sched_params p;
    libxl_domain_sched_params_init(&p);
    int r = sched_domain_get(c, &kind, domid, &p, err);
    if (r == 0 && (sched_number(c, 'p', &p.period, err) ||
                   sched_number(c, 'b', &p.budget, err) ||
                   sched_number(c, 'e', &p.extratime, err)))
        r = -1;
    int rc = r == 0 ? libxl_domain_sched_params_set(c->xen.ctx, domid, &p) : 0;
    libxl_domain_sched_params_dispose(&p);
    if (rc)
        return xen_fail(&c->xen, err, rc, "the domain was not changed");
    return r;
}

static int change_vcpus(struct cmd *c, uint32_t domid, struct err *err)
{
    const char *which = cmd_value(c, 'v');
    libxl_vcpu_sched_params p;
    libxl_vcpu_sched_params_init(&p);
    p.sched = LIBXL_SCHEDULER_RTDS;
    p.num_vcpus = 1;
    p.vcpus = calloc(1, sizeof(*p.vcpus));
    libxl_sched_params_init(p.vcpus);
    p.vcpus->extratime = -1;
    int r = sched_number(c, 'p', &p.vcpus->period, err) ||
            sched_number(c, 'b', &p.vcpus->budget, err) ||
            sched_number(c, 'e', &p.vcpus->extratime, err);
    int rc = 0;
    if (!r && !strcmp(which, "all"))
        rc = libxl_vcpu_sched_params_set_all(c->xen.ctx, domid, &p);
    else if (!r && !(r = sched_number(c, 'v', &p.vcpus->vcpuid, err)))
        rc = libxl_vcpu_sched_params_set(c->xen.ctx, domid, &p);
    libxl_vcpu_sched_params_dispose(&p);
    if (rc)
        return xen_fail(&c->xen, err, rc, "the vcpus were not changed");
    return r ? -1 : 0;
}

int cmd_sched_rtds_run(struct cmd *c, struct err *err)
{
    const char *who = cmd_value(c, 'd');
    bool params = cmd_has(c, 'p') || cmd_has(c, 'b') || cmd_has(c, 'e');
    uint32_t domid;
    if (cmd_has(c, 'c') && (who || params))
        return err_set(err, ERR_FAIL,
                       "Specifying a cpupool is not allowed with other "
                       "options.");
    if (!who && params)
        return err_set(err, ERR_FAIL, "Missing parameters.");
    if (!who && cmd_has(c, 'v'))
        return err_set(err, ERR_FAIL, "Must specify a domain.");
    if (!params && !cmd_has(c, 'v'))
        return sched_show(c, &kind, who, cmd_value(c, 'c'), false, err);
    if (cmd_domain(c, who, &domid, err))
        return -1;
    if (!params)
        return vcpu_rows(c, domid, err);
    return cmd_has(c, 'v') ? change_vcpus(c, domid, err)
                           : change(c, domid, err);
}
