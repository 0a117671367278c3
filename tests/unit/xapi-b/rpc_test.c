/* Messages of XenAPI through XML-RPC and both JSON-RPC versions. */
#include <string.h>

#include "../unit.h"
#include "rpc/rpc.h"

static char *json_of(const struct value *v)
{
    GString *s = g_string_new(NULL);
    emit_value(&rpc_json_emitter, s, v);
    return g_string_free(s, FALSE);
}

static char *xml_of(const struct value *v)
{
    GString *s = g_string_new(NULL);
    emit_value(&rpc_xml_emitter, s, v);
    return g_string_free(s, FALSE);
}

static struct value *json(const char *text)
{
    return value_json_parse(text, strlen(text), NULL);
}

/* "method params-as-JSON" of a decoded message, or "error: ..." */
static char *decoded(bool xml, const char *text)
{
    struct rpc_request req;
    ERR_AUTO err = { 0 };
    int bad = xml ? rpc_decode_xml(text, strlen(text), &req, &err)
                  : rpc_decode_json(text, strlen(text), &req, &err);
    if (bad)
        return g_strdup_printf("error: %s", err.message);
    g_autofree char *params = json_of(req.params);
    char *all = g_strdup_printf("%s %s", req.method, params);
    rpc_request_dispose(&req);
    return all;
}

static void xml_equal(const char *text, const char *want, int line)
{
    g_autofree char *got = decoded(true, text);
    unit_equal(got, want, __FILE__, line);
}
#define XML_EQUAL(text, want) xml_equal(text, want, __LINE__)

#define CALL(params)                                                           \
    "<?xml version='1.0'?><methodCall><methodName>a.b</methodName><params>"    \
    "<param>" params "</param></params></methodCall>"

static void untagged_and_tagged_strings_are_the_same(void)
{
    XML_EQUAL(CALL("<value>x y </value>"), "a.b [\"x y \"]");
    XML_EQUAL(CALL("<value><string>x</string></value>"), "a.b [\"x\"]");
    XML_EQUAL(CALL("<value/>"), "a.b [\"\"]");
    XML_EQUAL(CALL("<value></value>"), "a.b [\"\"]");
    XML_EQUAL(CALL("<value><string/></value>"), "a.b [\"\"]");
    XML_EQUAL(CALL("<value>&lt;&#65;&amp;<![CDATA[<z>]]></value>"),
              "a.b [\"<A&<z>\"]");
}

static void numbers_come_in_all_old_tags(void)
{
    XML_EQUAL(CALL("<value><int>-5</int></value>"), "a.b [-5]");
    XML_EQUAL(CALL("<value><i4> 7 </i4></value>"), "a.b [7]");
    XML_EQUAL(CALL("<value><i8>9007199254740993</i8></value>"),
              "a.b [9007199254740993]");
    XML_EQUAL(CALL("<value><double>60.5</double></value>"), "a.b [60.5]");
    XML_EQUAL(CALL("<value><boolean>1</boolean></value>"), "a.b [true]");
    XML_EQUAL(CALL("<value><nil/></value>"), "a.b [null]");
    XML_EQUAL(CALL("<value><int>x</int></value>"),
              "error: line 1 of the XML-RPC message: the text does not fit the "
              "type int");
}

static void white_space_between_elements_is_skipped(void)
{
    XML_EQUAL("<methodCall>\n <methodName> a.b </methodName>\n <params>\n"
              "<param>\n <value>\n <array> <data>\n <value>1</value>\n"
              " <value> <struct> <member> <name>k</name> <value>v</value>\n"
              "</member> </struct> </value> </data> </array> </value>\n"
              " </param> </params> </methodCall>\n",
              "a.b [[\"1\",{\"k\":\"v\"}]]");
}

static void a_call_without_params_is_a_call(void)
{
    XML_EQUAL("<methodCall><methodName>m</methodName></methodCall>", "m []");
    XML_EQUAL("<methodCall><params/></methodCall>",
              "error: the XML-RPC message has no methodName");
}

static void document_types_and_bombs_are_refused(void)
{
    XML_EQUAL("<!DOCTYPE x [<!ENTITY a \"aaaa\">]>" CALL("<value/>"),
              "error: line 1 of the XML-RPC message: a document type is not "
              "accepted");
    g_autofree char *entity = decoded(true, CALL("<value>&a;</value>"));
    CU_ASSERT(g_str_has_prefix(entity, "error: "));
    GString *deep = g_string_new("<methodCall><methodName>m</methodName>"
                                 "<params><param>");
    for (int i = 0; i < 60; i++)
        g_string_append(deep, "<value><array><data>");
    g_autofree char *got = decoded(true, deep->str);
    CU_ASSERT(strstr(got, "too deep") != NULL);
    g_string_free(deep, TRUE);
}

