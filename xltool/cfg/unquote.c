/* String tokens -> values: quotes and escapes (way A). */
#include <string.h>

#include "cfg/lex.h"
#include "cfg/tree.h"

struct reader {
    const struct token *tok;
    struct diags *diags;
    bool *broken;
    const char *p, *end;
    struct cfg_node *node;
    const char *next; /* the byte behind the last one that was put */
};

static void put(struct reader *r, char c, const char *from)
{
    struct cfg_node *node = r->node;
    const struct diag_pos *pos = &r->tok->pos;
    if (from != r->next)
        cfg_node_place(node,
                       (struct cfg_place){
                           node->text_len, pos->file, pos->line,
                           pos->column + (unsigned)(from - r->tok->start) });
    r->next = from + 1;
    node->text[node->text_len] = c;
    node->text_len += from < r->end;
}

static void complain(struct reader *r, const char *from, size_t len,
                     const char *id, char *message, char *hint)
{
    struct diag_pos pos = r->tok->pos;
    pos.column += (unsigned)(from - r->tok->start);
    pos.length = (unsigned)len;
    diag_take(r->diags, DIAG_ERROR, id, pos, message, hint);
    *r->broken = true;
}

/* \NNN and \xHH: `base` digits, at most `most` of them. */
static void number_escape(struct reader *r, const char *from, unsigned base,
                          unsigned most, unsigned least)
{
    unsigned value = 0, n = 0;
    for (; n < most && r->p < r->end; n++, r->p++) {
        int digit = g_ascii_xdigit_value(*r->p);
        if (digit < 0 || (unsigned)digit >= base)
            break;
        value = value * base + (unsigned)digit;
    }
    if (n == 0 && base == 8)
        r->p++; /* 8 or 9 */
    size_t len = (size_t)(r->p - from);
    if (n < least)
        complain(
            r, from, len, "bad-escape",
            g_strdup_printf("`%.*s` is not a whole escape", (int)len, from),
            g_strdup(base == 16
                         ? "write \\x and two hexadecimal digits"
                         : "write \\ and three octal digits, or \\\\ for "
                           "a backslash"));
    else if (!value || value > 255)
        complain(r, from, len, "bad-escape",
                 g_strdup_printf("`%.*s` stands for no byte that a value can "
                                 "hold",
                                 (int)len, from),
                 g_strdup(base == 16 ? "\\x01 to \\xff are possible"
                                     : "\\001 to \\377 are possible"));
    else
        put(r, (char)value, from);
}

static void escape(struct reader *r)
{
    static const char from[] = "\"'\\abfnrtv", to[] = "\"'\\\a\b\f\n\r\t\v";
    const char *start = r->p++;
    char c = *r->p;
    const char *known = c ? strchr(from, c) : NULL;
    if (known) {
        r->p++;
        put(r, to[known - from], start);
    } else if (c == 'x') {
        r->p++;
        number_escape(r, start, 16, 2, 2);
    } else if (g_ascii_isdigit(c)) {
        number_escape(r, start, 8, 3, 3);
    } else {
        r->p++;
        complain(r, start, 2, "bad-escape",
                 g_strdup_printf("`\\%c` is not an escape", c),
                 g_strdup("write \\\\ for a backslash; known are \\\" \\' \\\\ "
                          "\\a \\b \\f \\n \\r \\t \\v \\xHH \\NNN"));
    }
}

struct cfg_node *lex_unquote(const struct token *tok, struct diags *diags,
                             bool *broken)
{
    bool quoted = tok->kind == TOKEN_STRING || tok->kind == TOKEN_UNCLOSED;
    struct cfg_node *node = g_new0(struct cfg_node, 1);
    node->kind = tok->kind == TOKEN_NUMBER ? CFG_NUMBER : CFG_STRING;
    node->pos = tok->pos;
    node->text = g_malloc(tok->pos.length + 1);
    struct reader r = {
        tok,  diags, broken, tok->start + quoted, tok->start + tok->pos.length,
        node, NULL
    };
    r.end -= tok->kind == TOKEN_STRING;
    while (r.p < r.end) {
        if (quoted && *r.p == '\\' && r.p + 1 < r.end) {
            escape(&r);
            continue;
        }
        put(&r, *r.p, r.p);
        r.p++;
    }
    put(&r, '\0', r.end); /* the place behind the last byte */
    return node;
}
