/* The value tree and its JSON. */
#include "base/value.h"

#include <string.h>

#include "tests/unit/unit.h"

static char *roundtrip(const char *text)
{
    ERR_AUTO err = { 0 };
    VALUE_AUTO *v = value_json_parse(text, strlen(text), &err);
    if (!v)
        return g_strdup(err.message);
    GString *out = g_string_new(NULL);
    value_json_format(out, v, false);
    return g_string_free(out, FALSE);
}

static void check(const char *text, const char *want)
{
    g_autofree char *got = roundtrip(text);
    UNIT_EQUAL(got, want);
}

static void keeps_json(void)
{
    check("[1, -9223372036854775808, true, null, \"a\\n\\u0001\"]",
          "[1,-9223372036854775808,true,null,\"a\\n\\u0001\"]");
    check("{\"b\":1.5,\"a\":{\"c\":[]}}", "{\"b\":1.5,\"a\":{\"c\":[]}}");
    check("0.1", "0.1");
    check("2.0", "2.0");
}

static void names_the_place(void)
{
    check("{\n \"a\": x}", "JSON is not valid at line 2, column 7");
    check("", "JSON is not valid at line 1, column 1");
    g_autofree char *deep = g_strnfill(300, '[');
    g_autofree char *got = roundtrip(deep);
    CU_ASSERT_PTR_NOT_NULL(strstr(got, "nested too deeply"));
}

static void keeps_order_and_replaces(void)
{
    VALUE_AUTO *o = value_object();
    for (int i = 0; i < 40; i++) {
        g_autofree char *key = g_strdup_printf("k%d", i);
        value_set(o, key, value_int(i));
    }
    value_set(o, "k7", value_int(70));
    CU_ASSERT_TRUE(value_remove(o, "k3"));
    CU_ASSERT_FALSE(value_remove(o, "k3"));
    CU_ASSERT_EQUAL(value_count(o), 39);
    UNIT_EQUAL(value_key_at(o, 3), "k4");
    CU_ASSERT_EQUAL(value_get_int(value_find(o, "k7")), 70);
    CU_ASSERT_EQUAL(value_get_int(value_find(o, "k39")), 39);
    CU_ASSERT_PTR_NULL(value_find(o, "k3"));
}

static void compares_deeply(void)
{
    const char *a = "{\"x\":[1,{\"y\":\"z\"}],\"w\":true}";
    const char *b = "{\"w\":true,\"x\":[1,{\"y\":\"z\"}]}";
    VALUE_AUTO *va = value_json_parse(a, strlen(a), NULL);
    VALUE_AUTO *vb = value_json_parse(b, strlen(b), NULL);
    VALUE_AUTO *vc = value_copy(va);
    CU_ASSERT_TRUE(value_equal(va, vb));
    CU_ASSERT_TRUE(value_equal(va, vc));
    value_set(vc, "w", value_bool(false));
    CU_ASSERT_FALSE(value_equal(va, vc));
}

static int64_t as_int(const char *text)
{
    VALUE_AUTO *v = value_json_parse(text, strlen(text), NULL);
    return value_get_int(v);
}

static void takes_numbers_beyond_int64(void)
{
    CU_ASSERT_EQUAL(as_int("22222244444444222222"), INT64_MAX);
    CU_ASSERT_EQUAL(as_int("-1e300"), INT64_MIN);
    CU_ASSERT_EQUAL(as_int("9223372036854775807"), INT64_MAX);
    CU_ASSERT_EQUAL(as_int("-2.9"), -2);
}

const struct unit_test unit_tests[] = {
    { "JSON is read and written without loss", keeps_json },
    { "a JSON mistake is named with line and column", names_the_place },
    { "objects keep their order", keeps_order_and_replaces },
    { "values compare deeply, objects without order", compares_deeply },
    { "a number beyond int64 becomes the nearest limit",
      takes_numbers_beyond_int64 },
    { 0 },
};
