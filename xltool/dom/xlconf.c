/* Way A, beside dom/: xl.conf -> struct xlconf. */
#include "dom/xlconf.h"

#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cfg/cfg.h"
#include "dom/build.h"
#include "dom/cpus.h"

#define XLCONF_LOCKFILE "/var/lock/xl"

void xlconf_init(struct xlconf *conf)
{
    *conf = (struct xlconf){
        .run_hotplug_scripts = true,
        .claim_mode = true,
        .max_grant_frames = -1,
        .max_maptrack_frames = -1,
        .max_grant_version = -1,
        .lockfile = g_strdup(XLCONF_LOCKFILE),
    };
}

enum conf_shape { CONF_TEXT, CONF_FLAG, CONF_BOUNDED, CONF_CPUS, CONF_WORD };

struct conf_word {
    const char *word;
    int value;
};

/* Rows of one field are read in order: the last one present wins. */
struct conf_row {
    const char *name;
    enum conf_shape shape;
    size_t offset;
    const struct conf_word *words;
    const char *instead; /* the name to write now, when this one is old */
};

static const struct conf_word autoballoon_words[] = {
    { "auto", AUTOBALLOON_AUTO }, { "on", AUTOBALLOON_ON },
    { "off", AUTOBALLOON_OFF },   { "1", AUTOBALLOON_ON },
    { "0", AUTOBALLOON_OFF },     { NULL, 0 },
};
static const struct conf_word output_words[] = {
    { "json", XLCONF_JSON },
    { "sxp", XLCONF_SXP },
    { NULL, 0 },
};
static const struct conf_word domid_words[] = {
    { "xen", false },
    { "random", true },
    { NULL, 0 },
};

#define AT(field) offsetof(struct xlconf, field)
#define TEXT(field) CONF_TEXT, AT(field), NULL, NULL
#define OLD(field, instead) CONF_TEXT, AT(field), NULL, instead
static const struct conf_row rows[] = {
    { "autoballoon", CONF_WORD, AT(autoballoon), autoballoon_words, NULL },
    { "run_hotplug_scripts", CONF_FLAG, AT(run_hotplug_scripts), NULL, NULL },
    { "lockfile", TEXT(lockfile) },
    { "max_grant_frames", CONF_BOUNDED, AT(max_grant_frames), NULL, NULL },
    { "max_maptrack_frames", CONF_BOUNDED, AT(max_maptrack_frames), NULL,
      NULL },
    { "max_grant_version", CONF_BOUNDED, AT(max_grant_version), NULL, NULL },
    { "vifscript", OLD(vif_script, "vif.default.script") },
    { "vif.default.script", TEXT(vif_script) },
    { "defaultbridge", OLD(vif_bridge, "vif.default.bridge") },
    { "vif.default.bridge", TEXT(vif_bridge) },
    { "vif.default.gatewaydev", TEXT(vif_gatewaydev) },
    { "vif.default.backend", TEXT(vif_backend) },
    { "remus.default.netbufscript", TEXT(remus_netbufscript) },
    { "colo.default.proxyscript", TEXT(colo_proxyscript) },
    { "output_format", CONF_WORD, AT(output_format), output_words, NULL },
    { "blkdev_start", TEXT(blkdev_start) },
    { "claim_mode", CONF_FLAG, AT(claim_mode), NULL, NULL },
    { "vm.cpumask", CONF_CPUS, AT(vm_cpumask), NULL, NULL },
    { "vm.hvm.cpumask", CONF_CPUS, AT(vm_hvm_cpumask), NULL, NULL },
    { "vm.pv.cpumask", CONF_CPUS, AT(vm_pv_cpumask), NULL, NULL },
    { "domid_policy", CONF_WORD, AT(domid_random), domid_words, NULL },
#ifdef LIBXL_HAVE_BOOTLOADER_RESTRICT
    { "bootloader_restrict", CONF_FLAG, AT(bootloader_restrict), NULL, NULL },
#endif
};

void xlconf_dispose(struct xlconf *conf)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (rows[i].shape == CONF_TEXT || rows[i].shape == CONF_CPUS)
            g_clear_pointer((char **)((char *)conf + rows[i].offset), g_free);
}

