/* The table of mistakes in xl.cfg files (way A, only after something failed to
 * parse). A template may hold \1 (first group, or all that matched), \n (that
 * as a proper name), \m (its size in MiB) and \k (the setting's name). */
#include "cfg/mistake.h"

#include <string.h>

struct row {
    enum mistake_where where;
    enum mistake_then then;
    const char *id, *pattern, *message, *hint;
};

#define WORD "[A-Za-z0-9_.]"
#define QUOTE_MARKS "(?:\xe2\x80[\x98-\x9f]|\xc2[\xab\xbb\xb4]|`)"
#define INVISIBLE                                                              \
    "(?:\xc2[\xa0\xad]|\xe2\x80[\x80-\x8f\xa8-\xaf]|\xe2\x81[\xa0-\xaf]|"      \
    "\xe3\x80\x80|\xef\xbb\xbf)"
#define BLANK_IN_DISGUISE(where)                                               \
    {                                                                          \
        where, SKIP_LINE, "invisible-character", "^(" INVISIBLE "+)",          \
            "an invisible character that is not a blank stands here",          \
            "delete it and type a normal blank; text copied from web pages "   \
            "often "                                                           \
            "has them"                                                         \
    }
#define TYPOGRAPHIC(where, then)                                               \
    {                                                                          \
        where, then, "typographic-quote",                                      \
            "^(" QUOTE_MARKS ").*?(?:" QUOTE_MARKS "|(?=\\s*(?:#|$)))",        \
            "`\\1` is a typographic quote", "write ' or \" around texts"       \
    }

