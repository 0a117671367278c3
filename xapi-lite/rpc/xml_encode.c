/* Way B: what a call answers -> XML-RPC bytes, as XenAPI clients expect them.
 */
#include "rpc/rpc_internal.h"

static const struct rpc_escapes xml_escapes = {
    .of = { [0 ... 8] = 1,
            [11 ... 12] = 1,
            [14 ... 31] = 1,
            [127] = 1,
            ['&'] = 2,
            ['<'] = 3,
            ['>'] = 4,
            ['"'] = 5,
            [128 ... 255] = NON_ASCII },
    .texts = { "", "", "&amp;", "&lt;", "&gt;", "&quot;" },
};

static void xml_null(void *out)
{
    PUT((GString *)out, "<value><nil/></value>");
}

static void xml_boolean(void *out, bool b)
{
    if (b)
        PUT((GString *)out, "<value><boolean>1</boolean></value>");
    else
        PUT((GString *)out, "<value><boolean>0</boolean></value>");
}

static void xml_integer(void *out, int64_t n)
{
    PUT((GString *)out, "<value>");
    rpc_put_int(out, n);
    PUT((GString *)out, "</value>");
}

static void xml_count(void *out, int32_t n)
{
    PUT((GString *)out, "<value><i4>");
    rpc_put_int(out, n);
    PUT((GString *)out, "</i4></value>");
}

static void xml_number(void *out, double d)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    PUT((GString *)out, "<value><double>");
    g_string_append(out, g_ascii_formatd(number, sizeof(number), "%.16g", d));
    PUT((GString *)out, "</double></value>");
}

static void xml_string(void *out, const char *text, size_t len)
{
    PUT((GString *)out, "<value>");
    rpc_put_escaped(out, text, len, &xml_escapes);
    PUT((GString *)out, "</value>");
}

static void xml_datetime(void *out, const char *text, size_t len)
{
    PUT((GString *)out, "<value><dateTime.iso8601>");
    rpc_put_escaped(out, text, len, &xml_escapes);
    PUT((GString *)out, "</dateTime.iso8601></value>");
}

static void xml_array_begin(void *out)
{
    PUT((GString *)out, "<value><array><data>");
}

static void xml_array_end(void *out)
{
    PUT((GString *)out, "</data></array></value>");
}

static void xml_object_begin(void *out)
{
    PUT((GString *)out, "<value><struct>");
}

/* Whether the text ends with a struct's start: no member has been written. */
static bool struct_is_empty(const GString *s)
{
    return s->len >= 8 && !memcmp(s->str + s->len - 8, "<struct>", 8);
}

/* Closes the member before. What ends the text cannot come from a string, where
 * '<' is escaped. */
static void xml_key(void *out, const char *text, size_t len)
{
    GString *s = out;
    if (struct_is_empty(s))
        PUT(s, "<member><name>");
    else
        PUT(s, "</member><member><name>");
    rpc_put_escaped(s, text, len, &xml_escapes);
    PUT(s, "</name>");
}

static void xml_object_end(void *out)
{
    GString *s = out;
    if (!struct_is_empty(s))
        PUT(s, "</member>");
    PUT(s, "</struct></value>");
}

const struct emitter rpc_xml_emitter = {
    .null = xml_null,
    .boolean = xml_boolean,
    .integer = xml_integer,
    .count = xml_count,
    .number = xml_number,
    .string = xml_string,
    .datetime = xml_datetime,
    .array_begin = xml_array_begin,
    .array_end = xml_array_end,
    .object_begin = xml_object_begin,
    .key = xml_key,
    .object_end = xml_object_end,
};

void rpc_xml_format_value(GString *out, const struct value *v)
{
    emit_value(&rpc_xml_emitter, out, v);
}

#define HEAD "<?xml version=\"1.0\"?><methodResponse><params><param>"
#define TAIL "</param></params></methodResponse>"
#define STATUS(word, name)                                                     \
    "<value><struct><member><name>Status</name><value>" word                   \
    "</value></member><member><name>" name "</name>"
#define STATUS_END "</member></struct></value>"

void rpc_xml_encode_result(GString *out, const struct rpc_request *req,
                           const struct reply *result)
{
    bool bare = !g_strcmp0(req->method, "system.listMethods");
    PUT(out, HEAD);
    if (!bare)
        PUT(out, STATUS("Success", "Value"));
    reply_emit(result, &rpc_xml_emitter, out);
    if (!bare)
        PUT(out, STATUS_END);
    PUT(out, TAIL);
}

void rpc_xml_encode_fault(GString *out, const struct fault *fault)
{
    VALUE_AUTO *list = fault_to_value(fault);
    PUT(out, HEAD STATUS("Failure", "ErrorDescription"));
    emit_value(&rpc_xml_emitter, out, list);
    PUT(out, STATUS_END TAIL);
}
