/* Compares our reading of the config language with libxlutil's own, in one
 * process: generated texts, mutated ones, and the files named as arguments.
 * usage: language [-s SEED] [-n TEXTS] [FILE...] */
#include <inttypes.h>
#include <libxlutil.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cfg/cfg.h"

static uint64_t state;

static unsigned roll(unsigned sides)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)((state * 0x2545F4914F6CDD1Dull) >> 33) % sides;
}

#define PICK(array) array[roll(G_N_ELEMENTS(array))]

/* --- texts ---------------------------------------------------------------- */

static const char *const names[] = {
    "a", "memory", "disk", "vif", "name", "a.b", "x_1", "on_crash", "k0",
};
static const char *const gaps[] = { "", "", " ", "  ", "\t", " \t " };
static const char *const numbers[] = {
    "0", "1", "512", "010", "0x40", "12ab", "1x", "00f", "99999999999999999999",
};
static const char *const pieces[] = {
    "a",        "file:/x,xvda,w",
    " ",        "#",
    ";",        "[",
    "]",        "=",
    ",",        "\\\\",
    "\\\"",     "\\'",
    "\\n",      "\\t",
    "\\a",      "\\x41",
    "\\101",    "\\xff",
    "\xc3\xa4", "\xff",
    "\\q",      "\\x4",
    "\\18",     "\\000",
    "\\7",      "\r",
    "\x01",
};
static const char *const comments[] = { "#\n", "# c\n", "#\"'[\n", "\n",
                                        "\n",  "\n\n",  "\r\n" };
static const char *const wild[] = {
    "\"",     "'",
    "[",      "]",
    ",",      "=",
    "+=",     ";",
    "\n",     "#",
    "\\",     "-",
    "(",      ":",
    "A",      "z",
    "9",      " ",
    "\r",     "\r\n",
    "\t",     "\xef\xbb\xbf",
    "\x7f",   "True",
    "a=1\n",  "+",
    "_",      ".",
    "\"\"\"", "import os\n",
    "\f",     "\v",
};

static void make_string(GString *out)
{
    char quote = roll(2) ? '"' : '\'';
    g_string_append_c(out, quote);
    for (unsigned n = roll(4); n; n--) {
        const char *piece = roll(3) ? pieces[roll(9)] : PICK(pieces);
        g_string_append(out, piece);
    }
    if (!roll(8))
        g_string_append_c(out, quote == '"' ? '\'' : '"');
    g_string_append_c(out, quote);
}

static void make_break(GString *out)
{
    g_string_append(out, PICK(gaps));
    if (!roll(4))
        g_string_append(out, PICK(comments));
    g_string_append(out, PICK(gaps));
}

static void make_value(GString *out, unsigned depth)
{
    unsigned kind = roll(depth > 3 ? 3 : 6);
    if (kind < 2) {
        make_string(out);
    } else if (kind == 2) {
        g_string_append(out, PICK(numbers));
    } else {
        g_string_append_c(out, '[');
        make_break(out);
        unsigned n = roll(4);
        for (unsigned i = 0; i < n; i++) {
            make_value(out, depth + 1);
            make_break(out);
            if (i + 1 < n || !roll(3))
                g_string_append_c(out, ',');
            make_break(out);
        }
        g_string_append_c(out, ']');
    }
}

static void make_text(GString *out)
{
    if (!roll(40))
        g_string_append(out, "\xef\xbb\xbf");
    for (unsigned n = roll(7); n; n--) {
        g_string_append(out, PICK(gaps));
        g_string_append(out, PICK(names));
        g_string_append(out, PICK(gaps));
        g_string_append(out, roll(4) ? "=" : "+=");
        g_string_append(out, PICK(gaps));
        make_value(out, 0);
        g_string_append(out, PICK(gaps));
        g_string_append(out, roll(5) ? PICK(comments) : ";");
    }
    if (!roll(10))
        g_string_append(out, "# the end");
}

