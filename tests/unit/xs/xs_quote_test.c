/* Escapes of values, and JSON of any byte. */
#include "xs/quote.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "xs/out.h"

static void check_quote(const char *value, size_t len, const char *want)
{
    char buf[64];

    buf[quote(buf, value, len)] = '\0';
    UNIT_EQUAL(buf, want);
}

static void quotes(void)
{
    check_quote("plain ~", 7, "plain ~");
    check_quote("\t\n\r\\", 4, "\\t\\n\\r\\\\");
    check_quote("\0\1\7\10\37\177\200\377", 8,
                "\\000\\001\\007\\x08\\x1f\\x7f\\x80\\xff");
    check_quote("\"'$`", 4, "\"'$`");
    check_quote("", 0, "");
}

static void check_undo(const char *text, const char *want, size_t want_len)
{
    char buf[64];
    size_t n;

    strcpy(buf, text);
    n = quote_undo(buf);
    CU_ASSERT_EQUAL(n, want_len);
    CU_ASSERT_EQUAL(memcmp(buf, want, want_len), 0);
}

static void undoes(void)
{
    check_undo("a\\tb\\nc\\rd\\\\e", "a\tb\nc\rd\\e", 9);
    check_undo("\\x41\\102\\0018", "AB\0018", 4);
    check_undo("\\q\\8\\xzz", "q8xzz", 5);
    check_undo("\\x4\\1\\777\\400", "\4\1\377\0", 4);
    check_undo("end\\", "end\0", 4);
    check_undo("", "", 0);
}

static void every_byte_returns(void)
{
    char value[256], text[256 * QUOTE_MAX + 1];
    size_t len;

    for (int i = 0; i < 256; i++)
        value[i] = (char)i;
    len = quote(text, value, sizeof(value));
    text[len] = '\0';
    CU_ASSERT_EQUAL(quote_undo(text), 256);
    CU_ASSERT_EQUAL(memcmp(text, value, 256), 0);
    CU_ASSERT_FALSE(quote_is_plain(value, 256));
    CU_ASSERT_TRUE(quote_is_plain("abc", 3));
}

static void check_json(const char *value, size_t len, const char *want)
{
    struct out o = { .fd = -1 };

    out_json_value(&o, value, len);
    out_char(&o, '\0');
    UNIT_EQUAL(o.buf, want);
    out_dispose(&o);
}

static void json(void)
{
    check_json("a\"b\\c\n", 6, "\"value\":\"a\\\"b\\\\c\\n\"");
    check_json("\0\33\177", 3, "\"value\":\"\\u0000\\u001b\\u007f\"");
    check_json("\xc3\xbc\xe2\x98\x83\xf0\x9f\x90\xa7", 9,
               "\"value\":\"\xc3\xbc\xe2\x98\x83\xf0\x9f\x90\xa7\"");
    check_json("\xc2\x9b", 2, "\"value\":\"\\u009b\"");
    check_json("a\xff", 2, "\"value\":\"a\\ufffd\",\"hex\":\"61ff\"");
    /* overlong, surrogate, beyond U+10FFFF, cut off */
    check_json("\xc0\x80", 2, "\"value\":\"\\ufffd\\ufffd\",\"hex\":\"c080\"");
    check_json("\xed\xa0\x80", 3,
               "\"value\":\"\\ufffd\\ufffd\\ufffd\",\"hex\":\"eda080\"");
    check_json("\xf4\x90\x80\x80", 4,
               "\"value\":\"\\ufffd\\ufffd\\ufffd\\ufffd\","
               "\"hex\":\"f4908080\"");
    check_json("\xe2\x98", 2, "\"value\":\"\\ufffd\\ufffd\",\"hex\":\"e298\"");
}

const struct unit_test unit_tests[] = {
    { "unsafe bytes become escapes", quotes },
    { "escapes become bytes", undoes },
    { "every byte survives quoting and its undoing", every_byte_returns },
    { "JSON values are valid UTF-8, with the bytes in hex where they are not",
      json },
    { 0 },
};