static void misplaced_elements_are_refused(void)
{
    XML_EQUAL("<methodCall><value/></methodCall>",
              "error: line 1 of the XML-RPC message: here cannot stand the "
              "element value");
    XML_EQUAL(CALL("<value><int>1</int><int>2</int></value>"),
              "error: line 1 of the XML-RPC message: a second type in one "
              "value: int");
    XML_EQUAL(CALL("<value><struct><member><value/></member></struct></value>"),
              "error: line 1 of the XML-RPC message: a member needs a name and "
              "a value");
    g_autofree char *cut = decoded(true, "<methodCall>");
    g_autofree char *none = decoded(true, "");
    CU_ASSERT(g_str_has_prefix(cut, "error: "));
    CU_ASSERT(g_str_has_prefix(none, "error: "));
}

/* Every kind of value: as the XML that clients get, and as JSON. */
static const struct golden {
    const char *json, *xml;
} goldens[] = {
    { "\"a<b&c\"", "<value>a&lt;b&amp;c</value>" },
    { "\"\"", "<value></value>" },
    { "\"a\\u0001b\\tc\\n\"", "<value>ab\tc\n</value>" },
    { "4294967296", "<value>4294967296</value>" },
    { "true", "<value><boolean>1</boolean></value>" },
    { "null", "<value><nil/></value>" },
    { "0.5", "<value><double>0.5</double></value>" },
    { "[]", "<value><array><data></data></array></value>" },
    { "[\"a\",1]", "<value><array><data><value>a</value><value>1</value>"
                   "</data></array></value>" },
    { "{}", "<value><struct></struct></value>" },
    { "{\"k\":{},\"l\":{\"m\":[]}}",
      "<value><struct><member><name>k</name><value><struct></struct></value>"
      "</member><member><name>l</name><value><struct><member><name>m</name>"
      "<value><array><data></data></array></value></member></struct></value>"
      "</member></struct></value>" },
    { "{\"k\":\"v\"}", "<value><struct><member><name>k</name><value>v</value>"
                       "</member></struct></value>" },
};

static void values_are_written_without_tags_and_white_space(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(goldens); i++) {
        VALUE_AUTO *v = json(goldens[i].json);
        g_autofree char *xml = xml_of(v);
        g_autofree char *js = json_of(v);
        UNIT_EQUAL(xml, goldens[i].xml);
        UNIT_EQUAL(js, goldens[i].json);
    }
    VALUE_AUTO *when = value_datetime("20260101T00:00:00Z");
    g_autofree char *xml = xml_of(when), *js = json_of(when);
    UNIT_EQUAL(xml, "<value><dateTime.iso8601>20260101T00:00:00Z"
                    "</dateTime.iso8601></value>");
    UNIT_EQUAL(js, "\"20260101T00:00:00Z\"");
}

static void what_was_written_is_read_the_same(void)
{
    VALUE_AUTO *v = json("{\"a\":[\"x\",\"\",{\"b\":true}],\"c\":\" <&> \"}");
    g_autofree char *xml = xml_of(v);
    VALUE_AUTO *back = rpc_xml_parse_value(xml, strlen(xml), NULL);
    CU_ASSERT(value_equal(v, back));
}

static void bytes_that_are_not_utf8_do_not_break_the_document(void)
{
    VALUE_AUTO *v = value_string("a\xff"
                                 "b");
    g_autofree char *xml = xml_of(v);
    UNIT_EQUAL(xml, "<value>a\xef\xbf\xbd"
                    "b</value>");
}

/* The reply to `message` with a result or fault given as JSON. */
static char *reply(bool xml, const char *message, const char *result,
                   const char *fault)
{
    struct rpc_request req;
    GString *out = g_string_new(NULL);
    int bad = xml ? rpc_decode_xml(message, strlen(message), &req, NULL)
                  : rpc_decode_json(message, strlen(message), &req, NULL);
    CU_ASSERT_FATAL(bad == 0);
    if (result) {
        struct reply *r = reply_new(json(result));
        rpc_encode_result(out, &req, r);
        reply_free(r);
    } else {
        FAULT_AUTO f = { 0 };
        VALUE_AUTO *list = json(fault);
        fault_set(&f, value_get_string(value_at(list, 0)), NULL);
        for (size_t i = 1; i < value_count(list); i++)
            fault_add(&f, value_get_string(value_at(list, i)));
        rpc_encode_fault(out, &req, &f);
    }
    rpc_request_dispose(&req);
    return g_string_free(out, FALSE);
}

#define HEAD "<?xml version=\"1.0\"?><methodResponse><params><param>"
#define TAIL "</param></params></methodResponse>"
#define STATUS(s)                                                              \
    "<value><struct><member><name>Status</name><value>" s                      \
    "</value></member><member><name>"

