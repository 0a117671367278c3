/* Any bytes as an XVA archive: read or refused, never worse; the chunks that
 * are given out lie in order and are no longer than allowed. */
#include <string.h>

#include "xva/xva.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct bytes {
    const uint8_t *data;
    size_t left;
};

static ssize_t give(void *user, void *buf, size_t len, struct fault *f)
{
    struct bytes *b = user;
    (void)f;
    len = MIN(len, b->left);
    memcpy(buf, b->data, len);
    b->data += len;
    b->left -= len;
    return (ssize_t)len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes b = { data, size };
    FAULT_AUTO f = { 0 };
    struct xva_chunk c;
    uint64_t end = 0;
    struct xva_reader *r = xva_reader_open(give, &b);
    xva_reader_trust(r); /* so that members behind a wrong sum are reached */
    VALUE_AUTO *ova = xva_read_metadata(r, &f);
    while (ova && xva_read_chunk(r, &c, &f) == 1) {
        if (c.len > XVA_CHUNK_MAX || (!c.first && c.offset < end))
            __builtin_trap();
        end = c.offset + c.len;
    }
    xva_reader_close(r);
    return 0;
}
