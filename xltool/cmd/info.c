/* xl info: facts about the host and its hypervisor (way A). */
#include "view/info.h"
#include "cmd/cmd.h"

const struct opt_row cmd_info_opts[] = {
    { 'n', "numa", NULL, "also the topology of cpus, devices and nodes" },
    CMD_ROW_JSON,
    { 0 }
};

static int count_free_cpus(struct cmd *c)
{
    libxl_bitmap map;
    libxl_bitmap_init(&map);
    int nr = -1;
    if (libxl_get_freecpus(c->xen.ctx, &map) == 0)
        nr = libxl_bitmap_count_set(&map);
    libxl_bitmap_dispose(&map);
    return nr;
}

static void show_topology(struct cmd *c, GString *text, struct value *json)
{
    libxl_ctx *ctx = c->xen.ctx;
    struct view_topology t = { 0 };
    libxl_cputopology *cpus = libxl_get_cpu_topology(ctx, &t.nr_cpus);
    libxl_pcitopology *devices = libxl_get_pci_topology(ctx, &t.nr_devices);
    libxl_numainfo *nodes = libxl_get_numainfo(ctx, &t.nr_nodes);
    t.cpus = cpus;
    t.devices = devices;
    t.nodes = nodes;
    t.nr_cpus = cpus ? t.nr_cpus : 0;
    t.nr_devices = devices ? t.nr_devices : 0;
    t.nr_nodes = nodes ? t.nr_nodes : 0;
    if (json)
        view_info_topology_value(json, &t);
    else
        view_info_topology_text(text, &t);
    if (cpus)
        libxl_cputopology_list_free(cpus, t.nr_cpus);
    if (devices)
        libxl_pcitopology_list_free(devices, t.nr_devices);
    if (nodes)
        libxl_numainfo_list_free(nodes, t.nr_nodes);
}

static void print_json(struct cmd *c, struct value *host, struct value *xen)
{
    if (cmd_has(c, 'n'))
        show_topology(c, NULL, host);
    for (size_t i = 0; i < value_count(xen); i++)
        value_set(host, value_key_at(xen, i),
                  value_copy(value_item_at(xen, i)));
    cmd_print_json(host);
}

static void print_text(struct cmd *c, const struct value *host,
                       const struct value *xen)
{
    const char *key = cmd_word(c, 0);
    GString *s = g_string_new(NULL);
    view_info_text(s, host, key);
    if (cmd_has(c, 'n') && !key)
        show_topology(c, s, NULL);
    view_info_text(s, xen, key);
    cmd_print(s);
}

int cmd_info_run(struct cmd *c, struct err *err)
{
    struct utsname uts;
    libxl_physinfo phys;
    if (cmd_open(c, err))
        return -1;
    libxl_physinfo_init(&phys);
    int rc = libxl_get_physinfo(c->xen.ctx, &phys);
    if (rc)
        return xen_fail(&c->xen, err, rc, "cannot read the host's facts");
    struct view_host h = { .phys = &phys,
                           .version = libxl_get_version_info(c->xen.ctx),
                           .scheduler = libxl_get_scheduler(c->xen.ctx),
                           .free_cpus = count_free_cpus(c) };
    if (uname(&uts) == 0)
        h.uts = &uts;
    struct value *host = view_info_host(&h);
    VALUE_AUTO *xen = view_info_xen(&h);
    if (cmd_has(c, CMD_OPT_JSON)) {
        print_json(c, host, xen);
    } else {
        print_text(c, host, xen);
        value_free(host);
    }
    libxl_physinfo_dispose(&phys);
    return 0;
}
