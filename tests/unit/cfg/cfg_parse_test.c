/* The config language: what is read, with which value, at which place. */
#include <string.h>

#include "cfg/cfg.h"
#include "tests/unit/unit.h"

static void show_node(GString *out, const struct cfg_node *node)
{
    if (node->kind != CFG_LIST) {
        g_string_append_printf(out, node->kind == CFG_NUMBER ? "%s" : "'%s'",
                               node->text);
        return;
    }
    for (guint i = 0; i < node->items->len; i++) {
        g_string_append_c(out, i ? ',' : '[');
        show_node(out, node->items->pdata[i]);
    }
    g_string_append(out, node->items->len ? "]" : "[]");
}

/* All settings as "a=1 b=['x']", and " !id@line:column" for each finding. */
static char *show(const char *text, size_t len, const char *const *words)
{
    GString *out = g_string_new(NULL);
    struct cfg *cfg = cfg_parse("f", text, len, words);
    for (guint i = 0; i < cfg->settings->len; i++) {
        const struct cfg_setting *s = cfg->settings->pdata[i];
        g_string_append_printf(out, "%s%s%s=", i ? " " : "", s->name,
                               s->last_was_append ? "+" : "");
        show_node(out, s->value);
    }
    for (guint i = 0; cfg->diags.items && i < cfg->diags.items->len; i++) {
        const struct diag *d = cfg->diags.items->pdata[i];
        g_string_append_printf(out, " !%s@%u:%u", d->id, d->pos.line,
                               d->pos.column);
    }
    cfg_free(cfg);
    return g_string_free(out, FALSE);
}

static void check(const char *text, const char *want)
{
    g_autofree char *got = show(text, strlen(text), NULL);
    UNIT_EQUAL(got, want);
}

static void check_words(const char *text, const char *word1, const char *word2,
                        const char *want)
{
    const char *words[] = { word1, word2, NULL };
    g_autofree char *got = show(text, strlen(text), words);
    UNIT_EQUAL(got, want);
}

static void reads_values(void)
{
    check("", "");
    check("a=1", "a=1");
    check("a = 'x' # c\nb=\"y\";c=0x1f", "a='x' b='y' c=0x1f");
    check("a=['x',2,[3,[]],]", "a=['x',2,[3,[]]]");
    check("a=[\n# c\n 'x'\n,\n\n'y' # d\n]\n", "a=['x','y']");
    check("a.b_1='[;#='", "a.b_1='[;#='");
    check(";;\n ; a=1;;b=2;\n", "a=1 b=2");
}

static void last_assignment_wins(void)
{
    check("a=1\nb=2\na='x'", "a='x' b=2");
    check("a='x'\na+='y'\n", "a+='xy'");
    check("a=[1]\na+=[2,3]\na+=[]", "a+=[1,2,3]");
    check("a+='x'", "a+='x'");
    check("a+=1\na=2", "a=2");
    check("a=1\na+=[2]", "a+=1 !append-mixed@2:4");
}

static void words_override_the_file(void)
{
    check_words("a=1\nb=2", "b=3;c=4", "d=[5]", "a=1 b=3 c=4 d=[5]");
    check_words("a=1 # no newline", "a=2", NULL, "a=2");
    check_words("a=['x'", "b=1", NULL, "a=['x'] b=1 !unclosed-list@1:3");
    check_words("", "b=x", NULL, "b='x' !unquoted@1:3");
}

static void honest_input_is_accepted(void)
{
    check("\xef\xbb\xbf"
          "a=1\r\nb=[\r\n2]\r\n# the end",
          "a=1 b=[2]");
    check("a=1 #", "a=1");
    check("a='\xff\xc3'\n", "a='\xff\xc3'");
}

static void escapes_stand_for_bytes(void)
{
    check("a='\\'\\\"\\\\\\t\\n'", "a=''\"\\\t\n'");
    check("a=\"\\x41\\102C\\x7f\"", "a='ABC\x7f'");
    check("a='\\q'", "a='' !bad-escape@1:4");
    check("a='\\x4'\nb='\\8'\nc='\\000'",
          "a='' b='' c='' "
          "!bad-escape@1:4 !bad-escape@2:4 !bad-escape@3:4");
}

