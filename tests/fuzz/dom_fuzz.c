/* Any text as an xl.cfg: lexer, parser and every key. */
#include <stddef.h>
#include <stdint.h>

#include "dom/dom.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint32_t nodes[] = { 0, 0, 1, 1 };
    const struct dom_host host = { 4, 2, nodes, NULL };
    struct cfg *cfg = cfg_parse("fuzz", (const char *)data, size, NULL);
    libxl_domain_config config;

    if (!dom_config_from_cfg(cfg, &host, &config))
        g_free(dom_config_json(&config));
    libxl_domain_config_dispose(&config);
    cfg_free(cfg);
    return 0;
}
