/* xl.cfg text -> tokens (first step of way A). */
#include "cfg/lex.h"

#include <string.h>

static void enter(struct lexer *lex, unsigned i)
{
    const struct lex_source *source = &lex->sources[i];
    lex->current = i;
    lex->file = source->file;
    lex->p = lex->line_start = source->text;
    lex->end = source->text + source->len;
    lex->line = 1;
    if (source->len >= 3 && !memcmp(lex->p, "\xef\xbb\xbf", 3))
        lex->p += 3;
}

void lex_init(struct lexer *lex, const struct lex_source *sources,
              unsigned count)
{
    *lex = (struct lexer){ .sources = sources, .count = count };
    enter(lex, 0);
}

struct diag_pos lex_place(const struct lexer *lex, const char *at,
                          size_t length)
{
    return (struct diag_pos){ lex->file, lex->line,
                              (unsigned)(at - lex->line_start) + 1,
                              (unsigned)length };
}

const char *lex_line_end(const struct lexer *lex)
{
    const char *stop = memchr(lex->p, '\n', (size_t)(lex->end - lex->p));
    stop = stop ? stop : lex->end;
    if (stop > lex->p && stop[-1] == '\r')
        stop--;
    return stop;
}

const char *lex_skip_line(struct lexer *lex)
{
    const char *from = lex->p;
    lex->p = lex_line_end(lex);
    return from;
}

static struct token make(struct lexer *lex, enum token_kind kind, size_t len)
{
    struct token tok = { kind, lex_place(lex, lex->p, len), lex->p };
    lex->p += len;
    return tok;
}

static struct token newline(struct lexer *lex)
{
    struct token tok = make(lex, TOKEN_NEWLINE, 1);
    lex->line++;
    lex->line_start = lex->p;
    return tok;
}

/* End of one text: the next one begins a new line. */
static struct token end_of_source(struct lexer *lex)
{
    struct token tok = make(lex, TOKEN_END, 0);
    if (lex->current + 1 < lex->count) {
        tok.kind = TOKEN_NEWLINE;
        enter(lex, lex->current + 1);
    }
    return tok;
}

static size_t run(const struct lexer *lex, const char *accept)
{
    size_t n = 1, left = (size_t)(lex->end - lex->p);
    while (n < left && lex->p[n] && strchr(accept, lex->p[n]))
        n++;
    return n;
}

static struct token string(struct lexer *lex)
{
    const char *p = lex->p + 1;
    /* a NUL ends it: libxlutil dies of one in a string */
    for (; p < lex->end && *p && *p != '\n'; p++) {
        if (*p == *lex->p)
            return make(lex, TOKEN_STRING, (size_t)(p - lex->p) + 1);
        if (*p == '\\' && p + 1 < lex->end && p[1] != '\n')
            p++;
    }
    return make(lex, TOKEN_UNCLOSED, (size_t)(lex_line_end(lex) - lex->p));
}

static struct token bad(struct lexer *lex)
{
    gunichar c = g_utf8_get_char_validated(lex->p, lex->end - lex->p);
    bool wide = c >= 0x80 && c < (gunichar)-2;
    return make(lex, TOKEN_BAD, wide ? (size_t)g_unichar_to_utf8(c, NULL) : 1);
}

/* Blanks, and a CR that belongs to the line's end. */
static void skip_blanks(struct lexer *lex)
{
    while (lex->p < lex->end) {
        bool crlf =
            *lex->p == '\r' && (lex->p + 1 == lex->end || lex->p[1] == '\n');
        if (*lex->p != ' ' && *lex->p != '\t' && !crlf)
            return;
        lex->p++;
    }
}

static const struct {
    char c;
    enum token_kind kind;
} marks[] = {
    { ',', TOKEN_COMMA },  { '[', TOKEN_OPEN },      { ']', TOKEN_CLOSE },
    { '=', TOKEN_EQUALS }, { ';', TOKEN_SEMICOLON },
};

struct token lex_next(struct lexer *lex)
{
    skip_blanks(lex);
    if (lex->p < lex->end && *lex->p == '#') {
        const char *stop = memchr(lex->p, '\n', (size_t)(lex->end - lex->p));
        lex->p = stop ? stop : lex->end;
    }
    if (lex->p == lex->end)
        return end_of_source(lex);
    char c = *lex->p;
    if (c == '\n')
        return newline(lex);
    if (g_ascii_islower(c))
        return make(lex, TOKEN_IDENT,
                    run(lex, "abcdefghijklmnopqrstuvwxyz0123456789._"));
    if (g_ascii_isdigit(c))
        return make(lex, TOKEN_NUMBER, run(lex, "0123456789abcdefx"));
    if (c == '"' || c == '\'')
        return string(lex);
    if (c == '+' && lex->p + 1 < lex->end && lex->p[1] == '=')
        return make(lex, TOKEN_APPEND, 2);
    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
        if (marks[i].c == c)
            return make(lex, marks[i].kind, 1);
    return bad(lex);
}
