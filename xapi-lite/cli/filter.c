/* Which records a command line means. */
#include "cli/filter.h"

#include <string.h>

/* Parameters of xe itself. */
static const char *const own[] = {
    "minimal",     "multiple",     "force",    "progress", "trace", "debug",
    "all",         "username",     "password", "server",   "port",  "nossl",
    "debugonfail", "passwordfile", "params",   "database", NULL,
};

static bool is_listed(const char *words, const char *name)
{
    g_auto(GStrv) list = g_strsplit(words, " ", -1);
    return g_strv_contains((const char *const *)list, name);
}

/* "other-config:k", "other-config-k" and "name-label" name columns. */
static const struct xe_field *column_find(const struct xe_class *k,
                                          const char *name, const char **key)
{
    const struct xe_field *best = xe_field_find(k, name);
    *key = NULL;
    if (best)
        return best;
    size_t best_len = 0;
    for (unsigned i = 0; i < k->n_fields; i++) {
        const struct xe_field *f = &k->fields[i];
        size_t n = strlen(f->name);
        bool map = f->mark == MRO || f->mark == MRW;
        if (n <= best_len || strncmp(name, f->name, n) || !name[n] ||
            (name[n] != ':' && !(map && name[n] == '-')))
            continue;
        best = f;
        best_len = n;
        *key = name + n + 1;
    }
    return best;
}

static void filter_clear(void *p)
{
    g_free(((struct filter *)p)->key);
}

static int add(struct cli *c, const struct xe_class *k, GArray *list,
               const char *name, const char *value, bool implied)
{
    const char *key;
    const struct xe_field *f = column_find(k, name, &key);
    if (!f)
        return cli_fail(c, "Unknown parameter or field: %s", name);
    struct filter one = { f, g_strdup(key), value, implied };
    g_array_append_val(list, one);
    return 0;
}

static bool named(const GArray *list, const struct xe_field *f)
{
    for (guint i = 0; i < list->len; i++)
        if (g_array_index(list, struct filter, i).field == f)
            return true;
    return false;
}

static void add_implied(struct cli *c, const struct xe_class *k, GArray *list,
                        const char *implied)
{
    g_auto(GStrv) pairs = g_strsplit(implied, ",", -1);
    for (char **p = pairs; *p; p++) {
        char *eq = strchr(*p, '=');
        if (!eq)
            continue;
        *eq = 0;
        const struct xe_field *f = xe_field_find(k, *p);
        if (f && !named(list, f))
            add(c, k, list, *p, strcmp(eq + 1, "true") ? "false" : "true",
                true);
    }
}

GArray *filters_parse(struct cli *c, const struct xe_class *k,
                      const char *ignore, const char *implied)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(struct filter));
    g_array_set_clear_func(list, filter_clear);
    for (size_t i = 0; i < value_count(c->params); i++) {
        const char *name = value_key_at(c->params, i);
        if (g_strv_contains(own, name) || is_listed(ignore, name) ||
            g_str_has_prefix(name, "database:"))
            continue;
        if (add(c, k, list, name, value_get_string(value_item_at(c->params, i)),
                false)) {
            g_array_unref(list);
            return NULL;
        }
    }
    add_implied(c, k, list, implied);
    return list;
}

struct value *filter_ask(void *user, const char *method, const char *ref)
{
    struct cli *c = user;
    struct value *v = cli_call(c, method, value_string(ref), NULL);
    if (!v)
        g_free(cli_take_error(c));
    return v;
}

static bool is_bool_equal(const char *text, const char *want)
{
    bool b;
    struct cli scratch = { 0 };
    if (strcmp(text, "true") && strcmp(text, "false"))
        return false;
    bool bad = cli_bool(&scratch, "", want, &b) != 0;
    g_free(scratch.message);
    return !bad && b == !strcmp(text, "true");
}

static bool match_one(struct cli *c, const struct snapshot *s,
                      const struct record *r, const struct filter *f)
{
    const struct model *m = c->x->model;
    bool set = f->field->mark == SRO || f->field->mark == SRW;
    if (f->key && set && !strcmp(f->key, "contains"))
        return xe_field_has(s, m, r, f->field, f->value);
    if (f->key) {
        g_autofree char *item = xe_field_key(s, m, r, f->field, f->key);
        return item && !strcmp(item, f->value);
    }
    g_autofree char *text = xe_field_text(s, m, r, f->field, filter_ask, c);
    if (f->field->flags & XE_NOCASE)
        return !g_ascii_strcasecmp(text, f->value);
    return !strcmp(text, f->value) || is_bool_equal(text, f->value);
}

bool filters_match(struct cli *c, const struct snapshot *s,
                   const struct record *r, const GArray *filters)
{
    for (guint i = 0; i < filters->len; i++)
        if (!match_one(c, s, r, &g_array_index(filters, struct filter, i)))
            return false;
    return true;
}
