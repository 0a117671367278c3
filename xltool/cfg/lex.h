/* Tokens of the xl.cfg language, with their places. The lexer copies nothing
 * and reports nothing: the parser says what a wrong token means there. */
#ifndef CFG_LEX_H
#define CFG_LEX_H

#include "cfg/cfg.h"

enum token_kind {
    TOKEN_END,
    TOKEN_NEWLINE, /* also a comment, with the end of its line */
    TOKEN_IDENT,   /* [a-z][._0-9a-z]* */
    TOKEN_NUMBER,  /* [0-9][0-9a-fx]* */
    TOKEN_STRING,  /* with its quotes, closed on the same line */
    TOKEN_COMMA,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_EQUALS,
    TOKEN_APPEND, /* += */
    TOKEN_SEMICOLON,
    TOKEN_UNCLOSED, /* a quote with the rest of its line */
    TOKEN_BAD,      /* a byte (or UTF-8 character) that starts no token */
};

struct token {
    enum token_kind kind;
    struct diag_pos pos;
    const char *start; /* borrowed from the text; pos.length bytes */
};

/* One text to read; a lexer reads several as if they were lines of one. */
struct lex_source {
    const char *file, *text;
    size_t len;
};

struct lexer {
    const struct lex_source *sources;
    unsigned count, current;
    const char *file, *p, *end;
    const char *line_start;
    unsigned line;
};

void lex_init(struct lexer *lex, const struct lex_source *sources,
              unsigned count);
/* After the end it returns TOKEN_END for ever. */
struct token lex_next(struct lexer *lex);
/* Moves to the end of the current line: the next token is its TOKEN_NEWLINE
 * (or TOKEN_END). Returns where the skipped text began. */
const char *lex_skip_line(struct lexer *lex);
/* Place of a pointer into the current line. */
struct diag_pos lex_place(const struct lexer *lex, const char *at,
                          size_t length);
/* End of the current line, without CR. */
const char *lex_line_end(const struct lexer *lex);

/* Text of a string token between its quotes with escapes replaced, or of any
 * other token as it is. Mistakes go to diags and set *broken. */
struct cfg_node *lex_unquote(const struct token *tok, struct diags *diags,
                             bool *broken);

#endif
