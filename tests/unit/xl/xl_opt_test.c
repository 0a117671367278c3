/* Tests: options from rows, numbers, the command table. */
#include <string.h>

#include "base/num.h"
#include "base/opt.h"
#include "cmd/cmd.h"
#include "tests/unit/unit.h"

static const struct opt_row rows[] = { { 'a', "all", NULL, "all of them" },
                                       { 'n', "number", "N", "a number" },
                                       { 'w', NULL, NULL, "wait" },
                                       { OPT_LONG(1), "json", NULL, "JSON" },
                                       { 0 } };

/* Splits a text at blanks and parses it; the first word is the command. */
static int parse(const char *text, struct opts *o, struct err *err)
{
    static char *argv[32];
    static char copy[256];
    int argc = 0;
    g_strlcpy(copy, text, sizeof(copy));
    for (char *p = copy; p; argc++) {
        argv[argc] = p;
        p = strchr(p, ' ');
        if (p)
            *p++ = '\0';
    }
    argv[argc] = NULL;
    return opt_parse(rows, argc, argv, o, err);
}

static void words_and_options_mix(void)
{
    struct opts o;
    ERR_AUTO err = { 0 };
    CU_ASSERT_EQUAL(parse("x one -an7 two --json", &o, &err), 0);
    CU_ASSERT_TRUE(opt_has(&o, 'a'));
    CU_ASSERT_FALSE(opt_has(&o, 'w'));
    CU_ASSERT_TRUE(opt_has(&o, OPT_LONG(1)));
    UNIT_EQUAL(opt_value(&o, 'n'), "7");
    CU_ASSERT_EQUAL(o.nr_words, 2);
    UNIT_EQUAL(o.words[0], "one");
    UNIT_EQUAL(o.words[1], "two");
    CU_ASSERT_PTR_NULL(o.words[2]);
}

static void values_follow_in_each_form(void)
{
    static const char *const forms[] = { "x -n 5", "x -n5", "x --number 5",
                                         "x --number=5", "x --num=5" };
    for (unsigned i = 0; i < G_N_ELEMENTS(forms); i++) {
        struct opts o;
        ERR_AUTO err = { 0 };
        CU_ASSERT_EQUAL(parse(forms[i], &o, &err), 0);
        UNIT_EQUAL(opt_value(&o, 'n'), "5");
        CU_ASSERT_EQUAL(o.nr_words, 0);
    }
}

static void two_dashes_end_the_options(void)
{
    struct opts o;
    ERR_AUTO err = { 0 };
    CU_ASSERT_EQUAL(parse("x - -- -a --json", &o, &err), 0);
    CU_ASSERT_FALSE(opt_has(&o, 'a'));
    CU_ASSERT_EQUAL(o.nr_words, 3);
    UNIT_EQUAL(o.words[0], "-");
    UNIT_EQUAL(o.words[1], "-a");
}

static void wrong_options_exit_with_2(void)
{
    static const struct {
        const char *line, *message;
    } wrong[] = {
        { "x -q", "option `q' not supported." },
        { "x --quick", "option `--quick' not supported." },
        { "x -n", "option `n' needs a value: N" },
        { "x --number", "option `--number' needs a value: N" },
        { "x --all=1", "option `--all' takes no value" },
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
        struct opts o;
        ERR_AUTO err = { 0 };
        CU_ASSERT_EQUAL(parse(wrong[i].line, &o, &err), -1);
        UNIT_EQUAL(err.message, wrong[i].message);
        CU_ASSERT_EQUAL(err_exit_code(&err), 2);
    }
}

static void help_is_an_option_of_every_command(void)
{
    struct opts o;
    ERR_AUTO err = { 0 };
    CU_ASSERT_EQUAL(parse("x -ah", &o, &err), 0);
    CU_ASSERT_TRUE(o.help);
    CU_ASSERT_EQUAL(parse("x --help --nonsense", &o, &err), 0);
    CU_ASSERT_TRUE(o.help);
}

