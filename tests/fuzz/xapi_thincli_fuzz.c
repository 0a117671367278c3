/* Any bytes as a thin-CLI message: decoded or refused; what was decoded is
 * encoded and decoded the same. */
#include <string.h>

#include "base/thincli.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct thin_message m, back;
    if (thin_decode(data, size, &m, NULL))
        return 0;
    GByteArray *bytes = g_byte_array_new();
    thin_encode(bytes, &m);
    g_assert(thin_decode(bytes->data + 4, bytes->len - 4, &back, NULL) == 0);
    g_assert(back.tag == m.tag && back.number == m.number);
    g_assert(!g_strcmp0(back.text, m.text));
    thin_message_dispose(&m);
    thin_message_dispose(&back);
    g_byte_array_unref(bytes);
    return 0;
}
