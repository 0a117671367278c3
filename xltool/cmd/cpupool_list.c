/* xl cpupool-list: the cpupools with their cpus and domains (way A). */
#include "cmd/cmd.h"
#include "view/bitmap.h"

#define OPT_JSON OPT_LONG(1)

const struct opt_row cmd_cpupool_list_opts[] = {
    { 'c', "cpus", NULL, "list the cpus of each pool" },
    { OPT_JSON, "json", NULL, "as JSON" },
    { 0 }
};

static void text_row(const libxl_cpupoolinfo *pool, bool cpus)
{
    int nr = 0;
    g_autoptr(GString) list = g_string_new(NULL);
    unsigned bit;
    libxl_for_each_set_bit(bit, pool->cpumap)
    {
        g_string_append_printf(list, nr++ ? ",%u" : "%u", bit);
    }
    printf("%-19s", pool->pool_name);
    if (cpus)
        printf("%s\n", list->str);
    else
        printf("%3d %9s       y       %4d\n", nr,
               libxl_scheduler_to_string(pool->sched), (int)pool->n_dom);
}

static struct value *json_row(const libxl_cpupoolinfo *pool)
{
    struct value *row = value_object();
    struct value *cpus = value_array();
    unsigned bit;
    libxl_for_each_set_bit(bit, pool->cpumap) value_push(cpus, value_int(bit));
    value_set(row, "name", value_string(pool->pool_name));
    value_set(row, "id", value_int(pool->poolid));
    value_set(row, "scheduler",
              value_string(libxl_scheduler_to_string(pool->sched)));
    value_set(row, "cpus", cpus);
    value_set(row, "domains", value_int(pool->n_dom));
    return row;
}

static void show(struct cmd *c, const libxl_cpupoolinfo *pools, int nr,
                 const char *only)
{
    struct value *json = value_array();
    bool cpus = cmd_has(c, 'c');
    if (!cmd_has(c, OPT_JSON))
        printf("%-19s%s\n", "Name",
               cpus ? "CPU list" : "CPUs   Sched     Active   Domain count");
    for (int i = 0; i < nr; i++) {
        if (only && g_strcmp0(only, pools[i].pool_name))
            continue;
        if (cmd_has(c, OPT_JSON))
            value_push(json, json_row(&pools[i]));
        else
            text_row(&pools[i], cpus);
    }
    if (cmd_has(c, OPT_JSON))
        cmd_print_json(json);
    else
        value_free(json);
}

int cmd_cpupool_list_run(struct cmd *c, struct err *err)
{
    const char *only = cmd_word(c, 0);
    uint32_t poolid;
    int nr = 0;
    if (cmd_open(c, err))
        return -1;
    if (only && libxl_name_to_cpupoolid(c->xen.ctx, only, &poolid))
        return err_set(err, ERR_NOENT, "Pool '%s' does not exist", only);
    libxl_cpupoolinfo *pools = libxl_list_cpupool(c->xen.ctx, &nr);
    if (!pools)
        return xen_fail(&c->xen, err, ERROR_FAIL, "error getting cpupool info");
    show(c, pools, nr, only);
    libxl_cpupoolinfo_list_free(pools, nr);
    return 0;
}