static void mutate(GString *text)
{
    for (unsigned n = 1 + roll(3); n; n--) {
        gsize at = roll((unsigned)text->len + 1);
        unsigned how = roll(3);
        if (how == 0 && at < text->len)
            g_string_erase(text, (gssize)at, 1);
        else if (how == 1)
            g_string_insert(text, (gssize)at, PICK(wild));
        else if (at < text->len)
            text->str[at] = (char)(1 + roll(255));
    }
}

/* --- what we accept more ----------------------------------------------------
 */

static void put_byte(GString *out, unsigned c)
{
    const char *special = c ? strchr("\"\"''\\\\\nn", (int)c) : NULL;
    if (special)
        g_string_append_printf(out, "\\%c", c == '\n' ? 'n' : (int)c);
    else
        g_string_append_c(out, (char)c);
}

/* A numeric escape becomes the byte it stands for, which libxlutil reads right;
 * one that stands for none becomes what it refuses. */
static const char *spell_escape(GString *out, const char *p, const char *end)
{
    unsigned base = *p == 'x' ? 16 : 8, most = base == 16 ? 2 : 3, n = 0;
    unsigned value = 0;
    for (p += base == 16; n < most && p < end; n++, p++) {
        int digit = g_ascii_xdigit_value(*p);
        if (digit < 0 || (unsigned)digit >= base)
            break;
        value = value * base + (unsigned)digit;
    }
    if (n == most && value && value < 256)
        put_byte(out, value);
    else
        g_string_append(out, "\\q");
    return p;
}

static const char *spell_string(GString *out, const char *p, const char *end)
{
    char quote = *p;
    g_string_append_c(out, *p++);
    while (p < end && *p != '\n' && *p != quote) {
        if (*p == '\\' && p + 1 < end &&
            (p[1] == 'x' || g_ascii_isdigit(p[1]))) {
            p = spell_escape(out, p + 1, end);
            continue;
        }
        if (*p == '\\' && p + 1 < end && p[1] != '\n')
            g_string_append_c(out, *p++);
        g_string_append_c(out, *p++);
    }
    return p;
}

/* The text as libxlutil can read it: no BOM, no CR at line ends, a newline at
 * the end, no numeric escapes. */
static GString *spell(const GString *text)
{
    GString *out = g_string_new(NULL);
    const char *p = text->str, *end = p + text->len;
    if (g_str_has_prefix(p, "\xef\xbb\xbf"))
        p += 3;
    while (p < end) {
        if (*p == '#') {
            while (p < end && *p != '\n')
                p++;
            continue;
        }
        bool cr = *p == '\r' && (p + 1 == end || p[1] == '\n');
        if (*p == '"' || *p == '\'') {
            p = spell_string(out, p, end);
            if (p == end || *p == '\n')
                continue;
        }
        if (!cr)
            g_string_append_c(out, *p);
        p++;
    }
    g_string_append_c(out, '\n');
    return out;
}

/* --- comparison -------------------------------------------------------------
 */

static bool same_node(XLU_Config *xlu, XLU_ConfigValue *theirs,
                      const struct cfg_node *ours)
{
    char *text;
    XLU_ConfigList *list;
    if (ours->kind != CFG_LIST)
        return !xlu_cfg_value_get_string(xlu, theirs, &text, 1) &&
               !strcmp(text, ours->text);
    if (xlu_cfg_value_get_list(xlu, theirs, &list, 1))
        return false;
    for (guint i = 0; i < ours->items->len; i++) {
        XLU_ConfigValue *item = xlu_cfg_get_listitem2(list, (int)i);
        if (!item || !same_node(xlu, item, ours->items->pdata[i]))
            return false;
    }
    return !xlu_cfg_get_listitem2(list, (int)ours->items->len);
}

