/* Any bytes as the head of a request, as an answer for xe, and as the words of
 * a command line. */
#include "cli/internal.h"
#include "http/head.h"
#include "xe/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct http_head h;
    struct response r;
    struct cli c = { .fd = -1 };
    const char *text = (const char *)data;
    size_t len = http_head_length(text, size);
    if (len && http_head_parse(text, len, &h, NULL) == 0)
        http_head_dispose(&h);
    g_autofree char *copy = g_strndup(text, size);
    if (response_parse(copy, &r, NULL) == 0)
        g_free(r.location);
    cli_parse(&c, text, size);
    value_free(cli_map(&c, "other-config"));
    g_free(c.command);
    g_free(c.session);
    value_free(c.params);
    return 0;
}
