/* Reads a file of configs, each behind a line "### title", and prints for each
 * of them what xl makes of it: the exit code, the findings, the JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "dom/dom.h"

/* The same UUID and random numbers in every run. */
void libxl_uuid_generate(libxl_uuid *uuid)
{
    memset(uuid->uuid, 0x55, sizeof(uuid->uuid));
}

ssize_t getrandom(void *buffer, size_t length, unsigned flags)
{
    (void)flags;
    for (size_t i = 0; i < length; i++)
        ((unsigned char *)buffer)[i] = (unsigned char)(i + 1);
    return (ssize_t)length;
}

static void run(const char *text)
{
    static const uint32_t nodes[] = { 0, 0, 0, 0, 1, 1, 1, 1 };
    static const struct dom_host host = { 8, 2, nodes, NULL };
    struct cfg *cfg = cfg_parse("config", text, strlen(text), NULL);
    libxl_domain_config config;

    bool parsed = !diags_count(&cfg->diags, DIAG_ERROR);
    int r = dom_config_from_cfg(cfg, &host, &config);
    if (!parsed || (!r && diags_count(&cfg->diags, DIAG_ERROR)))
        r = -1;
    printf("exit %d\n", -r);
    diags_print(stdout, &cfg->diags, DIAG_NOTE);
    if (!r) {
        g_autofree char *json = dom_config_json(&config);
        fputs(json, stdout);
    }
    libxl_domain_config_dispose(&config);
    cfg_free(cfg);
}

static void run_file(const char *text)
{
    const char *block =
        strncmp(text, "### ", 4) ? strstr(text, "\n### ") : text;

    while (block) {
        block += *block == '\n';
        const char *line = strchr(block, '\n');
        const char *next = line ? strstr(line, "\n### ") : NULL;
        if (!line)
            return;
        printf("%.*s\n", (int)(line - block), block);
        g_autofree char *config =
            next ? g_strndup(line + 1, (gsize)(next - line))
                 : g_strdup(line + 1);
        run(config);
        block = next;
    }
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        g_autofree char *text = NULL;
        if (!g_file_get_contents(argv[i], &text, NULL, NULL)) {
            fprintf(stderr, "cannot read %s\n", argv[i]);
            return 1;
        }
        run_file(text);
    }
    return 0;
}
