/* Any bytes as a config and, behind a NUL, words of a command line: read or
 * refused with places inside the text, never worse; what was read becomes a
 * domain config or is refused. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dom/dom.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_places(const struct cfg *cfg)
{
    for (guint i = 0; cfg->diags.items && i < cfg->diags.items->len; i++) {
        const struct diag *item = cfg->diags.items->pdata[i];
        if (!item->message || !item->id || item->pos.length > 1 << 24)
            abort();
    }
    for (guint i = 0; i < cfg->settings->len; i++) {
        const struct cfg_setting *setting = cfg->settings->pdata[i];
        const struct cfg_node *node = setting->value;
        if (cfg_find(cfg, setting->name) != setting || !node)
            abort();
        if (node->kind != CFG_LIST && strlen(node->text) != node->text_len)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    const char *nul = memchr(text, '\0', size);
    g_autofree char *words =
        nul ? g_strndup(nul + 1, size - (size_t)(nul + 1 - text)) : NULL;
    const char *list[] = { words, NULL };
    size_t len = nul ? (size_t)(nul - text) : size;
    /* every second input keeps its NULs */
    if (size && data[size - 1] & 1)
        len = size;
    struct cfg *cfg = cfg_parse("fuzz", text, len, words ? list : NULL);
    check_places(cfg);
    libxl_domain_config config;
    const struct dom_host host = { .nr_cpus = 8, .nr_nodes = 2 };
    bool good = !dom_config_from_cfg(cfg, &host, &config);
    if (good && !diags_count(&cfg->diags, DIAG_ERROR))
        g_free(dom_config_json(&config));
    libxl_domain_config_dispose(&config);
    static FILE *sink;
    if (!sink)
        sink = fopen("/dev/null", "w");
    diags_print(sink, &cfg->diags, DIAG_NOTE);
    value_free(diags_to_value(&cfg->diags));
    cfg_free(cfg);
    return 0;
}
