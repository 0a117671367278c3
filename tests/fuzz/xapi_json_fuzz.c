/* Any bytes as a JSON message: decoded or refused, never worse; what was
 * decoded can be answered. */
#include "rpc/rpc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rpc_request req;
    ERR_AUTO err = { 0 };
    if (rpc_decode_json((const char *)data, size, &req, &err) == 0) {
        GString *out = g_string_new(NULL);
        struct reply *reply = reply_new(value_copy(req.params));
        rpc_encode_result(out, &req, reply);
        reply_free(reply);
        g_string_free(out, TRUE);
        rpc_request_dispose(&req);
    }
    return 0;
}