static void sizes_have_units(void)
{
    static const struct {
        const char *text;
        int64_t kib; /* -1: refused */
    } sizes[] = {
        { "512", 524288 },
        { "512m", 524288 },
        { "2g", 2097152 },
        { "1T", 1 << 30 },
        { "100k", 100 },
        { "4096b", 4 },
        { "", -1 },
        { "m", -1 },
        { "-1", -1 },
        { "1x", -1 },
        { "1mb", -1 },
        { " 1", -1 },
        { "99999999999999999999", -1 },
        { "9007199254740993g", -1 },
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(sizes); i++) {
        int64_t kib = -1;
        bool good = num_parse_kib(sizes[i].text, 'm', &kib);
        CU_ASSERT_EQUAL(good, sizes[i].kib >= 0);
        if (good)
            CU_ASSERT_EQUAL(kib, sizes[i].kib);
    }
}

static void whole_numbers_only(void)
{
    uint64_t n;
    CU_ASSERT_TRUE(num_parse_uint("0", 10, &n) && n == 0);
    CU_ASSERT_TRUE(num_parse_uint("10", 10, &n) && n == 10);
    CU_ASSERT_FALSE(num_parse_uint("11", 10, &n));
    CU_ASSERT_FALSE(num_parse_uint("", 10, &n));
    CU_ASSERT_FALSE(num_parse_uint("+1", 10, &n));
    CU_ASSERT_FALSE(num_parse_uint("1 ", 10, &n));
    CU_ASSERT_FALSE(num_parse_uint(NULL, 10, &n));
}

static void beginnings_of_commands_are_enough(void)
{
    ERR_AUTO err = { 0 };
    const struct cmd_row *row = cmd_lookup("lis", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(row);
    UNIT_EQUAL(row->name, "list");
    row = cmd_lookup("info", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(row);
    UNIT_EQUAL(row->name, "info");
}

static void exact_names_win_over_beginnings(void)
{
    ERR_AUTO err = { 0 };
    for (const struct cmd_row *r = cmd_rows; r->name; r++)
        CU_ASSERT_PTR_EQUAL(cmd_lookup(r->name, &err), r);
}

static void ambiguous_beginnings_are_listed(void)
{
    ERR_AUTO err = { 0 };
    CU_ASSERT_PTR_NULL(cmd_lookup("mem", &err));
    CU_ASSERT_EQUAL(err_exit_code(&err), 1);
    UNIT_EQUAL(err.hint, "It could be: mem-set mem-max");
    CU_ASSERT_PTR_NULL(cmd_lookup("nosuch", &err));
    UNIT_EQUAL(err.message, "command not implemented: \"nosuch\"");
    CU_ASSERT_PTR_NULL(cmd_lookup("", &err));
}

static void every_row_can_be_explained(void)
{
    for (const struct cmd_row *r = cmd_rows; r->name; r++) {
        CU_ASSERT_PTR_NOT_NULL(r->run);
        CU_ASSERT_PTR_NOT_NULL(r->opts);
        CU_ASSERT_TRUE(r->summary && *r->summary);
    }
}

const struct unit_test unit_tests[] = {
    { "options and words may be mixed", words_and_options_mix },
    { "an option's value follows in each usual form",
      values_follow_in_each_form },
    { "-- ends the options", two_dashes_end_the_options },
    { "a wrong option is named, exit code 2", wrong_options_exit_with_2 },
    { "-h and --help are options of every command",
      help_is_an_option_of_every_command },
    { "memory sizes have units", sizes_have_units },
    { "numbers are whole and bounded", whole_numbers_only },
    { "the beginning of a command's name is enough",
      beginnings_of_commands_are_enough },
    { "an exact name wins over beginnings", exact_names_win_over_beginnings },
    { "an ambiguous beginning lists its candidates",
      ambiguous_beginnings_are_listed },
    { "every command has a summary and options", every_row_can_be_explained },
    { 0 }
};
