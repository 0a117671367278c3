/* Way A, beside dom/: cpupool config files. */
#include "dom/cpupool_cfg.h"

#include <stdlib.h>
#include <string.h>

#include "dom/build.h"
#include "dom/cpus.h"

struct pool {
    struct dom_build *b;
    const libxl_bitmap *free;
    struct cpupool_cfg *out;
};

static bool is_free(const struct pool *p, unsigned cpu)
{
    return !p->free || libxl_bitmap_test(p->free, (int)cpu);
}

static void read_sched(struct pool *p)
{
    const struct cfg_setting *s = value_atom(p->b, "sched");
    int sched;

    if (!s)
        return;
    if (!words_find(libxl_scheduler_string_table, s->value->text, false,
                    &sched)) {
        g_autofree char *hint =
            words_hint(libxl_scheduler_string_table, s->value->text);
        build_refuse(p->b, 1, "unknown-value", build_value_pos(s), hint,
                     "\"%s\" is not a scheduler", s->value->text);
        return;
    }
    p->out->has_sched = true;
    p->out->sched = (libxl_scheduler)sched;
}

static void take_cpu(struct pool *p, unsigned cpu, struct diag_pos pos)
{
    if (!is_free(p, cpu)) {
        build_refuse(p->b, 1, "cpu-not-free", pos,
                     "xl cpupool-cpu-remove POOL CPU frees one",
                     "cpu %u does not exist or belongs to a pool", cpu);
        return;
    }
    libxl_bitmap_set(&p->out->cpus, (int)cpu);
    p->out->cpu_count++;
}

/* The free cpus of the named NUMA nodes. */
static void read_nodes(struct pool *p, const struct cfg_setting *s)
{
    const struct dom_host *host = p->b->host;
    const struct cfg_node *item;

    for (unsigned i = 0; (item = value_item(p->b, s, i)); i++) {
        int node = atoi(item->text);
        for (unsigned cpu = 0; host->cpu_node && cpu < host->nr_cpus; cpu++)
            if ((int)host->cpu_node[cpu] == node && is_free(p, cpu))
                take_cpu(p, cpu, item->pos);
    }
    if (!p->out->cpu_count && host->nr_cpus)
        build_refuse(p->b, 6, "no-cpu-left", s->pos, NULL,
                     "no free cpu in the NUMA nodes of this pool");
}

static void read_cpu_list(struct pool *p, const struct cfg_setting *s)
{
    const struct cfg_node *item;

    for (unsigned i = 0; (item = value_item(p->b, s, i)); i++) {
        int cpu = atoi(item->text);
        if (cpu < 0 || (p->b->host->nr_cpus && cpu >= (int)p->b->host->nr_cpus))
            build_refuse(p->b, 1, "cpu-not-free", item->pos, NULL,
                         "cpu %s does not exist", item->text);
        else
            take_cpu(p, (unsigned)cpu, item->pos);
    }
}

static void read_cpu_text(struct pool *p, const struct cfg_setting *s)
{
    struct cpus_error error;
    libxl_bitmap map;

    libxl_bitmap_init(&map);
    if (cpus_parse(s->value->text, p->b->host, 1, &map, &error))
        build_refuse(p->b, 1, "bad-cpu-list",
                     cfg_node_pos(s->value, error.offset, error.length),
                     "write a list such as \"0-3,^1\" or \"node:0\"",
                     "cpus: %s", error.why);
    else
        for (int i = 0; i < (int)map.size * 8; i++)
            if (libxl_bitmap_test(&map, i))
                take_cpu(p, (unsigned)i, build_value_pos(s));
    libxl_bitmap_dispose(&map);
}

static void report_unknown(struct dom_build *b, const struct cfg_setting *s)
{
    static const char *const names[] = { "name", "sched", "nodes", "cpus",
                                         NULL };

    for (const char *const *n = names; *n; n++)
        if (!strcmp(*n, s->name))
            return;
    build_warn(b, "unknown-key", s->pos,
               "a cpupool has name, sched, nodes and cpus",
               "unknown setting \"%s\"; it is ignored", s->name);
}

int cpupool_cfg_read(struct cfg *cfg, const struct dom_host *host,
                     const libxl_bitmap *free_cpus, struct cpupool_cfg *out)
{
    struct dom_build b = { .cfg = cfg, .host = host };
    struct pool p = { &b, free_cpus, out };
    const struct cfg_setting *nodes, *cpus;
    const char *name;

    memset(out, 0, sizeof(*out));
    libxl_bitmap_init(&out->cpus);
    build_bitmap(&out->cpus, host->nr_cpus ? host->nr_cpus : 1 << 16);
    if ((name = value_text(&b, "name")))
        value_replace(&out->name, name);
    read_sched(&p);
    nodes = value_list(&b, "nodes");
    cpus = value_any(&b, "cpus");
    if (nodes)
        read_nodes(&p, nodes);
    else if (cpus && value_is_list(cpus))
        read_cpu_list(&p, cpus);
    else if (cpus)
        read_cpu_text(&p, cpus);
    for (unsigned i = 0; i < cfg->settings->len; i++)
        report_unknown(&b, g_ptr_array_index(cfg->settings, i));
    return -b.exit_code;
}

void cpupool_cfg_dispose(struct cpupool_cfg *pool)
{
    g_clear_pointer(&pool->name, g_free);
    libxl_bitmap_dispose(&pool->cpus);
}
