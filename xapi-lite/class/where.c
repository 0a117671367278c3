/* get_all_records_where: the query as a tree, tried on each record (way B). */
#include "class/where.h"

#include <string.h>

enum where_kind { W_TRUE, W_FALSE, W_EQ, W_NOT, W_AND, W_OR };

/* One side of "=": a field or a literal. */
struct side {
    const struct field *field;
    char *text; /* of a literal */
};

struct where {
    enum where_kind kind;
    struct side left, right;
    struct where *a, *b;
};

struct parser {
    const struct class *class;
    const char *p;
    struct err *err;
    unsigned depth;
};

static struct where *parse_or(struct parser *ps);

static struct where *make(enum where_kind kind, struct where *a,
                          struct where *b)
{
    struct where *w = g_new0(struct where, 1);
    w->kind = kind;
    w->a = a;
    w->b = b;
    return w;
}

void where_free(struct where *w)
{
    if (!w)
        return;
    where_free(w->a);
    where_free(w->b);
    g_free(w->left.text);
    g_free(w->right.text);
    g_free(w);
}

static void skip(struct parser *ps)
{
    ps->p += strspn(ps->p, " \t\r\n");
}

/* A word or sign in front; words must end there. */
static bool take(struct parser *ps, const char *word)
{
    skip(ps);
    size_t n = strlen(word);
    if (strncmp(ps->p, word, n) ||
        (g_ascii_isalpha(word[0]) && g_ascii_isalnum(ps->p[n])))
        return false;
    ps->p += n;
    return true;
}

static struct where *wrong(struct parser *ps, const char *what)
{
    err_set(ps->err, ERR_CONFIG, "%s expected at \"%.20s\"", what, ps->p);
    return NULL;
}

/* A text in single or double quotes, with backslash escapes. */
static char *parse_text(struct parser *ps)
{
    skip(ps);
    char quote = *ps->p;
    if (quote != '"' && quote != '\'')
        return NULL;
    GString *s = g_string_new(NULL);
    const char *p = ps->p + 1;
    for (; *p && *p != quote; p++) {
        if (*p == '\\' && p[1])
            p++;
        g_string_append_c(s, *p);
    }
    ps->p = *p ? p + 1 : p;
    return g_string_free(s, FALSE);
}

/* name__label is name_label; "__" stands where the model nests names. */
static const struct field *find_field(const struct class *c, const char *name)
{
    g_auto(GStrv) parts = g_strsplit(name, "__", -1);
    g_autofree char *plain = g_strjoinv("_", parts);
    const struct field *f = model_find_field(c, name);
    return f ? f : model_find_field(c, plain);
}

static bool parse_side(struct parser *ps, struct side *out)
{
    bool is_field = take(ps, "field");
    char *text = parse_text(ps);
    if (!text)
        return wrong(ps, "a text in quotes");
    if (!is_field) {
        out->text = text;
        return true;
    }
    out->field = find_field(ps->class, text);
    if (!out->field)
        err_set(ps->err, ERR_CONFIG, "class %s has no field %s",
                ps->class->name, text);
    g_free(text);
    return out->field;
}

static struct where *parse_compare(struct parser *ps)
{
    struct where *w = make(W_EQ, NULL, NULL);
    bool ok = parse_side(ps, &w->left);
    if (ok && !take(ps, "="))
        ok = wrong(ps, "=");
    if (ok)
        ok = parse_side(ps, &w->right);
    if (!ok)
        g_clear_pointer(&w, where_free);
    return w;
}

static struct where *parse_one(struct parser *ps)
{
    if (++ps->depth > 1000)
        return wrong(ps, "an end of nesting");
    struct where *w;
    if (take(ps, "true")) {
        w = make(W_TRUE, NULL, NULL);
    } else if (take(ps, "false")) {
        w = make(W_FALSE, NULL, NULL);
    } else if (take(ps, "not")) {
        w = parse_one(ps);
        w = w ? make(W_NOT, w, NULL) : NULL;
    } else if (take(ps, "(")) {
        w = parse_or(ps);
        if (w && !take(ps, ")")) {
            g_clear_pointer(&w, where_free);
            wrong(ps, ")");
        }
    } else {
        w = parse_compare(ps);
    }
    ps->depth--;
    return w;
}

static struct where *parse_and(struct parser *ps)
{
    struct where *w = parse_one(ps);
    while (w && take(ps, "and")) {
        struct where *b = parse_one(ps);
        if (!b)
            g_clear_pointer(&w, where_free);
        else
            w = make(W_AND, w, b);
    }
    return w;
}

static struct where *parse_or(struct parser *ps)
{
    struct where *w = parse_and(ps);
    while (w && take(ps, "or")) {
        struct where *b = parse_and(ps);
        if (!b)
            g_clear_pointer(&w, where_free);
        else
            w = make(W_OR, w, b);
    }
    return w;
}

struct where *where_parse(const struct class *c, const char *text,
                          struct err *err)
{
    struct parser ps = { c, text, err, 0 };
    struct where *w = parse_or(&ps);
    skip(&ps);
    if (w && *ps.p) {
        g_clear_pointer(&w, where_free);
        wrong(&ps, "the end");
    }
    return w;
}

/* Any field as text; sets and maps as JSON. Caller frees. */
static char *field_text(const struct record *r, const struct field *f)
{
    VALUE_AUTO *v = record_value(r, f);
    if (value_get_string(v))
        return g_strdup(value_get_string(v));
    GString *s = g_string_new(NULL);
    value_json_format(s, v, false);
    return g_string_free(s, FALSE);
}

static bool is_equal(const struct where *w, const struct record *r)
{
    g_autofree char *a = w->left.field ? field_text(r, w->left.field) : NULL;
    g_autofree char *b = w->right.field ? field_text(r, w->right.field) : NULL;
    return !strcmp(a ? a : w->left.text, b ? b : w->right.text);
}

bool where_matches(const struct where *w, const struct record *r)
{
    switch (w->kind) {
    case W_TRUE:
        return true;
    case W_FALSE:
        return false;
    case W_EQ:
        return is_equal(w, r);
    case W_NOT:
        return !where_matches(w->a, r);
    case W_AND:
        return where_matches(w->a, r) && where_matches(w->b, r);
    case W_OR:
        return where_matches(w->a, r) || where_matches(w->b, r);
    }
    return false;
}
