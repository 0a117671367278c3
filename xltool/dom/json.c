/* Way A: the JSON of a libxl_domain_config, without a libxl_ctx. */
#include "dom/dom.h"

/* needs libxl.h before it, and to be told that yajl is version 2 */
#define HAVE_YAJL_YAJL_VERSION_H 1
#include <libxl_json.h>

char *dom_config_json(const libxl_domain_config *config)
{
    const unsigned char *text;
    size_t length;
    char *json = NULL;
    yajl_gen gen = yajl_gen_alloc(NULL);

    if (!gen)
        return NULL;
    yajl_gen_config(gen, yajl_gen_beautify, 1);
    yajl_gen_config(gen, yajl_gen_indent_string, "    ");
    if (libxl_domain_config_gen_json(gen, (libxl_domain_config *)config) ==
            yajl_gen_status_ok &&
        yajl_gen_get_buf(gen, &text, &length) == yajl_gen_status_ok)
        json = g_strndup((const char *)text, length);
    yajl_gen_free(gen);
    return json;
}
