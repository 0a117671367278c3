/* xl vcpu-pin: where the vcpus of a domain may run, and prefer to (way A). */
#include <string.h>

#include "base/num.h"
#include "cmd/cmd.h"
#include "op/host.h"
#include "view/bitmap.h"

const struct opt_row cmd_vcpu_pin_opts[] = {
    { 'f', "force", NULL, "even when the vcpu was pinned by the hypervisor" },
    { 'i', "ignore-global-affinity-masks", NULL,
      "the cpu masks of xl.conf do not count" },
    { 0 }
};

/* What the words say. A map is NULL where it stays as it is ("-"). */
struct pin {
    uint32_t domid;
    bool all;
    uint32_t vcpu;
    libxl_bitmap hard_map, soft_map;
    const libxl_bitmap *hard, *soft;
};

static int read_vcpu(const char *word, struct pin *p, struct err *err)
{
    uint64_t n = 0;
    p->all = !strcmp(word, "all");
    if (!p->all && !num_parse_uint(word, INT32_MAX, &n))
        return err_set(err, ERR_CONFIG, "Error: Invalid argument %s as VCPU.",
                       word);
    p->vcpu = (uint32_t)n;
    return 0;
}

static int read_map(struct cmd *c, const char *word, libxl_bitmap *map,
                    const libxl_bitmap **used, struct err *err)
{
    if (!word || !strcmp(word, "-"))
        return 0;
    *used = map;
    return host_cpus(&c->xen, word, map, err);
}

static int dry_run(struct cmd *c, const struct pin *p)
{
    int cpus = libxl_get_max_cpus(c->xen.ctx);
    g_autoptr(GString) s = g_string_new("cpumap: ");
    if (p->hard)
        view_bitmap(s, p->hard, cpus);
    else
        g_string_append_c(s, '-');
    if (cmd_word(c, 3)) {
        g_string_append_c(s, ' ');
        if (p->soft)
            view_bitmap(s, p->soft, cpus);
        else
            g_string_append_c(s, '-');
    }
    puts(s->str);
    return 0;
}

static int pin_all(struct cmd *c, const struct pin *p, struct err *err)
{
    int vcpus = 0, cpus = 0;
    libxl_vcpuinfo *info = libxl_list_vcpu(c->xen.ctx, p->domid, &vcpus, &cpus);
    if (!info)
        return xen_fail(&c->xen, err, ERROR_FAIL, "cannot list its vcpus");
    libxl_vcpuinfo_list_free(info, vcpus);
    /* the original exits 0 here whatever happens */
    if (libxl_set_vcpuaffinity_all(c->xen.ctx, p->domid, (unsigned)vcpus,
                                   p->hard, p->soft))
        fprintf(stderr, "Could not set affinity.\n");
    return 0;
}

static int pin(struct cmd *c, const struct pin *p, struct err *err)
{
    if (p->all)
        return pin_all(c, p, err);
    int rc = cmd_has(c, 'f')
                 ? libxl_set_vcpuaffinity_force(c->xen.ctx, p->domid, p->vcpu,
                                                p->hard, p->soft)
                 : libxl_set_vcpuaffinity(c->xen.ctx, p->domid, p->vcpu,
                                          p->hard, p->soft);
    if (rc)
        return xen_fail(&c->xen, err, rc,
                        "Could not set affinity for vcpu `%u'", p->vcpu);
    return 0;
}

static int check(struct cmd *c, const struct pin *p, struct err *err)
{
    if (p->all && cmd_has(c, 'f'))
        return err_set(err, ERR_CONFIG,
                       "Error: --force and 'all' as VCPU not allowed.");
    if (p->hard && libxl_bitmap_is_empty(p->hard))
        return err_set(err, ERR_CONFIG,
                       "vcpu hard affinity map is empty: this host has no cpu "
                       "of \"%s\"",
                       cmd_word(c, 2));
    return 0;
}

int cmd_vcpu_pin_run(struct cmd *c, struct err *err)
{
    struct pin p = { 0 };
    libxl_bitmap_init(&p.hard_map);
    libxl_bitmap_init(&p.soft_map);
    int r = cmd_domain(c, cmd_word(c, 0), &p.domid, err);
    if (r == 0)
        r = read_vcpu(cmd_word(c, 1), &p, err);
    if (r == 0)
        r = read_map(c, cmd_word(c, 2), &p.hard_map, &p.hard, err);
    if (r == 0)
        r = read_map(c, cmd_word(c, 3), &p.soft_map, &p.soft, err);
    if (r == 0)
        r = check(c, &p, err);
    if (r == 0)
        r = c->g.dryrun ? dry_run(c, &p) : pin(c, &p, err);
    libxl_bitmap_dispose(&p.hard_map);
    libxl_bitmap_dispose(&p.soft_map);
    return r;
}
