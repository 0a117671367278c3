/* Way B: JSON-RPC 1.0 and 2.0 bytes to a call, and the envelope around its
 * answer. */
#include "rpc/rpc_internal.h"

/* Moves nothing: copies what the call needs out of the parsed object. */
static int take_call(const struct value *top, struct rpc_request *out,
                     struct err *err)
{
    const struct value *version = value_find(top, "jsonrpc");
    const char *method = value_get_string(value_find(top, "method"));
    const struct value *params = value_find(top, "params");
    const struct value *id = value_find(top, "id");
    enum value_type id_type = value_get_type(id);
    if (!method)
        return err_set(err, ERR_CONFIG,
                       "the JSON-RPC call has no \"method\" of type string");
    if (params && value_get_type(params) != VALUE_ARRAY)
        return err_set(err, ERR_CONFIG,
                       "\"params\" of the JSON-RPC call is not an array");
    if (id_type != VALUE_INT && id_type != VALUE_STRING)
        return err_set(err, ERR_CONFIG,
                       "\"id\" of the JSON-RPC call is neither an integer nor "
                       "a string");
    if (version && g_strcmp0(value_get_string(version), "2.0"))
        return err_set(err, ERR_CONFIG,
                       "\"jsonrpc\" is not \"2.0\"; leave it out for "
                       "JSON-RPC 1.0");
    out->format = version ? RPC_JSON2 : RPC_JSON1;
    out->method = g_strdup(method);
    out->params = params ? value_copy(params) : value_array();
    out->id = value_copy(id);
    return 0;
}

int rpc_decode_json(const char *body, size_t len, struct rpc_request *out,
                    struct err *err)
{
    *out = (struct rpc_request){ 0 };
    VALUE_AUTO *top = value_json_parse(body, len, err);
    if (!top)
        return -1;
    if (value_get_type(top) != VALUE_OBJECT)
        return err_set(err, ERR_CONFIG, "a JSON-RPC call is one object");
    return take_call(top, out, err);
}

static void put_id(GString *out, const struct rpc_request *req)
{
    PUT(out, ",\"id\":");
    emit_value(&rpc_json_emitter, out, req->id);
    PUT(out, "}");
}

void rpc_json_encode_result(GString *out, const struct rpc_request *req,
                            const struct reply *result)
{
    bool two = req->format == RPC_JSON2;
    g_string_append(out,
                    two ? "{\"jsonrpc\":\"2.0\",\"result\":" : "{\"result\":");
    reply_emit(result, &rpc_json_emitter, out);
    if (!two)
        PUT(out, ",\"error\":null");
    put_id(out, req);
}

/* [code, parameters...] -> the object of JSON-RPC 2.0. */
static struct value *error_object(const struct value *list)
{
    struct value *data = value_array();
    for (size_t i = 1; i < value_count(list); i++)
        value_push(data, value_copy(value_at(list, i)));
    struct value *error = value_object();
    value_set(error, "code", value_int(1));
    value_set(error, "message", value_copy(value_at(list, 0)));
    value_set(error, "data", data);
    return error;
}

void rpc_json_encode_fault(GString *out, const struct rpc_request *req,
                           const struct fault *fault)
{
    bool two = req->format == RPC_JSON2;
    VALUE_AUTO *list = fault_to_value(fault);
    VALUE_AUTO *error = two ? error_object(list) : value_copy(list);
    g_string_append(out, two ? "{\"jsonrpc\":\"2.0\",\"error\":"
                             : "{\"result\":null,\"error\":");
    emit_value(&rpc_json_emitter, out, error);
    put_id(out, req);
}
