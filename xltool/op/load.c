/* A file name and words -> libxl_domain_config (way A, from text to libxl's
 * types). */
#include "op/load.h"

#include <stdlib.h>
#include <string.h>

#include "cfg/cfg.h"
#include "op/host.h"
#include "view/sxp.h"

static int mistakes(const struct cfg *cfg, const char *name, int exit_code,
                    struct err *err)
{
    unsigned n = diags_count(&cfg->diags, DIAG_ERROR);
    err_set(err, ERR_CONFIG, "%s has %u mistake%s; nothing was done", name, n,
            n == 1 ? "" : "s");
    if (err && exit_code > 1)
        err->exit_code = exit_code;
    return -1;
}

static int build(struct xen *x, const char *name, struct cfg *cfg, bool quiet,
                 struct load *l, struct err *err)
{
    struct host host;
    host_read(x, &l->conf, &host);
    /* a text that does not parse is still looked through for more mistakes */
    bool parsed = diags_count(&cfg->diags, DIAG_ERROR) == 0;
    int r = dom_config_from_cfg(cfg, &host.dom, &l->config);
    host_dispose(&host);
    diags_print(stderr, &cfg->diags, quiet ? DIAG_ERROR : DIAG_WARNING);
    if (diags_count(&cfg->diags, DIAG_ERROR) || r)
        return mistakes(cfg, name, parsed ? -r : 1, err);
    return 0;
}

int load_text(struct xen *x, const char *name, const char *text, size_t len,
              const char *const *words, bool quiet, struct load *l_out,
              struct err *err)
{
    memset(l_out, 0, sizeof(*l_out));
    libxl_domain_config_init(&l_out->config);
    if (xlconf_read(LOAD_XLCONF, &l_out->conf, err))
        return -1;
    struct cfg *cfg = cfg_parse(name, text, len, words);
    int r = build(x, name, cfg, quiet, l_out, err);
    cfg_free(cfg);
    return r;
}

int load_file(struct xen *x, const char *file, const char *const *words,
              bool quiet, struct load *l_out, struct err *err)
{
    g_autoptr(GString) text = g_string_new(NULL);
    const char *name = !file                ? "command line"
                       : !strcmp(file, "-") ? "<stdin>"
                                            : file;
    if (file) {
        GString *read = NULL;
        memset(l_out, 0, sizeof(*l_out));
        if (cfg_read_file(file, &read, err)) {
            if (err)
                err->exit_code = 3; /* as the original's, -ERROR_FAIL */
            return -1;
        }
        g_string_append_len(text, read->str, (gssize)read->len);
        g_string_free(read, TRUE);
    }
    return load_text(x, name, text->str, text->len, words, quiet, l_out, err);
}

int load_replace(struct xen *x, struct load *l, const char *name,
                 const char *text, size_t len, struct err *err)
{
    struct load fresh;
    int r = load_text(x, name, text, len, NULL, true, &fresh, err);
    if (r == 0) {
        load_dispose(l);
        *l = fresh;
    } else {
        load_dispose(&fresh);
    }
    return r;
}

int load_show(const struct load *l, FILE *f, struct err *err)
{
    if (l->conf.output_format == XLCONF_SXP) {
        g_autoptr(GString) sxp = g_string_new(NULL);
        view_sxp(sxp, -1, NULL, &l->config);
        fputs(sxp->str, f);
        return 0;
    }
    g_autofree char *text = dom_config_json(&l->config);
    if (!text)
        return err_set(err, ERR_FAIL,
                       "the configuration cannot be written as JSON");
    fputs(text, f);
    return 0;
}

void load_dispose(struct load *l)
{
    libxl_domain_config_dispose(&l->config);
    xlconf_dispose(&l->conf);
    memset(l, 0, sizeof(*l));
}
