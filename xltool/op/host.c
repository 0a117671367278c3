/* What the config language and the commands ask about the host (way A). */
#include "op/host.h"

#include <stdlib.h>

#include "dom/cpus.h"

void host_read(struct xen *x, const struct xlconf *conf, struct host *host_out)
{
    *host_out = (struct host){ .dom.conf = conf };
    if (!x->ctx)
        return;
    int nr_cpus = libxl_get_max_cpus(x->ctx), nr = 0;
    int nr_nodes = libxl_get_max_nodes(x->ctx);
    libxl_cputopology *cpus = libxl_get_cpu_topology(x->ctx, &nr);
    if (nr_cpus > 0 && cpus) {
        host_out->cpu_node = g_new(uint32_t, nr_cpus);
        for (int i = 0; i < nr_cpus; i++)
            host_out->cpu_node[i] =
                i < nr ? cpus[i].node : LIBXL_CPUTOPOLOGY_INVALID_ENTRY;
    }
    host_out->dom.nr_cpus = nr_cpus > 0 ? (unsigned)nr_cpus : 0;
    host_out->dom.nr_nodes = nr_nodes > 0 ? (unsigned)nr_nodes : 0;
    host_out->dom.cpu_node = host_out->cpu_node;
    if (cpus)
        libxl_cputopology_list_free(cpus, nr);
}

void host_dispose(struct host *host)
{
    g_free(host->cpu_node);
    *host = (struct host){ 0 };
}

int host_cpus(struct xen *x, const char *list, libxl_bitmap *map_out,
              struct err *err)
{
    struct cpus_error why;
    struct host host;
    libxl_bitmap_init(map_out);
    host_read(x, NULL, &host);
    int r = cpus_parse(list, &host.dom, host.dom.nr_cpus, map_out, &why);
    host_dispose(&host);
    if (r == 0)
        return 0;
    err_set(err, ERR_CONFIG, "Invalid pcpu range: %s.", list);
    return err_hint(err, "\"%.*s\": %s. Lists look like 0-3,^1 or node:0.",
                    (int)why.length, list + why.offset, why.why);
}
