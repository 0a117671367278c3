/* Way B: value tree -> XML-RPC bytes, as XenAPI clients expect them. */
#include <inttypes.h>
#include <string.h>

#include "rpc/rpc_internal.h"

/* Text that was appended most often counts: length known when compiled. */
#define PUT(out, text) g_string_append_len((out), (text), sizeof(text) - 1)

/* 0: as it is; 1: left out; otherwise index into `escapes`. */
static const unsigned char special[256] = {
    [0 ... 8] = 1, [11 ... 12] = 1, [14 ... 31] = 1, [127] = 1,
    ['&'] = 2,     ['<'] = 3,       ['>'] = 4,       ['"'] = 5,
};
static const char *const escapes[] = {
    "", "", "&amp;", "&lt;", "&gt;", "&quot;"
};

void rpc_xml_escape(GString *out, const char *text)
{
    const char *run = text, *p = text;
    for (; *p; p++) {
        unsigned char s = special[(unsigned char)*p];
        if (!s)
            continue;
        g_string_append_len(out, run, p - run);
        g_string_append(out, escapes[s]);
        run = p + 1;
    }
    g_string_append_len(out, run, p - run);
}

/* As rpc_xml_escape for text from outside: bytes that are not UTF-8 would end
 * the whole document for the client, they become U+FFFD. */
static void put_text(GString *out, const char *text)
{
    if (g_utf8_validate(text, -1, NULL)) {
        rpc_xml_escape(out, text);
        return;
    }
    g_autofree char *clean = g_utf8_make_valid(text, -1);
    rpc_xml_escape(out, clean);
}

static void put_value(GString *out, const struct value *v, bool i4);

static void put_object(GString *out, const struct value *v, bool i4)
{
    size_t n = value_count(v);
    PUT(out, "<struct>");
    for (size_t i = 0; i < n; i++) {
        PUT(out, "<member><name>");
        put_text(out, value_key_at(v, i));
        PUT(out, "</name>");
        put_value(out, value_item_at(v, i), i4);
        PUT(out, "</member>");
    }
    PUT(out, "</struct>");
}

static void put_array(GString *out, const struct value *v, bool i4)
{
    size_t n = value_count(v);
    PUT(out, "<array><data>");
    for (size_t i = 0; i < n; i++)
        put_value(out, value_at(v, i), i4);
    PUT(out, "</data></array>");
}

static void put_int(GString *out, int64_t n, bool i4)
{
    char text[64];
    int len = snprintf(text, sizeof(text),
                       i4 ? "<i4>%" PRId64 "</i4>" : "%" PRId64, n);
    g_string_append_len(out, text, len);
}

static void put_double(GString *out, double d)
{
    char text[64], number[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(number, sizeof(number), "%.16g", d);
    int len = snprintf(text, sizeof(text), "<double>%s</double>", number);
    g_string_append_len(out, text, len);
}

/* i4: integers inside get the tag <i4> (event.from's valid_ref_counts). */
static void put_value(GString *out, const struct value *v, bool i4)
{
    PUT(out, "<value>");
    switch (value_get_type(v)) {
    case VALUE_NULL:
        PUT(out, "<nil/>");
        break;
    case VALUE_BOOL:
        g_string_append(out, value_get_bool(v) ? "<boolean>1</boolean>"
                                               : "<boolean>0</boolean>");
        break;
    case VALUE_INT:
        put_int(out, value_get_int(v), i4);
        break;
    case VALUE_DOUBLE:
        put_double(out, value_get_double(v));
        break;
    case VALUE_STRING:
        put_text(out, value_get_string(v));
        break;
    case VALUE_DATETIME:
        PUT(out, "<dateTime.iso8601>");
        put_text(out, value_get_string(v));
        PUT(out, "</dateTime.iso8601>");
        break;
    case VALUE_ARRAY:
        put_array(out, v, i4);
        break;
    case VALUE_OBJECT:
        put_object(out, v, i4);
        break;
    }
    PUT(out, "</value>");
}

void rpc_xml_format_value(GString *out, const struct value *v)
{
    put_value(out, v, false);
}

/* event.from's batch: the one place of the API where integers are tagged. */
static void put_batch(GString *out, const struct value *v)
{
    PUT(out, "<value><struct>");
    for (size_t i = 0; i < value_count(v); i++) {
        const char *key = value_key_at(v, i);
        PUT(out, "<member><name>");
        put_text(out, key);
        PUT(out, "</name>");
        put_value(out, value_item_at(v, i), !strcmp(key, "valid_ref_counts"));
        PUT(out, "</member>");
    }
    PUT(out, "</struct></value>");
}

void rpc_xml_encode_result(GString *out, const struct rpc_request *req,
                           const struct value *result)
{
    bool bare = !g_strcmp0(req->method, "system.listMethods");
    PUT(out, "<?xml version=\"1.0\"?><methodResponse><params><param>");
    if (bare) {
        put_value(out, result, false);
        PUT(out, "</param></params></methodResponse>");
        return;
    }
    PUT(out, "<value><struct><member><name>Status</name>"
             "<value>Success</value></member>"
             "<member><name>Value</name>");
    if (!g_strcmp0(req->method, "event.from") &&
        value_get_type(result) == VALUE_OBJECT)
        put_batch(out, result);
    else
        put_value(out, result, false);
    PUT(out, "</member></struct></value></param></params></methodResponse>");
}

void rpc_xml_encode_fault(GString *out, const struct value *fault)
{
    PUT(out, "<?xml version=\"1.0\"?><methodResponse><params><param>"
             "<value><struct><member><name>Status</name>"
             "<value>Failure</value></member>"
             "<member><name>ErrorDescription</name>");
    put_value(out, fault, false);
    PUT(out, "</member></struct></value></param></params></methodResponse>");
}
