/* Tokens -> struct cfg (second step of way A). The grammar is that of
 * libxlu_cfg_y.y in Xen 4.17; after a mistake it goes on where people would. */
#include <string.h>

#include "cfg/lex.h"
#include "cfg/mistake.h"
#include "cfg/tree.h"

enum { MISTAKES_MAX = 50, DEPTH_MAX = 200 };

struct parser {
    struct cfg *cfg;
    struct lexer lex;
    struct token tok;         /* the next token, not yet taken */
    const char *prev_end;     /* end of the token before it */
    const struct token *name; /* of the setting being read */
    unsigned depth;           /* of open lists */
    unsigned closing;         /* lists that a skipped text has closed */
    bool broken;              /* the value being read */
    bool unclosed; /* its list; the next token begins another setting */
    bool stop;     /* too many mistakes, or no text at all */
};

static void next(struct parser *p)
{
    p->prev_end = p->tok.start + p->tok.pos.length;
    p->tok = lex_next(&p->lex);
}

static bool touches(const struct parser *p)
{
    return p->prev_end == p->tok.start;
}

static bool ends_line(enum token_kind kind)
{
    return kind == TOKEN_NEWLINE || kind == TOKEN_END;
}

static bool ends_setting(enum token_kind kind)
{
    return ends_line(kind) || kind == TOKEN_SEMICOLON;
}

/* The setting's name; one that is not quite a name as it should be written. */
static char *name_of(const struct token *name)
{
    if (!name)
        return NULL;
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < name->pos.length; i++) {
        char c = name->start[i] == '-' ? '_' : g_ascii_tolower(name->start[i]);
        if (g_ascii_isalnum(c) || c == '_' || c == '.')
            g_string_append_c(out, c);
    }
    return g_string_free(out, FALSE);
}

/* --- mistakes ----------------------------------------------------------- */

/* One sentence instead of a thousand for what is no text. */
static bool is_no_text(struct parser *p)
{
    const struct lex_source *source = &p->lex.sources[p->lex.current];
    const char *what = mistake_not_text(source->text, source->len);
    if (!what)
        return false;
    if (p->cfg->diags.items)
        g_ptr_array_set_size(p->cfg->diags.items, 0);
    struct diag_pos pos = { source->file, 0, 0, 0 };
    diag_take(&p->cfg->diags, DIAG_ERROR, "not-text", pos,
              g_strdup_printf("this is not a config but %s", what),
              g_strdup("a config is plain text with NAME = VALUE lines"));
    return p->stop = true;
}

static void count_mistakes(struct parser *p)
{
    struct diags *diags = &p->cfg->diags;
    if (p->stop || diags_count(diags, DIAG_ERROR) < MISTAKES_MAX)
        return;
    p->stop = true;
    diag_add(diags, DIAG_ERROR, "too-many", p->tok.pos,
             "more than %d mistakes; the rest of the text was not read",
             MISTAKES_MAX - 1);
}

/* Lists that stay open at the end of a skipped text, outside of quotes;
 * negative when it closes more than it opens. */
static int brackets(const char *text, const char *end)
{
    const char *start = text;
    int open = 0;
    char quote = 0;
    for (; text < end; text++) {
        char c = *text;
        if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '#')
            break;
        else if (c == '"' || c == '\'')
            quote = c;
        else
            open += (c == '[' || c == '(' || c == '{') -
                    (c == ']' || c == ')' || c == '}');
    }
    if (!quote)
        return open;
    /* a quote that is not closed: count what ends the line */
    open = 0;
    for (; end > start && end[-1] && strchr(" \t,]", end[-1]); end--)
        open -= end[-1] == ']';
    return open;
}

/* Whether the line at `text` begins a setting: `name =` in its first column,
 * or up to the given one. */
static bool begins_setting(const struct parser *p, const char *text,
                           unsigned column)
{
    const char *at = text, *end = p->lex.end;
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    if ((unsigned)(at - text) >= column || at == end || !g_ascii_islower(*at))
        return false;
    while (at < end && (g_ascii_isalnum(*at) || *at == '_' || *at == '.'))
        at++;
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    at += at + 1 < end && *at == '+';
    return at < end && *at == '=';
}

static unsigned name_column(const struct parser *p)
{
    return p->name ? p->name->pos.column : 1;
}

/* Drops the rest of the line and, when it opened brackets, the lines up to
 * where they are closed. */