/* clang-format off */
static const struct row rows[] = {
    { AT_NAME, SKIP_BLOCK, "python",
      "^(import|from|def|if|elif|else|for|while|try|except|finally|return|print|class|with|exec|pass|raise|assert|global|del)(?:[ \t(:]|$)(?![ \t]*\\+?=)",
      "this looks like Python (`\\1`), which an xl.cfg cannot hold",
      "write plain NAME = VALUE settings; the Python files of the old xm have to be rewritten" },

    BLANK_IN_DISGUISE(AT_START),
    { AT_START, SKIP_TEXT, "docstring", "^(\"\"\"|''')", "`\\1` is Python: an xl.cfg has no texts of several lines", "begin each comment line with #" },
    { AT_NAME, SKIP_MATCH, "upper-case-key", "^((?:[a-z0-9_.-]*[A-Z]" WORD "*)(?:-" WORD "*)*)(?=[ \t]*(?:\\+?=|:))", "`\\1` is not a name: names of settings are lower case", "write `\\n`" },
    { AT_NAME, SKIP_MATCH, "dash-in-key", "^([a-z]" WORD "*-[A-Za-z0-9_.-]*)(?=[ \t]*(?:\\+?=|:))", "`\\1` is not a name: names of settings have no `-`", "write `\\n`" },
    { AT_NAME, SKIP_MATCH, "bad-key", "^([_.0-9][A-Za-z0-9_.-]*)(?=[ \t]*\\+?=)", "`\\1` is not a name: names of settings begin with a lower-case letter", NULL },
    { AT_NAME, SKIP_MATCH, "quoted-key", "^(\"[^\"]*\"|'[^']*')(?=[ \t]*[:=])", "`\\1` is in quotes: names of settings are written without", "write `\\n`" },
    { AT_START, SKIP_LINE, "section", "^(\\[[^\\]=,\"']*\\])[ \t]*(?:#.*)?$", "`\\1`: an xl.cfg has no sections", "remove the line" },
    { AT_START, SKIP_LINE, "comment-style", "^(//|/\\*|\\*|--|%)", "`\\1` does not begin a comment", "begin comments with #" },
    { AT_START, SKIP_MATCH, "list-not-open", "^(\\])[ \t]*", "`]` closes a list that is not open", "remove it, or look above for a list that was closed too early" },
    { AT_START, SKIP_LINE, "no-name", "^(\\+?=)", "there is no name before `\\1`", "write NAME = VALUE" },
    { AT_START, SKIP_LINE, "typographic-quote", "^(" QUOTE_MARKS ")", "`\\1` is a typographic quote", "write ' or \" around texts" },
    { AT_START, SKIP_LINE, "unexpected", "^(\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|[\x80-\xff]+|[A-Za-z0-9_.-]+|.)", "`\\1` cannot begin a setting", "a line is NAME = VALUE, or a comment after #" },

    BLANK_IN_DISGUISE(AFTER_NAME),
    { AFTER_NAME, SKIP_MATCH, "colon", "^(:=?)[ \t]*", "after `\\k` comes `=`, not `\\1`", "write `\\k = ...`" },
    { AFTER_NAME, SKIP_MATCH, "operator", "^([-*/%|&.?]=|=>|->|=:)[ \t]*", "after `\\k` comes `=` or `+=`, not `\\1`", "write `\\k = ...`" },
    { AFTER_NAME, GO_ON, "missing-equals", "^([\"'0-9\\[])", "`=` is missing after `\\k`", "write `\\k = ...`" },
    { AFTER_NAME, STAY, "no-value", "^([ \t]*)(?:[#;].*)?$", "`\\k` stands alone, without a value", "write `\\k = ...`, or # before it" },
    { AFTER_NAME, SKIP_LINE, "python", "^(\\(|\\[|\\.)", "`\\k\\1` looks like Python, which an xl.cfg cannot hold", "write plain NAME = VALUE settings" },
    { AFTER_NAME, SKIP_LINE, "missing-equals", "^([^\\s;#]+)", "`=` is missing after `\\k`: `\\1` cannot follow a name", "write `\\k = ...`" },

    BLANK_IN_DISGUISE(AT_VALUE),
    { AT_VALUE, STAY, "no-value", "^([ \t]*)(?:[#;].*)?$", "`\\k` has no value", "write `\\k = ...`, or remove the line" },
    { AT_VALUE, SKIP_TEXT, "docstring", "^(\"\"\"|''')", "`\\1` is Python: a text cannot go over several lines", "write it on one line, in simple quotes" },
    { AT_VALUE, SKIP_MATCH, "operator", "^([>~:])[ \t]*", "after `\\k` comes `=`, not `=\\1`", "write `\\k = ...`" },
    { AT_VALUE, SKIP_MATCH, "double-equals", "^(=+)[ \t]*", "one `=` is enough", NULL },
    { AT_VALUE, TAKE_MATCH, "word", "^((?i)true|yes|on|enable|enabled)(?=[ \t]*(?:[#;,].*)?$)", "`\\1` is not a value", "write `\\k = 1`" },
    { AT_VALUE, TAKE_MATCH, "word", "^((?i)false|no|off|disable|disabled)(?=[ \t]*(?:[#;,].*)?$)", "`\\1` is not a value", "write `\\k = 0`" },
    { AT_VALUE, TAKE_MATCH, "word", "^(None|null|nil)(?=[ \t]*(?:[#;,].*)?$)", "`\\1` is not a value", "leave the setting out, or write `\\k = \"\"`" },
    { AT_VALUE, TAKE_MATCH, "sign", "^([-+][0-9]+)(?=[ \t]*(?:[#;].*)?$)", "a number with a sign needs quotes", "write `\\k = \"\\1\"`" },
    { AT_VALUE, SKIP_LINE, "parentheses", "^(\\(|\\{)", "`\\1` does not begin a value: lists are written [ ... ]", "write `\\k = [ ... ]`" },
    { AT_VALUE, SKIP_LINE, "python", "^([A-Za-z_]" WORD "*\\(|[uUrRbB][\"']|lambda |not )", "`\\1` looks like Python, which an xl.cfg cannot hold", "write the result itself: a text in quotes, a number or a list" },
    TYPOGRAPHIC(AT_VALUE, TAKE_MATCH),
    { AT_VALUE, SKIP_LINE, "unclosed-quote", "^(\"[^\"]*'|'[^']*\")[ \t]*(?:#.*)?$", "the text begins with one kind of quote and ends with the other", "use the same quote on both sides" },
    { AT_VALUE, SKIP_LINE, "unclosed-quote", "^([\"'].*)$", "the quote is not closed on this line", "close it; a text cannot go on in the next line" },
    { AT_VALUE, SKIP_LINE, "unexpected", "^([\\],;])", "`\\k` has no value before `\\1`", "write `\\k = ...`" },
    { AT_VALUE, TAKE_MATCH, "unquoted", "^([^#;\"']*?)(?=[ \t]*(?:[#;].*)?$)", "text needs quotes", "write `\\k = \"\\1\"`" },
    { AT_VALUE, SKIP_LINE, "unquoted", "^(.+)$", "`\\1` is neither a text in quotes nor a number nor a list", NULL },

    { AFTER_NUMBER, TAKE_MATCH, "unit", "^([0-9]+[ \t]*[kKmMgGtT](?:i?[bB])?)(?=[ \t]*(?:[#;].*)?$)", "`\\1`: numbers have no unit", "sizes of memory are in MiB without a unit: write `\\k = \\m`" },
    { AFTER_NUMBER, TAKE_MATCH, "bad-number", "^([0-9][^\\s#;,\\]\"'*+%]+)(?=[ \t]*(?:[#;,\\]].*)?$)", "`\\1` is neither a number nor a text in quotes", "write \"\\1\" if it is a text" },
    { AFTER_NUMBER, SKIP_LINE, "calculation", "^([0-9][0-9a-fx]*[ \t]*[-+*/%].*?)[ \t]*(?:#.*)?$", "`\\1`: values are not calculated", "write the result" },

    BLANK_IN_DISGUISE(AFTER_VALUE),
    { AFTER_VALUE, SKIP_LINE, "comment-style", "^(//|/\\*|--)", "`\\1` does not begin a comment", "begin comments with #" },
    { AFTER_VALUE, SKIP_LINE, "trailing-comma", "^(,)[ \t]*(?:#.*)?$", "a comma follows the value of `\\k`", "remove the comma" },
    { AFTER_VALUE, SKIP_LINE, "missing-list", "^(,.*?)[ \t]*(?:#.*)?$", "`\\k` has several values, but no [ ] around them", "write `\\k = [ ... ]` if it is a list" },
    { AFTER_VALUE, GO_ON, "two-settings", "^([a-z][a-z0-9_.]*)[ \t]*\\+?=", "`\\1` begins a second setting on the same line", "begin a new line, or put `;` before it" },
    { AFTER_VALUE, SKIP_MATCH, "list-not-open", "^(\\])[ \t]*", "`]` closes a list that is not open", "remove it" },
    { AFTER_VALUE, SKIP_LINE, "two-texts", "^([\"'].*?)[ \t]*(?:#.*)?$", "a second text follows the value of `\\k`; texts are not joined", "write one text, or a list: [ \"...\", \"...\" ]" },
    { AFTER_VALUE, SKIP_BLOCK, "continuation", "^(\\\\)[ \t]*$", "a line cannot be continued with `\\`", "write it on one line; only lists may go over several" },
    { AFTER_VALUE, SKIP_LINE, "calculation", "^([-+*/%.].*?)[ \t]*(?:#.*)?$", "`\\1`: values are not calculated", "write the result" },
    { AFTER_VALUE, SKIP_LINE, "unexpected", "^(.*?)[ \t]*(?:[#;].*)?$", "`\\1` cannot follow the value of `\\k`", "a setting ends with its line, or with `;`" },

    BLANK_IN_DISGUISE(IN_LIST),
    { IN_LIST, SKIP_MATCH, "empty-element", "^(,)", "nothing stands before this comma", "remove it" },
    { IN_LIST, SKIP_MATCH, "semicolon-in-list", "^(;)", "`;` does not separate the elements of a list", "write `,`" },
    TYPOGRAPHIC(IN_LIST, TAKE_MATCH),
    { IN_LIST, SKIP_LINE, "unclosed-quote", "^([\"'].*)$", "the quote is not closed on this line", "close it; a text cannot go on in the next line" },
    { IN_LIST, TAKE_MATCH, "word", "^(True|False|None)(?=[ \t]*(?:[#,\\]].*)?$)", "`\\1` is not a value", "write 1, 0 or a text in quotes" },
    { IN_LIST, SKIP_LINE, "parentheses", "^(\\(|\\{)", "`\\1` does not begin a value: lists are written [ ... ]", "use [ and ]" },
    { IN_LIST, TAKE_MATCH, "unquoted", "^([^\\s=#;\\]\\[\"'][^#;\\]\\[\"']*?)(?=[ \t,]*(?:[#\\]].*)?$)", "text needs quotes", "write \"\\1\"" },
    { IN_LIST, SKIP_LINE, "python", "^(for\\b.*|if\\b.*|[-+*%].*)$", "`\\1` looks like Python, which an xl.cfg cannot hold", "write the elements themselves" },
    { IN_LIST, SKIP_LINE, "unexpected", "^([A-Za-z0-9_.]+|[\x80-\xff]+|.)", "`\\1` cannot stand in a list", "elements are texts in quotes, numbers or lists, with `,` between" },
};
/* clang-format on */

