/* xl check: config files -> findings (way A without its end). */
#include "op/check.h"

#include <string.h>

#include "op/load.h"

/* The file as a cfg with all its findings; never NULL. */
static struct cfg *check_file(const char *file, const struct check_how *how)
{
    ERR_AUTO err = { 0 };
    GString *text = NULL;
    const char *name = strcmp(file, "-") ? file : "<stdin>";
    if (cfg_read_file(file, &text, &err)) {
        struct cfg *cfg = cfg_parse(name, "", 0, NULL);
        struct diag_pos pos = { cfg->file, 0, 0, 0 };
        diag_take(&cfg->diags, DIAG_ERROR, "unreadable", pos,
                  g_steal_pointer(&err.message), g_steal_pointer(&err.hint));
        return cfg;
    }
    struct cfg *cfg = cfg_parse(name, text->str, text->len, NULL);
    g_string_free(text, TRUE);
    const struct dom_host unknown = { 0 };
    libxl_domain_config config;
    int r = dom_config_from_cfg(cfg, &unknown, &config);
    if (r == 0 && how->host)
        check_host(cfg, &config, how->xen);
    libxl_domain_config_dispose(&config);
    return cfg;
}

static unsigned count(const struct cfg *cfg, enum diag_severity severity)
{
    unsigned above =
        severity == DIAG_ERROR ? 0 : diags_count(&cfg->diags, severity + 1);
    return diags_count(&cfg->diags, severity) - above;
}

static void print_count(FILE *out, const char **before, unsigned n,
                        const char *what)
{
    if (!n)
        return;
    fprintf(out, "%s%u %s%s", *before, n, what, n == 1 ? "" : "s");
    *before = ", ";
}

static void print_text(FILE *out, const struct cfg *cfg)
{
    const char *before = ": ";
    diags_print(out, &cfg->diags, DIAG_NOTE);
    fputs(cfg->file, out);
    print_count(out, &before, count(cfg, DIAG_ERROR), "error");
    print_count(out, &before, count(cfg, DIAG_WARNING), "warning");
    print_count(out, &before, count(cfg, DIAG_NOTE), "note");
    fputs(*before == ':' ? ": ok\n" : "\n", out);
}

static void move_json(struct value *all, const struct cfg *cfg)
{
    VALUE_AUTO *some = diags_to_value(&cfg->diags);
    for (size_t i = 0; i < value_count(some); i++)
        value_push(all, value_copy(value_at(some, i)));
}

unsigned check_files(char *const *files, const struct check_how *how, FILE *out)
{
    unsigned failed = 0;
    VALUE_AUTO *all = value_array();
    for (; *files; files++) {
        struct cfg *cfg = check_file(*files, how);
        failed += diags_count(&cfg->diags,
                              how->strict ? DIAG_WARNING : DIAG_ERROR) > 0;
        if (how->json)
            move_json(all, cfg);
        else
            print_text(out, cfg);
        cfg_free(cfg);
    }
    if (how->json) {
        g_autoptr(GString) text = g_string_new(NULL);
        value_json_format(text, all, true);
        fprintf(out, "%s\n", text->str);
    }
    return failed;
}