static void xml_replies_carry_status_and_value(void)
{
    g_autofree char *good = reply(true, CALL("<value/>"), "\"x\"", NULL);
    UNIT_EQUAL(good,
               HEAD STATUS("Success") "Value</name><value>x</value></member>"
                                      "</struct></value>" TAIL);
    g_autofree char *bad =
        reply(true, CALL("<value/>"), NULL, "[\"HANDLE_INVALID\",\"VM\"]");
    UNIT_EQUAL(bad, HEAD STATUS("Failure") "ErrorDescription</name><value>"
                                           "<array><data>"
                                           "<value>HANDLE_INVALID</value>"
                                           "<value>VM</value></data></array>"
                                           "</value></member></struct>"
                                           "</value>" TAIL);
}

static void the_method_list_has_no_status(void)
{
    g_autofree char *got = reply(
        true,
        "<methodCall><methodName>system.listMethods</methodName></methodCall>",
        "[\"a\"]", NULL);
    UNIT_EQUAL(got, HEAD "<value><array><data><value>a</value></data></array>"
                         "</value>" TAIL);
}

static void only_counts_are_tagged_integers(void)
{
    GString *xml = g_string_new(NULL), *js = g_string_new(NULL);
    rpc_xml_emitter.count(xml, 2);
    rpc_xml_emitter.integer(xml, 3);
    UNIT_EQUAL(xml->str, "<value><i4>2</i4></value><value>3</value>");
    rpc_json_emitter.count(js, 2);
    UNIT_EQUAL(js->str, "2");
    g_string_free(xml, TRUE);
    g_string_free(js, TRUE);
}

static void json_replies_follow_the_version_of_the_call(void)
{
    g_autofree char *two = reply(
        false, "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"id\":7}", "5", NULL);
    UNIT_EQUAL(two, "{\"jsonrpc\":\"2.0\",\"result\":5,\"id\":7}");
    g_autofree char *one = reply(
        false, "{\"method\":\"m\",\"params\":[],\"id\":\"x\"}", "5", NULL);
    UNIT_EQUAL(one, "{\"result\":5,\"error\":null,\"id\":\"x\"}");
    g_autofree char *bad2 =
        reply(false, "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"id\":7}", NULL,
              "[\"C\",\"a\",\"b\"]");
    UNIT_EQUAL(bad2, "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":1,\"message\":"
                     "\"C\",\"data\":[\"a\",\"b\"]},\"id\":7}");
    g_autofree char *bad1 =
        reply(false, "{\"method\":\"m\",\"id\":7}", NULL, "[\"C\",\"a\"]");
    UNIT_EQUAL(bad1, "{\"result\":null,\"error\":[\"C\",\"a\"],\"id\":7}");
}

static void json_calls_need_a_method_and_an_id(void)
{
    static const char *const wrong[] = {
        "{\"method\":\"m\"}",
        "{\"method\":\"m\",\"id\":null}",
        "{\"method\":\"m\",\"id\":1.5}",
        "{\"method\":5,\"id\":1}",
        "{\"method\":\"m\",\"params\":{},\"id\":1}",
        "{\"jsonrpc\":\"3.0\",\"method\":\"m\",\"id\":1}",
        "[]",
        "{",
        "",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *got = decoded(false, wrong[i]);
        CU_ASSERT(g_str_has_prefix(got, "error: "));
    }
}

const struct unit_test unit_tests[] = {
    { "untagged and tagged XML strings are the same",
      untagged_and_tagged_strings_are_the_same },
    { "XML numbers come in all old tags", numbers_come_in_all_old_tags },
    { "white space between XML elements is skipped",
      white_space_between_elements_is_skipped },
    { "an XML call without params is a call", a_call_without_params_is_a_call },
    { "XML document types, entities and deep nesting are refused",
      document_types_and_bombs_are_refused },
    { "misplaced XML elements are refused", misplaced_elements_are_refused },
    { "XML values are written without tags and white space",
      values_are_written_without_tags_and_white_space },
    { "what was written as XML is read the same",
      what_was_written_is_read_the_same },
    { "bytes that are not UTF-8 do not break the XML document",
      bytes_that_are_not_utf8_do_not_break_the_document },
    { "XML replies carry status and value",
      xml_replies_carry_status_and_value },
    { "the list of methods has no status", the_method_list_has_no_status },
    { "only counts are tagged integers in XML",
      only_counts_are_tagged_integers },
    { "JSON replies follow the version of the call",
      json_replies_follow_the_version_of_the_call },
    { "JSON calls need a method and an id",
      json_calls_need_a_method_and_an_id },
    { 0 },
};
