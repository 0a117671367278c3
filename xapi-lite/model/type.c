/* Types of XenAPI as a small tree, read from the text of the rows (way B). */
#include "model/type.h"

#include <string.h>

static const struct type *parse_type(struct types *ts, const char **p);

static const struct {
    const char *word;
    enum type_kind kind;
} basic[] = {
    { "void", TYPE_VOID }, { "string", TYPE_STRING },
    { "int", TYPE_INT },   { "float", TYPE_FLOAT },
    { "bool", TYPE_BOOL }, { "datetime", TYPE_DATETIME },
    { "an", TYPE_ANY },
};

static struct type *make(struct types *ts, enum type_kind kind)
{
    struct type *t = g_new0(struct type, 1);
    t->kind = kind;
    g_ptr_array_add(ts->all, t);
    return t;
}

/* Next word; blanks before it are skipped. Empty at the end. */
static char *next_word(const char **p)
{
    *p += strspn(*p, " ");
    size_t n = strcspn(*p, " ()");
    char *w = g_strndup(*p, n);
    *p += n;
    return w;
}

static bool take(const char **p, const char *text)
{
    const char *s = *p + strspn(*p, " ");
    if (!g_str_has_prefix(s, text))
        return false;
    *p = s + strlen(text);
    return true;
}

static const struct type *parse_map(struct types *ts, const char **p)
{
    struct type *t = make(ts, TYPE_MAP);
    t->key = parse_type(ts, p);
    bool ok = take(p, "->");
    t->item = parse_type(ts, p);
    if (!ok || !take(p, ")") || !take(p, "map"))
        g_error("model: bad map type near '%s'", *p);
    return t;
}

static const struct type *parse_enum(struct types *ts, const char **p)
{
    g_autofree char *name = next_word(p);
    const char *const *words = g_hash_table_lookup(ts->enums, name);
    if (!words)
        g_error("model: unknown enum '%s'", name);
    struct type *t = make(ts, TYPE_ENUM);
    t->name = g_intern_string(name);
    t->words = words;
    t->n_words = g_strv_length((char **)words);
    return t;
}

static const struct type *parse_word(struct types *ts, const char **p)
{
    g_autofree char *w = next_word(p);
    if (!strcmp(w, "enum"))
        return parse_enum(ts, p);
    for (size_t i = 0; i < G_N_ELEMENTS(basic); i++)
        if (!strcmp(w, basic[i].word)) {
            if (basic[i].kind == TYPE_ANY)
                *p += strlen(*p);
            return make(ts, basic[i].kind);
        }
    enum type_kind kind = take(p, "ref")      ? TYPE_REF
                          : take(p, "record") ? TYPE_RECORD
                                              : TYPE_VOID;
    if (kind == TYPE_VOID || !*w)
        g_error("model: bad type near '%s'", *p);
    struct type *t = make(ts, kind);
    t->name = w[0] == '<' ? NULL : g_intern_string(w);
    return t;
}

static const struct type *parse_type(struct types *ts, const char **p)
{
    const struct type *t = take(p, "(") ? parse_map(ts, p) : parse_word(ts, p);
    for (;;) {
        enum type_kind kind = take(p, "set")      ? TYPE_SET
                              : take(p, "option") ? TYPE_OPTION
                                                  : TYPE_VOID;
        if (kind == TYPE_VOID)
            return t;
        struct type *outer = make(ts, kind);
        outer->item = t;
        t = outer;
    }
}

void types_init(struct types *ts)
{
    ts->all = g_ptr_array_new_with_free_func(g_free);
    ts->by_text = g_hash_table_new(g_str_hash, g_str_equal);
    ts->enums = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
                                      (GDestroyNotify)g_strfreev);
}

void types_dispose(struct types *ts)
{
    if (!ts->all)
        return;
    g_hash_table_destroy(ts->by_text);
    g_ptr_array_free(ts->all, TRUE);
    g_hash_table_destroy(ts->enums);
    ts->all = NULL;
}

void types_enum(struct types *ts, const char *name, const char *words)
{
    g_hash_table_insert(ts->enums, (char *)name, g_strsplit(words, ",", -1));
}

const struct type *types_get(struct types *ts, const char *text)
{
    const struct type *t = g_hash_table_lookup(ts->by_text, text);
    if (t)
        return t;
    const char *p = text;
    t = parse_type(ts, &p);
    if (*p)
        g_error("model: bad type '%s'", text);
    g_hash_table_insert(ts->by_text, (char *)g_intern_string(text), (void *)t);
    return t;
}

char *type_format(const struct type *t)
{
    g_autofree char *a = t->key ? type_format(t->key) : NULL;
    g_autofree char *b = t->item ? type_format(t->item) : NULL;
    switch (t->kind) {
    case TYPE_REF:
        return g_strdup_printf("%s ref", t->name);
    case TYPE_RECORD:
        return g_strdup_printf("%s record", t->name ? t->name : "<class>");
    case TYPE_ENUM:
        return g_strdup_printf("enum %s", t->name);
    case TYPE_SET:
        return g_strdup_printf("%s set", b);
    case TYPE_OPTION:
        return g_strdup_printf("%s option", b);
    case TYPE_MAP:
        return g_strdup_printf("(%s -> %s) map", a, b);
    case TYPE_ANY:
        return g_strdup("an event batch");
    default:
        break;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(basic); i++)
        if (basic[i].kind == t->kind)
            return g_strdup(basic[i].word);
    return g_strdup("void");
}

int type_word(const struct type *t, const char *word)
{
    for (unsigned i = 0; i < t->n_words; i++)
        if (!strcmp(t->words[i], word))
            return i;
    return -1;
}
