/* Cpu, device and node topology -> the tables of xl info -n, or values (way A,
 * pure). */
#include "view/info.h"

static void cpus_text(GString *out, const struct view_topology *t)
{
    g_string_append(out, "cpu_topology           :\n"
                         "cpu:    core    socket     node\n");
    for (int i = 0; i < t->nr_cpus; i++) {
        const libxl_cputopology *c = &t->cpus[i];
        if (c->core != LIBXL_CPUTOPOLOGY_INVALID_ENTRY)
            g_string_append_printf(out, "%3d:    %4d     %4d     %4d\n", i,
                                   (int)c->core, (int)c->socket, (int)c->node);
    }
}

static void devices_text(GString *out, const struct view_topology *t)
{
    int valid = 0;
    g_string_append(out, "device topology        :\n"
                         "device           node\n");
    for (int i = 0; i < t->nr_devices; i++) {
        const libxl_pcitopology *d = &t->devices[i];
        if (d->node == LIBXL_PCITOPOLOGY_INVALID_ENTRY)
            continue;
        g_string_append_printf(out, "%04x:%02x:%02x.%01x      %d\n", d->seg,
                               d->bus, (d->devfn >> 3) & 0x1fu, d->devfn & 7u,
                               (int)d->node);
        valid++;
    }
    if (!valid)
        g_string_append(out, "No device topology data available\n");
}

static void nodes_text(GString *out, const struct view_topology *t)
{
    g_string_append(out, "numa_info              :\n"
                         "node:    memsize    memfree    distances\n");
    for (int i = 0; i < t->nr_nodes; i++) {
        const libxl_numainfo *n = &t->nodes[i];
        if (n->size == LIBXL_NUMAINFO_INVALID_ENTRY)
            continue;
        g_string_append_printf(out,
                               "%4d:    %6" PRIu64 "     %6" PRIu64 "      ", i,
                               n->size >> 20, n->free >> 20);
        for (int j = 0; j < n->num_dists; j++)
            g_string_append_printf(out, "%s%d", j ? "," : "", (int)n->dists[j]);
        g_string_append_c(out, '\n');
    }
}

void view_info_topology_text(GString *out, const struct view_topology *t)
{
    cpus_text(out, t);
    devices_text(out, t);
    nodes_text(out, t);
}

static struct value *cpus_value(const struct view_topology *t)
{
    struct value *v = value_array();
    for (int i = 0; i < t->nr_cpus; i++) {
        const libxl_cputopology *c = &t->cpus[i];
        if (c->core == LIBXL_CPUTOPOLOGY_INVALID_ENTRY)
            continue;
        struct value *o = value_object();
        value_set(o, "cpu", value_int(i));
        value_set(o, "core", value_int(c->core));
        value_set(o, "socket", value_int(c->socket));
        value_set(o, "node", value_int(c->node));
        value_push(v, o);
    }
    return v;
}

static struct value *devices_value(const struct view_topology *t)
{
    struct value *v = value_array();
    for (int i = 0; i < t->nr_devices; i++) {
        const libxl_pcitopology *d = &t->devices[i];
        if (d->node == LIBXL_PCITOPOLOGY_INVALID_ENTRY)
            continue;
        struct value *o = value_object();
        value_set(o, "device",
                  value_printf("%04x:%02x:%02x.%01x", d->seg, d->bus,
                               (d->devfn >> 3) & 0x1fu, d->devfn & 7u));
        value_set(o, "node", value_int(d->node));
        value_push(v, o);
    }
    return v;
}

static struct value *nodes_value(const struct view_topology *t)
{
    struct value *v = value_array();
    for (int i = 0; i < t->nr_nodes; i++) {
        const libxl_numainfo *n = &t->nodes[i];
        if (n->size == LIBXL_NUMAINFO_INVALID_ENTRY)
            continue;
        struct value *o = value_object(), *distances = value_array();
        for (int j = 0; j < n->num_dists; j++)
            value_push(distances, value_int(n->dists[j]));
        value_set(o, "node", value_int(i));
        value_set(o, "memory_mib", value_int((int64_t)(n->size >> 20)));
        value_set(o, "memory_free_mib", value_int((int64_t)(n->free >> 20)));
        value_set(o, "distances", distances);
        value_push(v, o);
    }
    return v;
}

void view_info_topology_value(struct value *facts,
                              const struct view_topology *t)
{
    value_set(facts, "cpu_topology", cpus_value(t));
    value_set(facts, "device_topology", devices_value(t));
    value_set(facts, "numa_info", nodes_value(t));
}
