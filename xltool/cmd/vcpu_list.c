/* xl vcpu-list: one line per virtual cpu (way A). */
#include <stdlib.h>

#include "cmd/cmd.h"
#include "view/vcpus.h"

const struct opt_row cmd_vcpu_list_opts[] = { CMD_ROW_JSON, { 0 } };

struct output {
    GString *text;
    struct value *json; /* NULL: text is wanted */
    int nr_cpus;
};

static int add_domain(struct cmd *c, uint32_t domid, struct output *out,
                      struct err *err)
{
    int nr = 0, nr_cpus = 0;
    libxl_vcpuinfo *infos = libxl_list_vcpu(c->xen.ctx, domid, &nr, &nr_cpus);
    if (!infos)
        return xen_fail(&c->xen, err, ERROR_FAIL,
                        "cannot list the vcpus of domain %u", domid);
    char *name = find_name(&c->xen, domid);
    for (int i = 0; i < nr; i++) {
        struct view_vcpu v = { name, domid, &infos[i] };
        if (out->json)
            value_push(out->json, view_vcpu_value(&v, out->nr_cpus));
        else
            view_vcpu_row(out->text, &v, out->nr_cpus);
    }
    free(name);
    libxl_vcpuinfo_list_free(infos, nr);
    return 0;
}

static int add_all(struct cmd *c, struct output *out, struct err *err)
{
    int nr = 0, r = 0;
    libxl_dominfo *infos = libxl_list_domain(c->xen.ctx, &nr);
    if (!infos)
        return xen_fail(&c->xen, err, ERROR_FAIL, "cannot list the domains");
    for (int i = 0; i < nr; i++) {
        /* one that just died is left out, the others are still shown */
        ERR_AUTO gone = { 0 };
        if (add_domain(c, infos[i].domid, out, &gone) && nr == 1) {
            err_move(err, &gone);
            r = -1;
        }
    }
    libxl_dominfo_list_free(infos, nr);
    return r;
}

static int collect(struct cmd *c, struct output *out, struct err *err)
{
    libxl_physinfo host;
    libxl_physinfo_init(&host);
    int rc = libxl_get_physinfo(c->xen.ctx, &host);
    out->nr_cpus = (int)host.nr_cpus;
    libxl_physinfo_dispose(&host);
    if (rc)
        return xen_fail(&c->xen, err, rc, "cannot read the host's cpus");
    if (!c->o.nr_words)
        return add_all(c, out, err);
    for (int i = 0; i < c->o.nr_words; i++) {
        uint32_t domid;
        if (find_domain(&c->xen, cmd_word(c, i), &domid, err) ||
            add_domain(c, domid, out, err))
            return -1;
    }
    return 0;
}

int cmd_vcpu_list_run(struct cmd *c, struct err *err)
{
    struct output out = { 0 };
    if (cmd_open(c, err))
        return -1;
    out.text = g_string_new(NULL);
    if (cmd_has(c, CMD_OPT_JSON))
        out.json = value_array();
    else
        view_vcpu_header(out.text);
    int r = collect(c, &out, err);
    if (out.json && r == 0)
        cmd_print_json(out.json);
    else
        value_free(out.json);
    cmd_print(out.text);
    return r;
}
