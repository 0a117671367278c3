/* Diagnostics: order, marker, safety of what reaches the terminal. */
#include "base/diag.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

/* What is printed for a finding at line, column, length of the text. */
static char *print_at(const char *text, unsigned line, unsigned column,
                      unsigned length, const char *message)
{
    struct diags d = { 0 };
    char *out = NULL;
    size_t size;
    FILE *f = open_memstream(&out, &size);
    const char *file = diags_add_source(&d, "f", text, strlen(text), NULL);
    struct diag_pos pos = { file, line, column, length };
    diag_add(&d, DIAG_ERROR, "x", pos, "%s", message);
    diags_print(f, &d, DIAG_NOTE);
    fclose(f);
    diags_dispose(&d);
    return out;
}

static void check(const char *text, unsigned line, unsigned column,
                  unsigned length, const char *want)
{
    char *got = print_at(text, line, column, length, "m");
    UNIT_EQUAL(got, want);
    free(got);
}

static void marks_the_place(void)
{
    check("a\nbc = d\n", 2, 6, 1, "f:2:6: error: m\n    bc = d\n         ^\n");
    check("abc", 1, 1, 3, "f:1:1: error: m\n    abc\n    ^~~\n");
    check("a =", 1, 4, 1, "f:1:4: error: m\n    a =\n       ^\n");
    check("a", 0, 0, 0, "f: error: m\n");
    check("a\r\nb", 1, 1, 1, "f:1:1: error: m\n    a\n    ^\n");
}

static void counts_columns_of_the_screen(void)
{
    check("\ta", 1, 2, 1, "f:1:2: error: m\n            a\n            ^\n");
    check("ää=x", 1, 6, 1, "f:1:6: error: m\n    ää=x\n       ^\n");
    check("日=x", 1, 5, 1, "f:1:5: error: m\n    日=x\n       ^\n");
}

static void shows_no_control_characters(void)
{
    check("\033[2J", 1, 1, 1, "f:1:1: error: m\n    \\x1B[2J\n    ^~~~\n");
    check("\xe2\x80\xae x", 1, 5, 1,
          "f:1:5: error: m\n    \\u202E x\n           ^\n");
    check("\xff", 1, 1, 1, "f:1:1: error: m\n    \\xFF\n    ^~~~\n");
    char *got = print_at("", 0, 0, 0, "\033]0;x\a");
    UNIT_EQUAL(got, "f: error: \\x1B]0;x\\x07\n");
    free(got);
}

static void long_lines_are_cut(void)
{
    g_autofree char *text = g_strnfill(5000, 'x');
    char *got = print_at(text, 1, 2500, 1, "m");
    CU_ASSERT_TRUE(strlen(got) < 400);
    CU_ASSERT_PTR_NOT_NULL(strstr(got, "    ...xxx"));
    free(got);
}

static void sorts_by_place(void)
{
    struct diags d = { 0 };
    const char *one = diags_add_source(&d, "one", "a\nb\n", 4, NULL);
    const char *two = diags_add_source(&d, "two", "c\n", 2, NULL);
    diag_add(&d, DIAG_ERROR, "x", (struct diag_pos){ two, 1, 1, 1 }, "4");
    diag_add(&d, DIAG_ERROR, "x", (struct diag_pos){ one, 2, 1, 1 }, "3");
    diag_add(&d, DIAG_WARNING, "x", (struct diag_pos){ one, 1, 2, 1 }, "1");
    diag_add(&d, DIAG_NOTE, "x", (struct diag_pos){ one, 1, 2, 1 }, "2");
    VALUE_AUTO *all = diags_to_value(&d);
    for (size_t i = 0; i < 4; i++) {
        g_autofree char *want = g_strdup_printf("%zu", i + 1);
        UNIT_EQUAL(value_get_string(value_find(value_at(all, i), "message")),
                   want);
    }
    CU_ASSERT_EQUAL(diags_count(&d, DIAG_WARNING), 3);
    diags_mute(&d, one, 2, 3);
    diag_add(&d, DIAG_ERROR, "x", (struct diag_pos){ one, 3, 1, 1 }, "muted");
    CU_ASSERT_EQUAL(diags_count(&d, DIAG_ERROR), 2);
    diags_dispose(&d);
    diags_dispose(&d);
}

static void finds_the_nearest_word(void)
{
    static const char *const words[] = { "memory",   "maxmem",   "vcpus",
                                         "maxvcpus", "on_crash", NULL };
    UNIT_EQUAL(diag_nearest("memry", words), "memory");
    UNIT_EQUAL(diag_nearest("max_vcpus", words), "maxvcpus");
    UNIT_EQUAL(diag_nearest("on-crash", words), "on_crash");
    UNIT_EQUAL(diag_nearest("vcpsu", words), "vcpus");
    UNIT_EQUAL(diag_nearest("x", words), NULL);
    UNIT_EQUAL(diag_nearest("kernel", words), NULL);
}

const struct unit_test unit_tests[] = {
    { "the place is marked under its line", marks_the_place },
    { "the marker stands right behind tabs and wide letters",
      counts_columns_of_the_screen },
    { "no control character reaches the terminal",
      shows_no_control_characters },
    { "long lines are cut around the place", long_lines_are_cut },
    { "findings are sorted by place and can be muted", sorts_by_place },
    { "the nearest known word is found", finds_the_nearest_word },
    { 0 },
};