static void each_mistake_is_said_once(void)
{
    check("a=x y\nb=True\nc=", "a='x y' b='True' c='' !unquoted@1:3 "
                               "!word@2:3 !no-value@3:3");
    check("a=[1\nb=2\nc=[3", "a=[1] b=2 c=[3] !unclosed-list@1:3 "
                             "!unclosed-list@3:3");
    check("a=['x\nb=2", "a=[] b=2 !unclosed-quote@1:4 !unclosed-list@1:3");
    check("a=['x]\nb=2", "a=[] b=2 !unclosed-quote@1:4");
    check("def f(x):\n  return 1\n\n  a=2\nb=3", "b=3 !python@1:1");
    check("a=(1,\n2,\n3)\nb=2", "a='' b=2 !parentheses@1:3");
    check("a=1 b=2\n", "a=1 b=2 !two-settings@1:5");
    check("a\n\nb", " !no-value@1:2 !no-value@3:2");
    check("a\r\nb=1", "b=1 !no-value@1:2");
}

static void broken_values_are_marked(void)
{
    struct cfg *cfg = cfg_parse("f", "a=x\nb=1\n", 8, NULL);
    CU_ASSERT_TRUE(cfg_find(cfg, "a")->broken);
    CU_ASSERT_FALSE(cfg_find(cfg, "b")->broken);
    unsigned before = diags_count(&cfg->diags, DIAG_NOTE);
    diag_add(&cfg->diags, DIAG_ERROR, "x", cfg_find(cfg, "a")->pos, "follows");
    CU_ASSERT_EQUAL(diags_count(&cfg->diags, DIAG_NOTE), before);
    diag_add(&cfg->diags, DIAG_ERROR, "x", cfg_find(cfg, "b")->pos, "new");
    CU_ASSERT_EQUAL(diags_count(&cfg->diags, DIAG_NOTE), before + 1);
    cfg_free(cfg);
}

static void no_text_is_one_finding(void)
{
    static const char elf[] = "\x7f"
                              "ELF\1\2\3\n=\n[\n";
    check(elf, " !not-text@0:0");
    g_autofree char *nul = show("a=1\nb='\0'\n", 11, NULL);
    UNIT_EQUAL(nul, "a=1 b='' !not-text@0:0");
    g_autofree char *comment = show("#\0\na=1\n", 7, NULL);
    UNIT_EQUAL(comment, "a=1");
}

static void check_place(const struct cfg_node *node, size_t at, size_t len,
                        unsigned line, unsigned column, unsigned length)
{
    struct diag_pos pos = cfg_node_pos(node, at, len);
    CU_ASSERT_EQUAL(pos.line, line);
    CU_ASSERT_EQUAL(pos.column, column);
    CU_ASSERT_EQUAL(pos.length, length);
}

static void places_point_inside_values(void)
{
    static const char text[] = "a = 'x\\ty'\na += \"zz\"\nb = [ 7 ]";
    struct cfg *cfg = cfg_parse("f", text, strlen(text), NULL);
    const struct cfg_node *a = cfg_find(cfg, "a")->value;
    UNIT_EQUAL(a->text, "x\tyzz");
    check_place(a, 0, 1, 1, 6, 1);
    check_place(a, 1, 1, 1, 7, 2); /* the escape's two bytes */
    check_place(a, 3, 2, 2, 7, 2);
    check_place(a, 0, 0, 1, 5, 6); /* the token */
    check_place(cfg_find(cfg, "b")->value, 0, 1, 3, 5, 1);
    check_place(cfg_find(cfg, "b")->value->items->pdata[0], 0, 1, 3, 7, 1);
    cfg_free(cfg);
}

static void survives_depth_and_length(void)
{
    g_autofree char *deep = g_strnfill(100000, '[');
    struct cfg *cfg = cfg_parse("f", deep, 100000, NULL);
    CU_ASSERT_TRUE(diags_count(&cfg->diags, DIAG_ERROR) > 0);
    cfg_free(cfg);
    GString *text = g_string_new(NULL);
    for (int i = 0; i < 20000; i++)
        g_string_append_printf(text, "k%d = ! %d\n", i, i);
    cfg = cfg_parse("f", text->str, text->len, NULL);
    CU_ASSERT_TRUE(diags_count(&cfg->diags, DIAG_ERROR) <= 51);
    cfg_free(cfg);
    g_string_free(text, TRUE);
}

const struct unit_test unit_tests[] = {
    { "values, lists and separators are read", reads_values },
    { "the last assignment wins, += joins", last_assignment_wins },
    { "words of the command line override the file", words_override_the_file },
    { "DOS line ends, BOM and a last comment are accepted",
      honest_input_is_accepted },
    { "escapes stand for their bytes", escapes_stand_for_bytes },
    { "each mistake is said once, where it is", each_mistake_is_said_once },
    { "consequences of a mistake are not reported", broken_values_are_marked },
    { "what is no text gets one sentence", no_text_is_one_finding },
    { "places point inside values", places_point_inside_values },
    { "deep and long texts are survived", survives_depth_and_length },
    { 0 },
};
