/* xl cpupool-create: a cpupool from a file or from words (way A). */
#include <string.h>

#include "cfg/cfg.h"
#include "cmd/cmd.h"
#include "dom/cpupool_cfg.h"
#include "op/host.h"

const struct opt_row cmd_cpupool_create_opts[] = {
    { 'f', "defconfig", "FILE", "the config file" },
    { 'n', "dryrun", NULL, "only show what would be made" },
    { 0 }
};

static int split_words(struct cmd *c, const char **file, GPtrArray *settings,
                       struct err *err)
{
    *file = cmd_value(c, 'f');
    for (int i = 0; i < c->o.nr_words; i++) {
        const char *word = cmd_word(c, i);
        if (strchr(word, '='))
            g_ptr_array_add(settings, (gpointer)word);
        else if (!*file)
            *file = word;
        else
            return cmd_usage(c, err, "two config files: \"%s\" and \"%s\"",
                             *file, word);
    }
    if (!*file && !settings->len) {
        cmd_usage(c, err, "name a config file or give settings");
        err->exit_code = 1; /* as the original's */
        return -1;
    }
    g_ptr_array_add(settings, NULL);
    return 0;
}

static int check(struct cmd *c, struct cpupool_cfg *pool, const char *file,
                 struct err *err)
{
    uint32_t poolid;
    g_autofree char *base = file ? g_path_get_basename(file) : NULL;
    if (!pool->name && base)
        pool->name = g_steal_pointer(&base);
    if (!pool->name)
        return err_set(err, ERR_CONFIG, "the cpupool needs a name=");
    if (libxl_name_to_cpupoolid(c->xen.ctx, pool->name, &poolid) == 0) {
        err_set(err, ERR_EXISTS, "Pool name \"%s\" already exists", pool->name);
        return -1;
    }
    xen_log_clear(c->xen.log);
    return 0;
}

/* Without sched= the pool gets the scheduler of the first one. */
static int pick_scheduler(struct cmd *c, struct cpupool_cfg *pool,
                          struct err *err)
{
    int nr = 0;
    if (pool->has_sched)
        return 0;
    libxl_cpupoolinfo *pools = libxl_list_cpupool(c->xen.ctx, &nr);
    if (!pools)
        return xen_fail(&c->xen, err, ERROR_FAIL, "error getting cpupool info");
    pool->sched = pools[0].sched;
    libxl_cpupoolinfo_list_free(pools, nr);
    return 0;
}

static int create(struct cmd *c, const struct cpupool_cfg *pool,
                  const char *source, bool dry, struct err *err)
{
    uint32_t poolid = LIBXL_CPUPOOL_POOLID_ANY;
    libxl_uuid uuid;
    printf("Using config file \"%s\"\n", source);
    printf("cpupool name:   %s\nscheduler:      %s\nnumber of cpus: %u\n",
           pool->name, libxl_scheduler_to_string(pool->sched), pool->cpu_count);
    if (dry)
        return 0;
    fflush(stdout);
    libxl_uuid_generate(&uuid);
    int rc = libxl_cpupool_create(c->xen.ctx, pool->name, pool->sched,
                                  pool->cpus, &uuid, &poolid);
    if (rc)
        return xen_fail(&c->xen, err, rc, "error on creating cpupool");
    return 0;
}

static int read_and_create(struct cmd *c, const char *file, struct cfg *cfg,
                           bool dry, struct err *err)
{
    struct cpupool_cfg pool = { 0 };
    libxl_bitmap unused;
    struct host host;
    libxl_bitmap_init(&unused);
    host_read(&c->xen, NULL, &host);
    int rc = libxl_get_freecpus(c->xen.ctx, &unused);
    int r = cpupool_cfg_read(cfg, &host.dom, rc ? NULL : &unused, &pool);
    diags_print(stderr, &cfg->diags, DIAG_WARNING);
    if (r || diags_count(&cfg->diags, DIAG_ERROR)) {
        err_set(err, ERR_CONFIG, "the cpupool was not made");
        if (r < -1)
            err->exit_code = -r; /* as the original's */
        r = -1;
    } else if ((r = check(c, &pool, file, err)) == 0 &&
               (r = pick_scheduler(c, &pool, err)) == 0) {
        r = create(c, &pool, cfg->file, dry, err);
    }
    libxl_bitmap_dispose(&unused);
    host_dispose(&host);
    cpupool_cfg_dispose(&pool);
    return r;
}

int cmd_cpupool_create_run(struct cmd *c, struct err *err)
{
    bool dry = c->g.dryrun || cmd_has(c, 'n');
    g_autoptr(GPtrArray) settings = g_ptr_array_new();
    GString *text = NULL;
    const char *file;
    if (split_words(c, &file, settings, err) || cmd_open(c, err) ||
        (file && cfg_read_file(file, &text, err)))
        return -1;
    const char *name = file ? file : "command line";
    struct cfg *cfg =
        cfg_parse(name, text ? text->str : "", text ? text->len : 0,
                  (const char *const *)settings->pdata);
    int r = -1;
    if (diags_count(&cfg->diags, DIAG_ERROR)) {
        diags_print(stderr, &cfg->diags, DIAG_WARNING);
        err_set(err, ERR_CONFIG, "the cpupool was not made");
    } else {
        r = read_and_create(c, file, cfg, dry, err);
    }
    cfg_free(cfg);
    if (text)
        g_string_free(text, TRUE);
    return r;
}