static void skip_line(struct parser *p, const char *from)
{
    if (ends_line(p->tok.kind))
        return;
    lex_skip_line(&p->lex);
    int open = brackets(from, p->lex.p);
    while (!p->depth && open > 0) {
        const char *line = p->lex.p + (*p->lex.p == '\r') + 1;
        if (line >= p->lex.end || begins_setting(p, line, name_column(p)))
            break;
        lex_next(&p->lex);
        from = lex_skip_line(&p->lex);
        open += brackets(from, p->lex.p);
    }
    if (p->depth && open < 0)
        p->closing = MIN((unsigned)-open, p->depth);
    p->tok = lex_next(&p->lex);
}

/* Drops the line and all indented or empty lines below it. */
static void skip_block(struct parser *p)
{
    for (;;) {
        skip_line(p, p->tok.start);
        if (p->tok.kind == TOKEN_END || p->lex.p == p->lex.end || !*p->lex.p ||
            !strchr(" \t\r\n", *p->lex.p))
            return;
        p->tok = lex_next(&p->lex);
    }
}

/* Drops a Python text in three quotes that opens at `at`, over its lines. */
static void skip_text(struct parser *p, const char *at)
{
    const char *from = at + 3;
    while (!g_strstr_len(from, lex_line_end(&p->lex) - from,
                         *at == '"' ? "\"\"\"" : "'''")) {
        lex_skip_line(&p->lex);
        p->tok = lex_next(&p->lex);
        if (p->tok.kind == TOKEN_END)
            return;
        from = p->lex.p;
    }
    lex_skip_line(&p->lex);
    p->tok = lex_next(&p->lex);
}

static void skip(struct parser *p, enum mistake_then then, const char *at,
                 size_t matched)
{
    switch (then) {
    case SKIP_LINE:
        skip_line(p, at);
        break;
    case SKIP_BLOCK:
        skip_block(p);
        break;
    case SKIP_TEXT:
        skip_text(p, at);
        break;
    case SKIP_MATCH:
    case TAKE_MATCH:
        p->lex.p = p->prev_end = at + matched;
        p->tok = lex_next(&p->lex);
        break;
    case NO_ROW:
    case STAY:
    case GO_ON:
        break;
    }
}

/* Says what is wrong with the text at `at`, which is on the line of the next
 * token, and skips what the row says. */
static enum mistake_then mistake(struct parser *p, enum mistake_where where,
                                 const char *at)
{
    if (is_no_text(p))
        return SKIP_LINE;
    struct diag_pos pos = p->tok.pos;
    pos.column -= (unsigned)(p->tok.start - at);
    const char *end =
        ends_line(p->tok.kind) ? p->tok.start : lex_line_end(&p->lex);
    g_autofree char *key = name_of(p->name);
    size_t matched;
    enum mistake_then then = mistake_report(
        &p->cfg->diags, where, at, (size_t)(end - at), pos, key, &matched);
    if (then == NO_ROW)
        return NO_ROW;
    p->broken = true;
    skip(p, then, at, matched);
    count_mistakes(p);
    return then;
}

/* --- values ------------------------------------------------------------- */

static struct cfg_node *value(struct parser *p);

static void open_too_long(struct parser *p, const struct token *open)
{
    g_autofree char *key = name_of(p->name);
    diag_take(
        &p->cfg->diags, DIAG_ERROR, "unclosed-list", open->pos,
        g_strdup_printf("the list of `%.60s` is not closed", key),
        p->tok.kind == TOKEN_END
            ? g_strdup("write `]` behind its last element")
            : g_strdup_printf("write `]` before line %u", p->tok.pos.line));
    p->broken = true;
    p->closing = p->depth; /* one sentence for all of them */
    p->unclosed = true;
    count_mistakes(p);
}

/* A setting begins where an element should stand: `]` was forgotten. */
static bool next_setting_begins(const struct parser *p)
{
    const char *line = p->tok.start - (p->tok.pos.column - 1);
    return p->tok.kind == TOKEN_IDENT && p->tok.pos.line != p->name->pos.line &&
           begins_setting(p, line, name_column(p)) &&
           strspn(line, " \t") == p->tok.pos.column - 1;
}

static void skip_newlines(struct parser *p)
{
    while (p->tok.kind == TOKEN_NEWLINE && !p->stop)
        next(p);
}

/* An element, or NULL when none could be read. */
static struct cfg_node *element(struct parser *p)
{
    const struct token start = p->tok;
    if (start.kind == TOKEN_STRING || start.kind == TOKEN_NUMBER ||
        start.kind == TOKEN_OPEN)
        return value(p);
    if (mistake(p, IN_LIST, start.start) != TAKE_MATCH)
        return NULL;
    struct token taken = start;
    taken.kind = TOKEN_IDENT; /* as it is, without quotes */
    taken.pos.length = (unsigned)(p->prev_end - start.start);
    return lex_unquote(&taken, &p->cfg->diags, &p->broken);
}

