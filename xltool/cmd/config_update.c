/* xl config-update: another configuration for a running domain, used when it
 * is built anew (way A). */
#include <string.h>

#include "cfg/cfg.h"
#include "cmd/cmd.h"
#include "op/config_json.h"
#include "op/load.h"

const struct opt_row cmd_config_update_opts[] = {
    { 'f', "defconfig", "FILE", "the config file" },
    { 'd', NULL, NULL, "show the resulting configuration, too" },
    { 'q', NULL, NULL, "say less" },
    { 0 }
};

/* The domain, then the file, unless -f names it; words with '=' are appended
 * as lines of their own. */
static int split_words(struct cmd *c, const char **file, GString *lines,
                       struct err *err)
{
    *file = cmd_value(c, 'f');
    for (int i = 1; i < c->o.nr_words; i++) {
        const char *word = cmd_word(c, i);
        if (strchr(word, '='))
            g_string_append_printf(lines, "%s\n", word);
        else if (!*file)
            *file = word;
        else
            return cmd_usage(c, err, "two config files: \"%s\" and \"%s\"",
                             *file, word);
    }
    if (*file)
        return 0;
    cmd_usage(c, err, "Config file not specified");
    err->exit_code = 1;
    return -1;
}

static int read_text(const char *file, const GString *lines, GString **out,
                     struct err *err)
{
    if (cfg_read_file(file, out, err)) {
        err->exit_code = 253; /* as the original's: its libxl code, unsigned */
        return -1;
    }
    if (lines->len)
        g_string_append_printf(*out, "\n%s\n", lines->str);
    return 0;
}

static int store(struct cmd *c, uint32_t domid, const GString *text,
                 struct err *err)
{
    fprintf(stderr, "setting dom%u configuration\n", domid);
    int rc = libxl_userdata_store(c->xen.ctx, domid, "xl",
                                  (const uint8_t *)text->str, (int)text->len);
    if (rc)
        return xen_fail(&c->xen, err, rc, "failed to update configuration");
    return 0;
}

/* Unlike create -n, the original shows it as `list -l` would. */
static int show(struct load *l, struct err *err)
{
    if (l->conf.output_format == XLCONF_SXP)
        return load_show(l, stdout, err);
    struct config_json *j = config_json_new(false);
    config_json_add(j, -1, &l->config);
    g_autofree char *text = config_json_end(j);
    if (!text)
        return err_set(err, ERR_FAIL,
                       "the configuration cannot be written as JSON");
    fputs(text, stdout);
    return 0;
}

static int update(struct cmd *c, uint32_t domid, const char *file,
                  const GString *text, struct err *err)
{
    struct load l;
    int r = load_text(&c->xen, file, text->str, text->len, NULL,
                      cmd_has(c, 'q'), &l, err);
    if (r == 0 && (c->g.dryrun || cmd_has(c, 'd')))
        r = show(&l, err);
    if (r == 0 && !c->g.dryrun)
        r = store(c, domid, text, err);
    load_dispose(&l);
    return r;
}

int cmd_config_update_run(struct cmd *c, struct err *err)
{
    g_autoptr(GString) lines = g_string_new(NULL);
    const char *file;
    uint32_t domid;
    if (!c->o.nr_words) {
        cmd_usage(c, err, "config-update needs a domain and a config file");
        err->exit_code = 1;
        return -1;
    }
    if (!cmd_has(c, 'q'))
        fprintf(stderr, "xl: this is seldom needed: what is changed on a "
                        "running domain is kept for its next start anyway\n");
    if (cmd_domain(c, cmd_word(c, 0), &domid, err) ||
        split_words(c, &file, lines, err))
        return -1;
    GString *text = NULL;
    if (read_text(file, lines, &text, err))
        return -1;
    int r = update(c, domid, file, text, err);
    g_string_free(text, TRUE);
    return r;
}