enum { QUOTE_MAX = 60, LINE_MAX_BYTES = 2000 };

static void append_clipped(GString *out, const char *text, size_t len)
{
    size_t n = MIN(len, QUOTE_MAX);
    while (n && n < len && (text[n] & 0xc0) == 0x80)
        n--;
    g_string_append_len(out, text, (gssize)n);
    if (n < len)
        g_string_append(out, "...");
}

static void append_name(GString *out, const char *text, size_t len)
{
    for (size_t i = 0; i < MIN(len, QUOTE_MAX); i++) {
        char c = text[i] == '-' ? '_' : g_ascii_tolower(text[i]);
        if (g_ascii_isalnum(c) || c == '_' || c == '.')
            g_string_append_c(out, c);
    }
}

/* "10G" as MiB. */
static void append_mib(GString *out, const char *text)
{
    char *unit;
    guint64 n = g_ascii_strtoull(text, &unit, 10);
    while (*unit == ' ' || *unit == '\t')
        unit++;
    switch (g_ascii_tolower(*unit)) {
    case 'k':
        n = (n + 1023) / 1024;
        break;
    case 'g':
        n *= 1024;
        break;
    case 't':
        n *= 1024 * 1024;
        break;
    }
    g_string_append_printf(out, "%" G_GUINT64_FORMAT, n);
}

