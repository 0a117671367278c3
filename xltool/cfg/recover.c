/* After a mistake: what to say, what to skip, where to go on (way A). The aim
 * is one sentence for each mistake and none for its consequences. */
#include <string.h>

#include "cfg/parser.h"

enum { MISTAKES_MAX = 50 };

void parser_next(struct parser *p)
{
    bool same_line = p->tok.start && p->tok.kind != TOKEN_NEWLINE;
    p->prev_end = same_line ? p->tok.start + p->tok.pos.length : NULL;
    p->tok = lex_next(&p->lex);
}

bool parser_touches(const struct parser *p)
{
    return p->prev_end == p->tok.start;
}

bool parser_ends_line(enum token_kind kind)
{
    return kind == TOKEN_NEWLINE || kind == TOKEN_END;
}

bool parser_ends_setting(enum token_kind kind)
{
    return parser_ends_line(kind) || kind == TOKEN_SEMICOLON;
}

/* The setting's name; one that is not quite a name as it should be written. */
char *parser_key(const struct parser *p)
{
    const struct token *name = p->name;
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
    if (parser_ends_line(p->tok.kind))
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

void parser_error(struct parser *p, const char *id, struct diag_pos pos,
                  char *message, char *hint)
{
    diag_take(&p->cfg->diags, DIAG_ERROR, id, pos, message, hint);
    p->broken = true;
    count_mistakes(p);
}

/* On the command line the shell takes one pair of quotes away. */
static void hint_for_shell(struct parser *p, const char *key, const char *text,
                           size_t len)
{
    GPtrArray *items = p->cfg->diags.items;
    struct diag *last = items->pdata[items->len - 1];
    if (!p->lex.current || strcmp(last->id, "unquoted") != 0)
        return;
    g_free(last->hint);
    last->hint = g_strdup_printf("write '%s=\"%.*s\"' with both kinds of "
                                 "quotes: the shell takes one away",
                                 key, (int)len, text);
}

/* Says what is wrong with the text at `at`, which is on the line of the next
 * token, and skips what the row says. */
enum mistake_then parser_mistake(struct parser *p, enum mistake_where where,
                                 const char *at)
{
    if (is_no_text(p))
        return SKIP_LINE;
    struct diag_pos pos = p->tok.pos;
    pos.column -= (unsigned)(p->tok.start - at);
    const char *end =
        parser_ends_line(p->tok.kind) ? p->tok.start : lex_line_end(&p->lex);
    while (end > at && end[-1] == '\r')
        end--;
    g_autofree char *key = parser_key(p);
    size_t matched;
    enum mistake_then then = mistake_report(
        &p->cfg->diags, where, at, (size_t)(end - at), pos, key, &matched);
    if (then == NO_ROW && (where == AT_NAME || where == AFTER_NUMBER))
        return NO_ROW;
    p->broken = true;
    if (then == NO_ROW) {
        diag_add(&p->cfg->diags, DIAG_ERROR, "unexpected", pos,
                 "this cannot stand here");
        then = SKIP_LINE;
    }
    if (then == TAKE_MATCH)
        hint_for_shell(p, key, at, matched);
    skip(p, then, at, matched);
    count_mistakes(p);
    return then;
}

/* A setting begins where an element should stand: `]` was forgotten. */
bool parser_setting_begins(const struct parser *p)
{
    const char *line = p->tok.start - (p->tok.pos.column - 1);
    return p->tok.kind == TOKEN_IDENT &&
           (p->tok.pos.line != p->name->pos.line ||
            p->tok.pos.file != p->name->pos.file) &&
           begins_setting(p, line, name_column(p)) &&
           strspn(line, " \t") == p->tok.pos.column - 1;
}

/* Quotes of the rest of this line that do not pair up: then every token of it
 * is a guess, and one sentence is said. */
bool parser_unpaired(struct parser *p, const char *from)
{
    struct lexer copy = p->lex;
    struct token tok = p->tok;
    while (!parser_ends_line(tok.kind) && tok.kind != TOKEN_UNCLOSED)
        tok = lex_next(&copy);
    if (tok.kind != TOKEN_UNCLOSED || tok.start == p->tok.start)
        return false;
    if (from < p->lex.line_start)
        from = p->tok.start;
    parser_error(
        p, "unclosed-quote", p->tok.pos,
        g_strdup("the quotes of this line do not pair up; from here on "
                 "text is outside of them"),
        g_strdup("close each text with the quote it began with"));
    skip_line(p, from);
    return true;
}
