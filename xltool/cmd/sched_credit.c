/* xl sched-credit: weights and caps of the credit scheduler (way A). */
#include "cmd/sched_common.h"

const struct opt_row cmd_sched_credit_opts[] = {
    { 'd', "domain", "DOMAIN", "the domain to show or change" },
    { 'w', "weight", "WEIGHT", "its share against other domains (1-65535)" },
    { 'c', "cap", "CAP", "the most it may use, % of one cpu (0: no cap)" },
    { 's', "schedparam", NULL, "the scheduler's own parameters" },
    { 't', "tslice_ms", "MS", "time slice, in milliseconds" },
    { 'r', "ratelimit_us", "US", "least time a vcpu runs, in microseconds" },
    { 'm', "migration_delay_us", "US", "how long a vcpu counts as cache-hot" },
    { 'p', "cpupool", "CPUPOOL", "only this cpupool" },
    { SCHED_OPT_JSON, "json", NULL, "as JSON" },
    { 0 }
};

static int pool(struct cmd *c, const libxl_cpupoolinfo *info, GString *text,
                struct value *json, struct err *err)
{
    libxl_sched_credit_params p;
    libxl_sched_credit_params_init(&p);
    (void)err;
    if (libxl_sched_credit_params_get(c->xen.ctx, info->poolid, &p)) {
        g_string_append_printf(text, "Cpupool %s: [sched params unavailable]\n",
                               info->pool_name);
        return 0;
    }
    g_string_append_printf(
        text, "Cpupool %s: tslice=%dms ratelimit=%dus migration-delay=%dus\n",
        info->pool_name, p.tslice_ms, p.ratelimit_us, p.vcpu_migr_delay_us);
    value_set(json, "tslice_ms", value_int(p.tslice_ms));
    value_set(json, "ratelimit_us", value_int(p.ratelimit_us));
    value_set(json, "migration_delay_us", value_int(p.vcpu_migr_delay_us));
    return 0;
}

static void domain(const char *name, uint32_t domid,
                   const libxl_domain_sched_params *p, GString *text,
                   struct value *json)
{
    g_string_append_printf(text, "%-33s %4d %6d %4d\n", name, (int)domid,
                           p->weight, p->cap);
    value_set(json, "weight", value_int(p->weight));
    value_set(json, "cap", value_int(p->cap));
}

static const struct sched_kind kind = {
    .sched = LIBXL_SCHEDULER_CREDIT,
    .title = "credit",
    .header = "Name                                ID Weight  Cap\n",
    .pool = pool,
    .domain = domain,
};

static int change_pool(struct cmd *c, struct err *err)
{
    libxl_sched_credit_params p;
    uint32_t poolid = 0;
    const char *name = cmd_value(c, 'p');
    if (cmd_open(c, err) || (name && find_cpupool(&c->xen, name, &poolid, err)))
        return -1;
    libxl_sched_credit_params_init(&p);
    int rc = libxl_sched_credit_params_get(c->xen.ctx, poolid, &p);
    if (rc == 0 && (sched_number(c, 't', &p.tslice_ms, err) ||
                    sched_number(c, 'r', &p.ratelimit_us, err) ||
                    sched_number(c, 'm', &p.vcpu_migr_delay_us, err)))
        return -1;
    if (rc == 0)
        rc = libxl_sched_credit_params_set(c->xen.ctx, poolid, &p);
    return rc ? xen_fail(&c->xen, err, rc, "the scheduler was not changed") : 0;
}

static int change_domain(struct cmd *c, struct err *err)
{
    libxl_domain_sched_params p;
    uint32_t domid;
    if (cmd_domain(c, cmd_value(c, 'd'), &domid, err))
        return -1;
    libxl_domain_sched_params_init(&p);
    p.sched = LIBXL_SCHEDULER_CREDIT;
    if (sched_number(c, 'w', &p.weight, err) ||
        sched_number(c, 'c', &p.cap, err))
        return -1;
    int rc = libxl_domain_sched_params_set(c->xen.ctx, domid, &p);
    libxl_domain_sched_params_dispose(&p);
    return rc ? xen_fail(&c->xen, err, rc, "the domain was not changed") : 0;
}

int cmd_sched_credit_run(struct cmd *c, struct err *err)
{
    const char *who = cmd_value(c, 'd');
    bool change = cmd_has(c, 'w') || cmd_has(c, 'c');
    bool tune = cmd_has(c, 't') || cmd_has(c, 'r') || cmd_has(c, 'm');
    if (who && (cmd_has(c, 'p') || cmd_has(c, 's')))
        return err_set(err, ERR_FAIL,
                       "Specifying a cpupool or schedparam is not allowed with "
                       "domain options.");
    if (!who && change)
        return err_set(err, ERR_FAIL, "Must specify a domain.");
    if (!cmd_has(c, 's') && tune)
        return err_set(err, ERR_FAIL,
                       "Must specify schedparam to set schedule parameter "
                       "values.");
    if (tune)
        return change_pool(c, err);
    if (change)
        return change_domain(c, err);
    return sched_show(c, &kind, who, cmd_value(c, 'p'), cmd_has(c, 's'), err);
}
