/* Between the codecs and rpc.c. */
#ifndef RPC_INTERNAL_H
#define RPC_INTERNAL_H

#include <string.h>

#include "rpc/rpc.h"

/* As g_string_append_len, without a call when there is room: a list of records
 * is a million of these. */
static inline void rpc_put(GString *out, const char *text, size_t len)
{
    if (G_UNLIKELY(out->len + len >= out->allocated_len)) {
        g_string_append_len(out, text, (gssize)len);
        return;
    }
    memcpy(out->str + out->len, text, len);
    out->len += len;
    out->str[out->len] = 0;
}

/* Appends a text whose length is known when compiled. */
#define PUT(out, text) rpc_put((out), (text), sizeof(text) - 1)

/* Appends a number as decimal digits. */
void rpc_put_int(GString *out, int64_t n);

/* How a codec writes the bytes of a text: 0 as they are, 1 left out, NON_ASCII
 * to be checked, otherwise the index of its replacement. */
enum { NON_ASCII = 255 };
struct rpc_escapes {
    unsigned char of[256];
    const char *texts[16];
};
/* Appends text escaped; what is not UTF-8 becomes U+FFFD, since one such byte
 * would end the whole document for the client. */
void rpc_put_escaped(GString *out, const char *text, size_t len,
                     const struct rpc_escapes *table);

void rpc_xml_encode_result(GString *out, const struct rpc_request *req,
                           const struct reply *result);
void rpc_xml_encode_fault(GString *out, const struct fault *fault);
void rpc_json_encode_result(GString *out, const struct rpc_request *req,
                            const struct reply *result);
void rpc_json_encode_fault(GString *out, const struct rpc_request *req,
                           const struct fault *fault);

#endif
