/* What the sched-* commands share (way A). */
#include "cmd/sched_common.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

int sched_number(const struct cmd *c, char letter, int *out, struct err *err)
{
    const char *text = cmd_value(c, letter);
    char *end;
    if (!text)
        return 0;
    errno = 0;
    long n = strtol(text, &end, 10);
    if (errno || end == text || *end || n > INT_MAX || n < INT_MIN)
        return err_set(err, ERR_CONFIG, "\"%s\" is no number", text);
    *out = (int)n;
    return 0;
}

int sched_domain_get(struct cmd *c, const struct sched_kind *kind,
                     uint32_t domid, libxl_domain_sched_params *p_out,
                     struct err *err)
{
    int rc = libxl_domain_sched_params_get(c->xen.ctx, domid, p_out);
    if (rc)
        return xen_fail(&c->xen, err, rc,
                        "cannot read the scheduling of domain %u", domid);
    if (p_out->sched != kind->sched)
        return err_set(err, ERR_FAIL,
                       "libxl_domain_sched_params_get returned %s not %s.",
                       libxl_scheduler_to_string(p_out->sched), kind->title);
    return 0;
}

static int one_domain(struct cmd *c, const struct sched_kind *kind,
                      uint32_t domid, GString *text, struct value *domains,
                      struct err *err)
{
    libxl_domain_sched_params p;
    libxl_domain_sched_params_init(&p);
    int r = sched_domain_get(c, kind, domid, &p, err);
    if (r == 0) {
        char *name = libxl_domid_to_name(c->xen.ctx, domid);
        struct value *row = value_object();
        value_set(row, "name", value_string(name));
        value_set(row, "domid", value_int(domid));
        kind->domain(name ? name : "(null)", domid, &p, text, row);
        value_push(domains, row);
        free(name);
    }
    libxl_domain_sched_params_dispose(&p);
    return r;
}

static int pool_domains(struct cmd *c, const struct sched_kind *kind,
                        uint32_t poolid, GString *text, struct value *domains,
                        struct err *err)
{
    int nr = 0, r = 0;
    libxl_dominfo *infos = libxl_list_domain(c->xen.ctx, &nr);
    if (!infos)
        return xen_fail(&c->xen, err, ERROR_FAIL, "cannot list the domains");
    g_string_append(text, kind->header);
    for (int i = 0; i < nr && r == 0; i++)
        if (infos[i].cpupool == poolid)
            r = one_domain(c, kind, infos[i].domid, text, domains, err);
    libxl_dominfo_list_free(infos, nr);
    return r;
}

static int all_pools(struct cmd *c, const struct sched_kind *kind,
                     const char *name, bool params_only, GString *text,
                     struct value *json, struct err *err)
{
    int nr = 0, r = 0;
    uint32_t only = 0;
    if (name && find_cpupool(&c->xen, name, &only, err))
        return -1;
    libxl_cpupoolinfo *pools = libxl_list_cpupool(c->xen.ctx, &nr);
    if (!pools)
        return xen_fail(&c->xen, err, ERROR_FAIL, "cannot list the cpupools");
    for (int i = 0; i < nr && r == 0; i++) {
        if (pools[i].sched != kind->sched || (name && pools[i].poolid != only))
            continue;
        struct value *row = value_object();
        struct value *domains = value_array();
        value_set(row, "cpupool", value_string(pools[i].pool_name));
        r = kind->pool(c, &pools[i], text, row, err);
        if (r == 0 && !params_only)
            r = pool_domains(c, kind, pools[i].poolid, text, domains, err);
        value_set(row, "domains", domains);
        value_push(json, row);
    }
    libxl_cpupoolinfo_list_free(pools, nr);
    return r;
}

int sched_show(struct cmd *c, const struct sched_kind *kind, const char *who,
               const char *pool, bool params_only, struct err *err)
{
    g_autoptr(GString) text = g_string_new(NULL);
    struct value *json = value_array();
    uint32_t domid;
    int r = cmd_open(c, err);
    if (r == 0 && who) {
        r = cmd_domain(c, who, &domid, err);
        g_string_append(text, kind->header);
        if (r == 0)
            r = one_domain(c, kind, domid, text, json, err);
    } else if (r == 0) {
        r = all_pools(c, kind, pool, params_only, text, json, err);
    }
    if (r || !cmd_has(c, SCHED_OPT_JSON)) {
        if (r == 0)
            fwrite(text->str, 1, text->len, stdout);
        value_free(json);
        return r;
    }
    cmd_print_json(json);
    return 0;
}
