/* Way B: picks the codec of a request for its reply; what both encoders share.
 */
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
                       const struct reply *result)
{
    if (req->format == RPC_XML)
        rpc_xml_encode_result(out, req, result);
    else
        rpc_json_encode_result(out, req, result);
}

void rpc_encode_fault(GString *out, const struct rpc_request *req,
                      const struct fault *fault)
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

void rpc_put_int(GString *out, int64_t n)
{
    char digits[24], *p = digits + sizeof(digits);
    uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    do {
        *--p = (char)('0' + left % 10);
        left /= 10;
    } while (left);
    if (n < 0)
        *--p = '-';
    rpc_put(out, p, (size_t)(digits + sizeof(digits) - p));
}

static void put_valid(GString *out, const char *text, size_t len,
                      const struct rpc_escapes *t)
{
    const char *run = text, *end = text + len;
    for (const char *p = text; p < end; p++) {
        unsigned char e = t->of[(unsigned char)*p];
        if (!e || e == NON_ASCII)
            continue;
        rpc_put(out, run, (size_t)(p - run));
        if (t->texts[e])
            g_string_append(out, t->texts[e]);
        else
            g_string_append_printf(out, "\\u%04x", (unsigned char)*p);
        run = p + 1;
    }
    rpc_put(out, run, (size_t)(end - run));
}

void rpc_put_escaped(GString *out, const char *text, size_t len,
                     const struct rpc_escapes *t)
{
    unsigned char seen = 0;
    for (size_t i = 0; i < len; i++)
        seen |= t->of[(unsigned char)text[i]];
    if (!seen) {
        rpc_put(out, text, len);
    } else if (seen < 128 || g_utf8_validate_len(text, len, NULL)) {
        put_valid(out, text, len, t);
    } else {
        g_autofree char *clean = g_utf8_make_valid(text, (gssize)len);
        put_valid(out, clean, strlen(clean), t);
    }
}