static char *expand(const char *template, const char *group, size_t len,
                    const char *key)
{
    if (!template)
        return NULL;
    GString *out = g_string_new(NULL);
    for (const char *p = template; *p; p++) {
        char code = *p == '\\' ? p[1] : '\0';
        if (code == '1')
            append_clipped(out, group, len);
        else if (code == 'n')
            append_name(out, group, len);
        else if (code == 'k')
            append_clipped(out, key ? key : "", key ? strlen(key) : 0);
        else if (code == 'm')
            append_mib(out, group);
        else
            g_string_append_c(out, *p);
        p += code && strchr("1nkm", code);
    }
    return g_string_free(out, FALSE);
}

/* Compiled when first needed, then kept: a constant of the program. */
static const GRegex *compiled(size_t i)
{
    static gsize cache[G_N_ELEMENTS(rows)];
    if (g_once_init_enter(&cache[i])) {
        g_autoptr(GError) error = NULL;
        GRegex *re = g_regex_new(
            rows[i].pattern, G_REGEX_RAW | G_REGEX_DOTALL | G_REGEX_NEWLINE_LF,
            G_REGEX_MATCH_DEFAULT, &error);
        if (!re)
            g_error("pattern of mistake %s: %s", rows[i].id, error->message);
        g_once_init_leave(&cache[i], (gsize)re);
    }
    return (const GRegex *)cache[i];
}

/* Whether row i fits; group 1 and the end of the match are given back. */
static bool fits(size_t i, const char *text, size_t len, int group[2], int *end)
{
    g_autoptr(GMatchInfo) info = NULL;
    if (!g_regex_match_full(compiled(i), text, (gssize)MIN(len, LINE_MAX_BYTES),
                            0, 0, &info, NULL))
        return false;
    int start;
    return g_match_info_fetch_pos(info, 0, &start, end) &&
           g_match_info_fetch_pos(info, 1, &group[0], &group[1]);
}

enum mistake_then mistake_report(struct diags *diags, enum mistake_where where,
                                 const char *text, size_t len,
                                 struct diag_pos pos, const char *key,
                                 size_t *len_out)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct row *row = &rows[i];
        int group[2], end;
        if (row->where != where || !fits(i, text, len, group, &end))
            continue;
        size_t n = (size_t)(group[1] - group[0]);
        const char *found = text + group[0];
        pos.column += (unsigned)group[0];
        pos.length = (unsigned)n;
        diag_take(diags, DIAG_ERROR, row->id, pos,
                  expand(row->message, found, n, key),
                  expand(row->hint, found, n, key));
        *len_out = (size_t)end;
        return row->then;
    }
    *len_out = 0;
    return NO_ROW;
}

static const struct {
    const char *magic;
    unsigned len;
    const char *what;
} kinds[] = {
    { "\x7f"
      "ELF",
      4, "a program or kernel (ELF)" },
    { "MZ", 2, "a kernel or a Windows program" },
    { "\x1f\x8b", 2, "compressed with gzip" },
    { "\xfd"
      "7zXZ",
      5, "compressed with xz" },
    { "BZh", 3, "compressed with bzip2" },
    { "\x28\xb5\x2f\xfd", 4, "compressed with zstd" },
    { "PK\x03\x04", 4, "a zip archive" },
    { "QFI\xfb", 4, "a qcow2 disk image" },
    { "Xen saved domain", 16, "a saved domain: use `xl restore`" },
    { "\xff\xfe", 2, "UTF-16 text: save it as UTF-8" },
    { "\xfe\xff", 2, "UTF-16 text: save it as UTF-8" },
};

const char *mistake_not_text(const char *text, size_t len)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (len >= kinds[i].len && !memcmp(text, kinds[i].magic, kinds[i].len))
            return kinds[i].what;
    size_t n = MIN(len, 65536), odd = 0;
    if (memchr(text, '\0', len))
        return "binary data";
    for (size_t i = 0; i < n; i++)
        odd +=
            (unsigned char)text[i] < 0x20 && !strchr("\t\n\v\f\r\033", text[i]);
    return odd * 10 > n ? "binary data" : NULL;
}