static void missing_comma(struct parser *p)
{
    diag_take(&p->cfg->diags, DIAG_ERROR, "missing-comma", p->tok.pos,
              g_strdup("`,` is missing before this element"),
              g_strdup("elements of a list have `,` between them"));
    p->broken = true;
    count_mistakes(p);
}

static bool begins_value(enum token_kind kind)
{
    return kind == TOKEN_STRING || kind == TOKEN_NUMBER || kind == TOKEN_OPEN;
}

/* Quotes of the rest of this line that do not pair up: then every token of it
 * is a guess, and one sentence is said. */
static bool quotes_do_not_pair(struct parser *p, const char *from)
{
    struct lexer copy = p->lex;
    struct token tok = p->tok;
    while (!ends_line(tok.kind) && tok.kind != TOKEN_UNCLOSED)
        tok = lex_next(&copy);
    if (tok.kind != TOKEN_UNCLOSED || tok.start == p->tok.start)
        return false;
    if (from < p->lex.line_start)
        from = p->tok.start;
    diag_take(&p->cfg->diags, DIAG_ERROR, "unclosed-quote", p->tok.pos,
              g_strdup("the quotes of this line do not pair up; from here on "
                       "text is outside of them"),
              g_strdup("close each text with the quote it began with"));
    p->broken = true;
    skip_line(p, from);
    count_mistakes(p);
    return true;
}

/* Reads elements up to the `]`. */
static void elements(struct parser *p, const struct token *open,
                     struct cfg_node *list)
{
    const char *last = open->start;
    bool need_comma = false;
    for (;;) {
        if (!p->closing)
            skip_newlines(p);
        if (p->stop || p->closing || p->tok.kind == TOKEN_CLOSE)
            return;
        if (p->tok.kind == TOKEN_END || next_setting_begins(p)) {
            open_too_long(p, open);
            return;
        }
        if (need_comma && p->tok.kind == TOKEN_COMMA) {
            need_comma = false;
            next(p);
            continue;
        }
        if (need_comma && quotes_do_not_pair(p, last))
            continue;
        if (need_comma && touches(p) && g_ascii_isdigit(*last) &&
            mistake(p, AFTER_NUMBER, last) != NO_ROW)
            continue;
        if (need_comma && begins_value(p->tok.kind))
            missing_comma(p);
        last = p->tok.start;
        struct cfg_node *item = element(p);
        if (item)
            g_ptr_array_add(list->items, item);
        need_comma = item != NULL;
    }
}

static struct cfg_node *list(struct parser *p)
{
    const struct token open = p->tok;
    struct cfg_node *node = cfg_list_new(open.pos);
    next(p);
    if (p->depth == DEPTH_MAX) {
        diag_add(&p->cfg->diags, DIAG_ERROR, "too-deep", open.pos,
                 "lists are nested deeper than %d levels", DEPTH_MAX);
        p->stop = p->broken = true;
        return node;
    }
    p->depth++;
    elements(p, &open, node);
    p->depth--;
    if (p->closing)
        p->closing--;
    else if (p->tok.kind == TOKEN_CLOSE)
        next(p);
    return node;
}

/* A value or, after a mistake, the best guess; never NULL. */
static struct cfg_node *value(struct parser *p)
{
    struct token start = p->tok;
    if (start.kind == TOKEN_OPEN)
        return list(p);
    if (start.kind == TOKEN_STRING || start.kind == TOKEN_NUMBER) {
        next(p);
        return lex_unquote(&start, &p->cfg->diags, &p->broken);
    }
    const char *at = ends_setting(start.kind) ? p->prev_end : start.start;
    enum mistake_then then = mistake(p, AT_VALUE, at);
    if (then == SKIP_MATCH && begins_value(p->tok.kind))
        return value(p);
    start.kind = TOKEN_IDENT;
    start.pos.length =
        then == TAKE_MATCH ? (unsigned)(p->prev_end - start.start) : 0;
    return lex_unquote(&start, &p->cfg->diags, &p->broken);
}

/* --- settings ----------------------------------------------------------- */

