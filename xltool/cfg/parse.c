/* Tokens -> struct cfg (second step of way A). The grammar is that of
 * libxlu_cfg_y.y in Xen 4.17; after a mistake it goes on where people would. */
#include <string.h>

#include "cfg/parser.h"

enum { DEPTH_MAX = 200 };

static struct cfg_node *value(struct parser *p);

static void open_too_long(struct parser *p, const struct token *open)
{
    g_autofree char *key = parser_key(p);
    parser_error(
        p, "unclosed-list", open->pos,
        g_strdup_printf("the list of `%.60s` is not closed", key),
        p->tok.kind == TOKEN_END
            ? g_strdup("write `]` behind its last element")
            : g_strdup_printf("write `]` before line %u", p->tok.pos.line));
    p->broken = true;
    p->closing = p->depth; /* one sentence for all of them */
    p->unclosed = true;
}

static void skip_newlines(struct parser *p)
{
    while (p->tok.kind == TOKEN_NEWLINE && !p->stop)
        parser_next(p);
}

/* An element, or NULL when none could be read. */
static struct cfg_node *element(struct parser *p)
{
    const struct token start = p->tok;
    if (start.kind == TOKEN_STRING || start.kind == TOKEN_NUMBER ||
        start.kind == TOKEN_OPEN)
        return value(p);
    if (parser_mistake(p, IN_LIST, start.start) != TAKE_MATCH)
        return NULL;
    struct token taken = start;
    taken.kind = TOKEN_IDENT; /* as it is, without quotes */
    taken.pos.length = (unsigned)(p->prev_end - start.start);
    return lex_unquote(&taken, &p->cfg->diags, &p->broken);
}

static void missing_comma(struct parser *p)
{
    parser_error(p, "missing-comma", p->tok.pos,
                 g_strdup("`,` is missing before this element"),
                 g_strdup("elements of a list have `,` between them"));
}

static bool begins_value(enum token_kind kind)
{
    return kind == TOKEN_STRING || kind == TOKEN_NUMBER || kind == TOKEN_OPEN;
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
        if (p->tok.kind == TOKEN_END || parser_setting_begins(p)) {
            open_too_long(p, open);
            return;
        }
        if (need_comma && p->tok.kind == TOKEN_COMMA) {
            need_comma = false;
            parser_next(p);
            continue;
        }
        if (need_comma && parser_unpaired(p, last))
            continue;
        if (need_comma && parser_touches(p) && g_ascii_isdigit(*last) &&
            parser_mistake(p, AFTER_NUMBER, last) != NO_ROW)
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
    parser_next(p);
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
        parser_next(p);
    return node;
}

/* A value or, after a mistake, the best guess; never NULL. */
static struct cfg_node *value(struct parser *p)
{
    struct token start = p->tok;
    if (start.kind == TOKEN_OPEN)
        return list(p);
    if (start.kind == TOKEN_STRING || start.kind == TOKEN_NUMBER) {
        parser_next(p);
        return lex_unquote(&start, &p->cfg->diags, &p->broken);
    }
    const char *at =
        parser_ends_setting(start.kind) ? p->prev_end : start.start;
    enum mistake_then then = parser_mistake(p, AT_VALUE, at);
    if (then == SKIP_MATCH && begins_value(p->tok.kind))
        return value(p);
    start.kind = TOKEN_IDENT;
    start.pos.length =
        then == TAKE_MATCH ? (unsigned)(p->prev_end - start.start) : 0;
    return lex_unquote(&start, &p->cfg->diags, &p->broken);
}

/* A mistake that shows only behind the first token of a value. */
static bool wrong_value(struct parser *p, const struct token *first)
{
    if (parser_unpaired(p, first->start))
        return true;
    if (first->pos.line != p->tok.pos.line)
        return false;
    if (first->kind == TOKEN_STRING && first->pos.length == 2 &&
        parser_touches(p) && *p->tok.start == *first->start) {
        parser_mistake(p, AT_VALUE, first->start);
        return true;
    }
    return first->kind == TOKEN_NUMBER &&
           parser_mistake(p, AFTER_NUMBER, first->start) != NO_ROW;
}

/* Behind a value: the line ends, or something is wrong. */
static void end_of_setting(struct parser *p, const struct token *first)
{
    if (p->stop || p->unclosed || parser_ends_setting(p->tok.kind))
        return;
    p->broken = true;
    if (wrong_value(p, first))
        return;
    while (!p->stop && !parser_ends_setting(p->tok.kind))
        if (parser_mistake(p, AFTER_VALUE, p->tok.start) != SKIP_MATCH)
            return;
}

/* The line on which the setting just read ends. */
static unsigned last_line(const struct parser *p)
{
    if (p->tok.pos.file != p->name->pos.file)
        return G_MAXUINT;
    return p->tok.pos.line - (p->unclosed && p->tok.kind != TOKEN_END);
}

static void store(struct parser *p, bool is_append, struct cfg_node *node)
{
    g_autofree char *key = parser_key(p);
    enum cfg_kind kind = node->kind;
    struct diag_pos pos = node->pos;
    bool guess = p->broken;
    bool fits =
        cfg_store_take(p->cfg, key, p->name->pos, is_append, node, guess);
    cfg_find(p->cfg, key)->last_line = last_line(p);
    if (fits || guess)
        return;
    parser_error(
        p, "append-mixed", pos,
        g_strdup_printf("`%.60s` is %s above; %s cannot be added to it", key,
                        kind == CFG_LIST ? "a single value" : "a list",
                        kind == CFG_LIST ? "a list" : "a single value"),
        g_strdup(kind == CFG_LIST ? "write the value without [ ]"
                                  : "write [ ] around the value"));
}

/* Between name and value; false when no value follows. */
static bool operator(struct parser *p, bool *is_append)
{
    *is_append = p->tok.kind == TOKEN_APPEND;
    if (p->tok.kind == TOKEN_EQUALS || *is_append) {
        parser_next(p);
        return true;
    }
    const char *at =
        parser_ends_setting(p->tok.kind) ? p->prev_end : p->tok.start;
    enum mistake_then then = parser_mistake(p, AFTER_NAME, at);
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
        parser_next(p);
        return;
    }
    if (first.kind == TOKEN_IDENT)
        parser_next(p);
    enum mistake_then then = SKIP_LINE;
    if (p->tok.kind == TOKEN_EQUALS || p->tok.kind == TOKEN_APPEND)
        then = NO_ROW;
    else
        then = parser_mistake(p, AT_NAME, first.start);
    if (then == SKIP_MATCH)
        wrong_name(p, &first);
    else if (then == NO_ROW && first.kind == TOKEN_IDENT)
        assignment(p, &first);
    else if (then == NO_ROW)
        parser_mistake(p, AT_START, first.start);
}

/* What could not be read as written is muted for those who look at the values
 * afterwards. */
static void mute_broken(struct cfg *cfg)
{
    for (guint i = 0; i < cfg->settings->len; i++) {
        const struct cfg_setting *setting = cfg->settings->pdata[i];
        if (setting->broken)
            diags_mute(&cfg->diags, setting->pos.file, setting->pos.line,
                       setting->last_line);
    }
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
    parser_next(&p);
    while (p.tok.kind != TOKEN_END && !p.stop)
        statement(&p);
    mute_broken(cfg);
    if (p.stop)
        diags_mute(&cfg->diags, NULL, 0, 0);
    return cfg;
}
