/* Any bytes as a value: the quoted form is printable, and undoing it gives the
 * bytes back; any text can be undone; JSON has no control characters. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "xs/out.h"
#include "xs/quote.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_quote(const uint8_t *data, size_t size)
{
    char *text = malloc(size * QUOTE_MAX + 1);
    size_t len = quote(text, data, size);

    assert(len <= size * QUOTE_MAX);
    for (size_t i = 0; i < len; i++)
        assert(text[i] >= ' ' && text[i] <= '~');
    assert(quote_is_plain(data, size) ==
           (len == size && !memcmp(text, data, size)));
    text[len] = '\0';
    assert(quote_undo(text) == size && !memcmp(text, data, size));
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct out o = { .fd = -1 };
    char *text = malloc(size + 1);

    check_quote(data, size);
    memcpy(text, data, size);
    text[size] = '\0';
    assert(quote_undo(text) <= size);
    free(text);
    out_json_value(&o, data, size);
    for (size_t i = 0; i < o.len; i++)
        assert((unsigned char)o.buf[i] >= ' ' && o.buf[i] != 0x7f);
    out_dispose(&o);
    return 0;
}
