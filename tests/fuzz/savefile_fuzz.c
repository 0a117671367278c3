/* Any bytes as the head of a saved domain or of a migration, and what it holds
 * as a configuration. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "dom/dom.h"
#include "op/savefile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What an xl.cfg in the head (old files have one) goes through. */
static void read_config(const struct savefile *s)
{
    const struct dom_host host = { 0 };
    libxl_domain_config config;
    struct cfg *cfg = cfg_parse("saved", s->config, s->config_len, NULL);
    dom_config_from_cfg(cfg, &host, &config);
    libxl_domain_config_dispose(&config);
    cfg_free(cfg);
}

/* The first byte chooses: as it is, or behind a head that is right so far. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GString) text = g_string_new(NULL);
    ERR_AUTO err = { 0 };
    struct savefile s;
    uint32_t len;
    if (size < 1)
        return -1;
    if (data[0] & 1) {
        savefile_format(text, "");
        g_string_truncate(text, SAVEFILE_HEAD - 4);
        if (data[0] & 2)
            text->str[SAVEFILE_HEAD - 12] = 2; /* not JSON */
    }
    g_string_append_len(text, (const char *)data + 1, (gssize)size - 1);
    if (text->len < SAVEFILE_HEAD ||
        savefile_parse_head(text->str, "fuzz", &s, &len, &err))
        return 0;
    uint32_t there = (uint32_t)text->len - SAVEFILE_HEAD;
    /* the data in memory of its own, so that each byte read behind it counts */
    char *rest = g_memdup2(text->str + SAVEFILE_HEAD, there ? there : 1);
    if (savefile_parse_data(rest, MIN(len, there), "fuzz", &s, &err) == 0 &&
        s.config && !(s.mandatory & SAVEFILE_JSON))
        read_config(&s);
    savefile_dispose(&s);
    g_free(rest);
    return 0;
}
