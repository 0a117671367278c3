/* xl cpupool-numa-split: one cpupool per NUMA node (way A). */
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"

const struct opt_row cmd_cpupool_numa_split_opts[] = { { 0 } };

/* A pool named Pool-nodeN with the cpus of that node. */
static int make_pool(struct cmd *c, libxl_scheduler sched, int node,
                     struct err *err)
{
    g_autofree char *name = g_strdup_printf("Pool-node%d", node);
    uint32_t poolid = 0;
    libxl_bitmap none;
    libxl_uuid uuid;
    int cpus = 0;
    libxl_bitmap_init(&none);
    libxl_uuid_generate(&uuid);
    int rc = libxl_cpupool_cpuremove_node(c->xen.ctx, 0, node, &cpus);
    if (rc == 0)
        rc = libxl_cpu_bitmap_alloc(c->xen.ctx, &none, 0);
    if (rc == 0)
        rc =
            libxl_cpupool_create(c->xen.ctx, name, sched, none, &uuid, &poolid);
    if (rc == 0)
        rc = libxl_cpupool_cpuadd_node(c->xen.ctx, poolid, node, &cpus);
    libxl_bitmap_dispose(&none);
    if (rc)
        return xen_fail(&c->xen, err, rc, "cannot make the cpupool \"%s\"",
                        name);
    return 0;
}

/* Domain-0 stays in the first pool: no more vcpus than that has cpus. */
static int shrink_domain0(struct cmd *c, int cpus, struct err *err)
{
    libxl_bitmap online;
    libxl_dominfo info;
    libxl_bitmap_init(&online);
    libxl_dominfo_init(&info);
    int rc = libxl_domain_info(c->xen.ctx, &info, 0);
    if (rc == 0 && (int)info.vcpu_online > cpus) {
        rc = libxl_cpu_bitmap_alloc(c->xen.ctx, &online, 0);
        for (int i = 0; rc == 0 && i < cpus; i++)
            libxl_bitmap_set(&online, i);
        if (rc == 0)
            rc = libxl_set_vcpuonline(c->xen.ctx, 0, &online, NULL);
    }
    libxl_bitmap_dispose(&online);
    libxl_dominfo_dispose(&info);
    if (rc)
        return xen_fail(&c->xen, err, rc,
                        "error on removing vcpus for Domain-0");
    return 0;
}

static int split(struct cmd *c, libxl_scheduler sched, libxl_cputopology *cpus,
                 int nr, struct err *err)
{
    int first = -1, in_first = 0;
    g_autoptr(GHashTable) nodes = g_hash_table_new(NULL, NULL);
    for (int i = 0; i < nr; i++) {
        if (cpus[i].node == LIBXL_CPUTOPOLOGY_INVALID_ENTRY)
            continue;
        if (first < 0)
            first = (int)cpus[i].node;
        in_first += (int)cpus[i].node == first;
        g_hash_table_add(nodes, GUINT_TO_POINTER(cpus[i].node));
    }
    int added = 0;
    int rc = libxl_cpupool_cpuadd_node(c->xen.ctx, 0, first, &added);
    if (rc)
        return xen_fail(&c->xen, err, rc, "error on adding cpu to Pool 0");
    g_autofree char *name = g_strdup_printf("Pool-node%d", first);
    rc = libxl_cpupool_rename(c->xen.ctx, name, 0);
    if (rc)
        return xen_fail(&c->xen, err, rc, "error on renaming Pool 0");
    if (shrink_domain0(c, in_first, err))
        return -1;
    g_autoptr(GList) keys = g_hash_table_get_keys(nodes);
    for (GList *k = keys; k; k = k->next)
        if ((int)GPOINTER_TO_UINT(k->data) != first &&
            make_pool(c, sched, (int)GPOINTER_TO_UINT(k->data), err))
            return -1;
    return 0;
}

int cmd_cpupool_numa_split_run(struct cmd *c, struct err *err)
{
    int nr_pools = 0, nr = 0, r = -1;
    if (cmd_open(c, err))
        return -1;
    libxl_cpupoolinfo *pools = libxl_list_cpupool(c->xen.ctx, &nr_pools);
    libxl_cputopology *cpus = libxl_get_cpu_topology(c->xen.ctx, &nr);
    if (!pools || !cpus)
        xen_fail(&c->xen, err, ERROR_FAIL, "error getting cpupool info");
    else if (nr_pools > 1)
        err_set(err, ERR_FAIL,
                "splitting not possible, already cpupools in use");
    else
        r = split(c, pools[0].sched, cpus, nr, err);
    if (pools)
        libxl_cpupoolinfo_list_free(pools, nr_pools);
    if (cpus)
        libxl_cputopology_list_free(cpus, nr);
    return r;
}