/* A mistake that shows only behind the first token of a value. */
static bool wrong_value(struct parser *p, const struct token *first)
{
    if (quotes_do_not_pair(p, first->start))
        return true;
    if (first->pos.line != p->tok.pos.line)
        return false;
    if (first->kind == TOKEN_STRING && first->pos.length == 2 && touches(p) &&
        *p->tok.start == *first->start) {
        mistake(p, AT_VALUE, first->start);
        return true;
    }
    return first->kind == TOKEN_NUMBER &&
           mistake(p, AFTER_NUMBER, first->start) != NO_ROW;
}

/* Behind a value: the line ends, or something is wrong. */
static void end_of_setting(struct parser *p, const struct token *first)
{
    if (p->stop || p->unclosed || ends_setting(p->tok.kind))
        return;
    p->broken = true;
    if (wrong_value(p, first))
        return;
    while (!p->stop && !ends_setting(p->tok.kind))
        if (mistake(p, AFTER_VALUE, p->tok.start) != SKIP_MATCH)
            return;
}

static void store(struct parser *p, bool is_append, struct cfg_node *node)
{
    g_autofree char *key = name_of(p->name);
    enum cfg_kind kind = node->kind;
    struct diag_pos pos = node->pos;
    bool guess = p->broken;
    if (cfg_store_take(p->cfg, key, p->name->pos, is_append, node, guess) ||
        guess)
        return;
    diag_take(&p->cfg->diags, DIAG_ERROR, "append-mixed", pos,
              g_strdup_printf("`%.60s` is %s above; %s cannot be added to it",
                              key,
                              kind == CFG_LIST ? "a single value" : "a list",
                              kind == CFG_LIST ? "a list" : "a single value"),
              g_strdup(kind == CFG_LIST ? "write the value without [ ]"
                                        : "write [ ] around the value"));
    count_mistakes(p);
}

/* Between name and value; false when no value follows. */
static bool operator(struct parser *p, bool *is_append)
{
    *is_append = p->tok.kind == TOKEN_APPEND;
    if (p->tok.kind == TOKEN_EQUALS || *is_append) {
        next(p);
        return true;
    }
    const char *at = ends_setting(p->tok.kind) ? p->prev_end : p->tok.start;
    enum mistake_then then = mistake(p, AFTER_NAME, at);
    return (then == SKIP_MATCH || then == GO_ON) && !p->stop;
}

static void assignment(struct parser *p, const struct token *name)
{
    bool is_append;
    p->name = name;
    if (operator(p, &is_append)) {
        const struct token first = p->tok;
        struct cfg_node *node = value(p);
        p->closing = 0;
        end_of_setting(p, &first);
        store(p, is_append, node);
    }
    p->name = NULL;
}

/* A setting with a name that is not quite one is read all the same. */
static void wrong_name(struct parser *p, const struct token *at)
{
    struct token name = *at;
    if (p->tok.kind != TOKEN_EQUALS && p->tok.kind != TOKEN_APPEND &&
        p->tok.kind != TOKEN_BAD)
        return;
    name.pos.length = (unsigned)(p->prev_end - name.start);
    assignment(p, &name);
}

static void statement(struct parser *p)
{
    const struct token first = p->tok;
    p->broken = p->unclosed = false;
    if (first.kind == TOKEN_NEWLINE || first.kind == TOKEN_SEMICOLON) {
        next(p);
        return;
    }
    if (first.kind == TOKEN_IDENT)
        next(p);
    enum mistake_then then = SKIP_LINE;
    if (p->tok.kind == TOKEN_EQUALS || p->tok.kind == TOKEN_APPEND)
        then = NO_ROW;
    else
        then = mistake(p, AT_NAME, first.start);
    if (then == SKIP_MATCH)
        wrong_name(p, &first);
    else if (then == NO_ROW && first.kind == TOKEN_IDENT)
        assignment(p, &first);
    else if (then == NO_ROW)
        mistake(p, AT_START, first.start);
}

struct cfg *cfg_parse(const char *file, const char *text, size_t len,
                      const char *const *words)
{
    struct cfg *cfg = cfg_new(file);
    struct lex_source sources[2] = { { .len = len } };
    sources[0].file =
        diags_add_source(&cfg->diags, file, text, len, &sources[0].text);
    unsigned count = 1;
    if (words && *words) {
        g_autofree char *joined = g_strjoinv("\n", (char **)words);
        sources[1].len = strlen(joined);
        sources[1].file = diags_add_source(&cfg->diags, "command line", joined,
                                           sources[1].len, &sources[1].text);
        count = 2;
    }
    struct parser p = { .cfg = cfg };
    lex_init(&p.lex, sources, count);
    next(&p);
    while (p.tok.kind != TOKEN_END && !p.stop)
        statement(&p);
    return cfg;
}