static bool same_setting(XLU_Config *xlu, const struct cfg_setting *ours)
{
    const char *text;
    XLU_ConfigList *list;
    long number;
    if (ours->value->kind != CFG_LIST) {
        if (xlu_cfg_get_string(xlu, ours->name, &text, 1) ||
            strcmp(text, ours->value->text) != 0)
            return false;
        int r = xlu_cfg_get_long(xlu, ours->name, &number, 1);
        return !ours->last_was_append || r == EINVAL;
    }
    int n;
    if (xlu_cfg_get_list(xlu, ours->name, &list, &n, 1) ||
        n != (int)ours->value->items->len)
        return false;
    for (int i = 0; i < n; i++)
        if (!same_node(xlu, xlu_cfg_get_listitem2(list, i),
                       ours->value->items->pdata[i]))
            return false;
    return true;
}

static bool has_key(XLU_Config *xlu, const char *name)
{
    const char *text;
    return xlu_cfg_get_string(xlu, name, &text, 1) != ESRCH;
}

static FILE *sink;

/* NULL when both read the text alike, else what differs. */
static const char *compare(const struct cfg *ours, const GString *text,
                           bool *accepted)
{
    XLU_Config *xlu = xlu_cfg_init(sink, "text");
    bool theirs_ok = !xlu_cfg_readdata(xlu, text->str, (int)text->len);
    bool ours_ok = !diags_count(&ours->diags, DIAG_ERROR);
    const char *what = NULL;
    *accepted = ours_ok;
    if (theirs_ok != ours_ok)
        what = ours_ok ? "only we accept" : "only libxlutil accepts";
    for (guint i = 0; !what && ours_ok && i < ours->settings->len; i++)
        if (!same_setting(xlu, ours->settings->pdata[i]))
            what = "values differ";
    for (guint i = 0; !what && ours_ok && i < G_N_ELEMENTS(names); i++)
        if (has_key(xlu, names[i]) != !!cfg_find(ours, names[i]))
            what = "one knows a key that the other does not";
    xlu_cfg_destroy(xlu);
    return what;
}

static struct {
    unsigned texts, accepted, respelled, wrong;
} count;

static void check(const GString *text, const char *where)
{
    bool accepted;
    struct cfg *ours = cfg_parse("text", text->str, text->len, NULL);
    const char *what = compare(ours, text, &accepted);
    if (what) {
        GString *plain = spell(text);
        what = compare(ours, plain, &accepted);
        g_string_free(plain, TRUE);
        count.respelled++;
    }
    count.texts++;
    count.accepted += accepted;
    if (what && ++count.wrong <= 5) {
        g_autofree char *shown = g_strescape(text->str, NULL);
        printf("# %s: %s\n#   \"%s\"\n", where, what, shown);
        diags_print(stdout, &ours->diags, DIAG_NOTE);
    }
    cfg_free(ours);
}

static void check_file(const char *path)
{
    ERR_AUTO err = { 0 };
    GString *text;
    if (cfg_read_file(path, &text, &err)) {
        printf("# %s\n", err.message);
        count.wrong++;
        return;
    }
    check(text, path);
    g_string_free(text, TRUE);
}

int main(int argc, char **argv)
{
    unsigned long seed = (unsigned long)getpid(), texts = 30000;
    for (int opt; (opt = getopt(argc, argv, "s:n:")) != -1;) {
        if (opt == 's')
            seed = strtoul(optarg, NULL, 0);
        else if (opt == 'n')
            texts = strtoul(optarg, NULL, 0);
        else
            return 2;
    }
    state = seed * 2654435769u + 1;
    alarm(60);
    sink = fopen("/dev/null", "w");
    for (unsigned long i = 0; i < texts; i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        make_text(text);
        if (i % 2)
            mutate(text);
        check(text, "generated");
    }
    for (int i = optind; i < argc; i++)
        check_file(argv[i]);
    fclose(sink);
    printf("# seed %lu: %u texts, %u accepted, %u spelled for libxlutil\n",
           seed, count.texts, count.accepted, count.respelled);
    /* a generator whose texts are all refused would prove nothing */
    bool good = !count.wrong && count.accepted > count.texts / 4;
    printf("%s diff: our parser and libxlutil's read %u texts alike%s\n",
           good ? "ok" : "not ok", count.texts,
           good ? "" : " - see above; repeat with -s SEED");
    return !good;
}
