/* Way A: words of a command line -> one device, through the same tables as the
 * config file. */
#include "dom/device.h"

#include <stdlib.h>
#include <string.h>

#include "dom/build.h"

/* A word as a string of the config language. */
static void append_quoted(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            g_string_append_c(out, '\\');
        if (*text == '\n')
            g_string_append(out, "\\n");
        else
            g_string_append_c(out, *text);
    }
    g_string_append_c(out, '"');
}

/* In a disk spec target= eats what follows it. */
static bool takes_rest(const char *key, const char *word)
{
    return !strcmp(key, "disk") &&
           (g_str_has_prefix(word, "target=") || strstr(word, ",target="));
}

/* "vif=[\"a,b\"]"; a sound card keeps its words apart, as they are lines. */
static char *as_setting(const char *key, const char *const *words)
{
    g_autoptr(GString) spec = g_string_new(NULL);
    g_autoptr(GString) out = g_string_new(key);
    bool card = !strcmp(key, "vsnd");

    g_string_append(out, card ? "=[[" : "=[");
    for (int last = 0; last < 2; last++)
        for (const char *const *w = words; *w; w++) {
            if (takes_rest(key, *w) != last)
                continue;
            if (card) {
                append_quoted(out, *w);
                g_string_append_c(out, ',');
            } else {
                g_string_append_printf(spec, "%s%s", spec->len ? "," : "", *w);
            }
        }
    if (!card)
        append_quoted(out, spec->str);
    g_string_append(out, card ? "]]" : "]");
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Warnings that the original's commands refuse. */
static bool is_refused(const struct diag *d)
{
    return d->severity == DIAG_WARNING && strcmp(d->id, "deprecated") &&
           strcmp(d->id, "obsolete") && strcmp(d->id, "trailing-text");
}

static int judge(struct cfg *cfg, int exit_code, struct err *err)
{
    const GPtrArray *items = cfg->diags.items;

    for (unsigned i = 0; items && i < items->len; i++) {
        struct diag *d = g_ptr_array_index(items, i);
        if (is_refused(d))
            d->severity = DIAG_ERROR;
    }
    diags_print(stderr, &cfg->diags, DIAG_WARNING);
    if (!diags_count(&cfg->diags, DIAG_ERROR))
        return 0;
    err_set(err, ERR_CONFIG, "the device's description is wrong");
    err->exit_code = exit_code ? exit_code : 1;
    return -err->exit_code;
}

static void read_rows(struct dom_build *b, const char *key)
{
    for (unsigned i = 0; i < key_row_count; i++)
        if (!strcmp(key_rows[i].name, key))
            shape_set(b, &key_rows[i]);
}

int dom_device_read(const char *key, const char *const *words,
                    const struct dom_host *host,
                    libxl_domain_config *config_out, struct err *err)
{
    g_autofree char *setting = as_setting(key, words);
    const char *const line[] = { setting, NULL };
    struct cfg *cfg = cfg_parse("command line", "", 0, line);
    struct dom_build b = { .cfg = cfg, .host = host, .config = config_out };

    libxl_domain_config_init(config_out);
    config_out->c_info.type = LIBXL_DOMAIN_TYPE_HVM;
    libxl_domain_build_info_init_type(&config_out->b_info,
                                      LIBXL_DOMAIN_TYPE_HVM);
    read_rows(&b, key);
    int r = judge(cfg, b.exit_code, err);
    cfg_free(cfg);
    return r;
}
