/* Way B: picks the codec of a request for its reply. */
#include "rpc/rpc.h"

#include "rpc/rpc_internal.h"

void rpc_request_dispose(struct rpc_request *req)
{
    g_free(req->method);
    value_free(req->params);
    value_free(req->id);
    *req = (struct rpc_request){ 0 };
}

void rpc_encode_result(GString *out, const struct rpc_request *req,
                       const struct value *result)
{
    if (req->format == RPC_XML)
        rpc_xml_encode_result(out, req, result);
    else
        rpc_json_encode_result(out, req, result);
}

void rpc_encode_fault(GString *out, const struct rpc_request *req,
                      const struct value *fault)
{
    if (req->format == RPC_XML)
        rpc_xml_encode_fault(out, fault);
    else
        rpc_json_encode_fault(out, req, fault);
}

const char *rpc_content_type(enum rpc_format format)
{
    return format == RPC_XML ? "text/xml" : "application/json";
}