static void set_word(struct dom_build *b, const struct conf_row *row,
                     const struct cfg_setting *s, void *at)
{
    for (const struct conf_word *w = row->words; w->word; w++)
        if (!strcmp(w->word, s->value->text)) {
            if (row->words == domid_words)
                *(bool *)at = w->value;
            else
                *(int *)at = w->value;
            return;
        }
    build_warn(b, "unknown-value", build_value_pos(s), NULL,
               "\"%s\" is not a value of %s; it is ignored", s->value->text,
               s->name);
}

static void set_bounded(struct dom_build *b, const struct conf_row *row,
                        void *at)
{
    const struct cfg_setting *s = cfg_find(b->cfg, row->name);
    long number;

    if (!s)
        return;
    if (value_long(b, row->name, true, &number) && number >= 0 &&
        number <= INT_MAX)
        *(int *)at = (int)number;
    else
        build_refuse(b, 1, "not-in-range", build_value_pos(s), NULL,
                     "%s takes a number from 0 to %d", row->name, INT_MAX);
}

static void set_cpus(struct dom_build *b, const struct cfg_setting *s,
                     char **at)
{
    const struct dom_host host = { 0 };
    struct cpus_error error;
    libxl_bitmap map;

    libxl_bitmap_init(&map);
    if (cpus_parse(s->value->text, &host, 1, &map, &error))
        build_warn(b, "bad-cpu-list",
                   cfg_node_pos(s->value, error.offset, error.length),
                   "write a list such as \"0-3,^1\" or \"node:0\"",
                   "%s is ignored: %s", s->name, error.why);
    else
        value_replace(at, s->value->text);
    libxl_bitmap_dispose(&map);
}

static void read_row(struct dom_build *b, const struct conf_row *row,
                     struct xlconf *conf)
{
    void *at = (char *)conf + row->offset;
    const struct cfg_setting *s;
    long number;

    if (row->shape == CONF_BOUNDED) {
        set_bounded(b, row, at);
    } else if (row->shape == CONF_FLAG) {
        if (value_long(b, row->name, false, &number))
            *(bool *)at = number != 0;
    } else if ((s = value_atom(b, row->name))) {
        if (row->shape == CONF_WORD)
            set_word(b, row, s, at);
        else if (row->shape == CONF_CPUS)
            set_cpus(b, s, at);
        else
            value_replace(at, s->value->text);
        if (row->instead) {
            g_autofree char *hint = g_strdup_printf("write %s=", row->instead);
            build_warn(b, "deprecated", s->pos, hint, "%s is deprecated",
                       row->name);
        }
    }
}

static void report_unknown(struct dom_build *b, const struct cfg_setting *s)
{
    const char *names[G_N_ELEMENTS(rows) + 1] = { 0 };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (!strcmp(rows[i].name, s->name))
            return;
        names[i] = rows[i].name;
    }
    const char *nearest = diag_nearest(s->name, names);
    g_autofree char *hint =
        nearest ? g_strdup_printf("did you mean \"%s\"?", nearest) : NULL;
    build_warn(b, "unknown-key", s->pos, hint,
               "unknown setting \"%s\"; it is ignored", s->name);
}

int xlconf_from_cfg(struct cfg *cfg, struct xlconf *conf)
{
    const struct dom_host host = { 0 };
    struct dom_build b = { .cfg = cfg, .host = &host };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        read_row(&b, &rows[i], conf);
    for (unsigned i = 0; i < cfg->settings->len; i++)
        report_unknown(&b, g_ptr_array_index(cfg->settings, i));
    return diags_count(&cfg->diags, DIAG_ERROR) ? -1 : 0;
}

int xlconf_read(const char *path, struct xlconf *conf, struct err *err)
{
    GString *text = NULL;

    xlconf_init(conf);
    if (access(path, F_OK))
        return 0;
    if (cfg_read_file(path, &text, err))
        return -1;
    struct cfg *cfg = cfg_parse(path, text->str, text->len, NULL);
    g_string_free(text, TRUE);
    int r = xlconf_from_cfg(cfg, conf);
    diags_print(stderr, &cfg->diags, DIAG_WARNING);
    cfg_free(cfg);
    if (r)
        return err_set(err, ERR_CONFIG, "%s cannot be used", path);
    return 0;
}
