/* State of the parser, shared by the grammar (parse.c) and what happens after
 * a mistake (recover.c). */
#ifndef CFG_PARSER_H
#define CFG_PARSER_H

#include "cfg/lex.h"
#include "cfg/mistake.h"
#include "cfg/tree.h"

struct parser {
    struct cfg *cfg;
    struct lexer lex;
    struct token tok;         /* the next token, not yet taken */
    const char *prev_end;     /* end of the token before it on the line */
    const struct token *name; /* of the setting being read */
    unsigned depth;           /* of open lists */
    unsigned closing;         /* lists that a skipped text has closed */
    bool broken;              /* the value being read */
    bool unclosed; /* its list; the next token begins another setting */
    bool stop;     /* too many mistakes, or no text at all */
};

/* Takes the next token. */
void parser_next(struct parser *p);
bool parser_ends_line(enum token_kind kind);
bool parser_ends_setting(enum token_kind kind);
/* Whether no blank stands between the token before and the next one. */
bool parser_touches(const struct parser *p);
/* Name of the setting being read, as it should be written; owned by the
 * caller; NULL outside of a setting. */
char *parser_key(const struct parser *p);

/* Says what is wrong with the text at `at`, which is on the line of the next
 * token, and skips what the row of the table says. */
enum mistake_then parser_mistake(struct parser *p, enum mistake_where where,
                                 const char *at);
/* Adds a mistake that needs no row; texts are taken over. */
void parser_error(struct parser *p, const char *id, struct diag_pos pos,
                  char *message, char *hint);
/* Quotes of the rest of this line that do not pair up: then each token of it
 * is a guess; one sentence is said and the line is dropped. `from` is the
 * token before. */
bool parser_unpaired(struct parser *p, const char *from);
/* A setting begins where an element should stand: a `]` was forgotten. */
bool parser_setting_begins(const struct parser *p);

#endif
