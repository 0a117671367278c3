/* The commands every class has: CLASS-list and CLASS-param-*. */
#include <string.h>

#include "class/session.h"
#include "cli/filter.h"
#include "cli/params.h"

/* ---- CLASS-list
 * --------------------------------------------------------------- */

/* Whether the column is among the words of params=, or shown without any. */
static bool is_asked(const char *params, const struct xe_field *f)
{
    if (!params || !strcmp(params, "all"))
        return !(f->flags & XE_HIDDEN);
    g_auto(GStrv) names = g_strsplit(params, ",", -1);
    return g_strv_contains((const char *const *)names, f->name);
}

GPtrArray *generated_columns(struct cli *c, const struct xe_class *k,
                             const char *defaults)
{
    const char *params = cli_param(c, "params");
    GPtrArray *list = g_ptr_array_new();
    if (!params && *defaults)
        params = defaults;
    for (unsigned i = 0; i < k->n_fields; i++)
        if (is_asked(params, &k->fields[i]))
            g_ptr_array_add(list, (void *)&k->fields[i]);
    return list;
}

void generated_print(struct cli *c, const struct snapshot *s,
                     const struct record *r, const GPtrArray *cols, bool list)
{
    GArray *row = cli_row_new();
    for (guint i = 0; i < cols->len && !(i && c->minimal); i++) {
        const struct xe_field *f = cols->pdata[i];
        bool costly = list && f->flags & XE_EXPENSIVE;
        cli_row_add(row, xe_field_label(f),
                    costly
                        ? g_strdup("<expensive field>")
                        : xe_field_text(s, c->x->model, r, f, filter_ask, c));
    }
    cli_print_row(c, row);
    g_array_unref(row);
}

/* The role that get_all_records of the class wants. */
int generated_may_read(struct cli *c, const struct xe_class *k)
{
    struct session_info who = { 0 };
    g_autofree char *name = g_strdup_printf(
        "%s.get_record", model_class(c->x->model, k->class)->name);
    const struct message *m = model_find_message(c->x->model, name);
    int r = session_check(c->x, c->session, &who, &c->fault);
    if (!r && m)
        r = session_require(&who, m->role, name, &c->fault);
    session_info_dispose(&who);
    return r;
}

static int run_list(struct cli *c, const struct xe_class *k)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    GArray *filters =
        generated_may_read(c, k) ? NULL : filters_parse(c, k, "", k->implied);
    if (!filters)
        return -1;
    g_autoptr(GPtrArray) cols = generated_columns(c, k, k->defaults);
    for (size_t i = 0; i < snapshot_count(s, k->class) && !c->gone; i++) {
        const struct record *r = snapshot_at(s, k->class, i);
        if (filters_match(c, s, r, filters))
            generated_print(c, s, r, cols, true);
    }
    g_array_unref(filters);
    return 0;
}

/* ---- CLASS-param-list, -get
 * --------------------------------------------------- */

static int run_param_list(struct cli *c, const struct xe_class *k)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r =
        generated_may_read(c, k) ? NULL : cli_record(c, s, k->class, "uuid");
    if (!r)
        return -1;
    g_autoptr(GPtrArray) cols = g_ptr_array_new();
    for (unsigned i = 0; i < k->n_fields; i++)
        if (!(k->fields[i].flags & XE_HIDDEN))
            g_ptr_array_add(cols, (void *)&k->fields[i]);
    generated_print(c, s, r, cols, false);
    return 0;
}

const struct xe_field *params_column(struct cli *c, const struct xe_class *k)
{
    const char *name = cli_need(c, "param-name");
    const struct xe_field *f = name ? xe_field_find(k, name) : NULL;
    if (name && !f)
        cli_fail(c,
                 "Unknown field '%s'. The fields of this class: xe "
                 "%s-list params=all",
                 name, k->name);
    return f;
}

static int run_param_get(struct cli *c, const struct xe_class *k)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r =
        generated_may_read(c, k) ? NULL : cli_record(c, s, k->class, "uuid");
    const struct xe_field *f = r ? params_column(c, k) : NULL;
    const char *key = cli_param(c, "param-key");
    if (!f)
        return -1;
    g_autofree char *text =
        key ? xe_field_key(s, c->x->model, r, f, key)
            : xe_field_text(s, c->x->model, r, f, filter_ask, c);
    if (!text)
        return cli_fail(c, "Key %s not found in map", key);
    g_autofree char *shown =
        c->minimal ? cli_minimal_escape(text) : g_strdup(text);
    cli_print(c, shown);
    return 0;
}

/* ---- the table
 * --------------------------------------------------------------------- */

static bool always(const struct model *m, const struct xe_class *k)
{
    (void)m, (void)k;
    return true;
}

static bool has_mark(const struct xe_class *k, unsigned marks)
{
    for (unsigned i = 0; i < k->n_fields; i++)
        if (marks & (1u << k->fields[i].mark))
            return true;
    return false;
}

static bool has_settable(const struct model *m, const struct xe_class *k)
{
    (void)m;
    for (unsigned i = 0; i < k->n_fields; i++)
        if (k->fields[i].flags & XE_SETTABLE)
            return true;
    return false;
}

static bool has_members(const struct model *m, const struct xe_class *k)
{
    (void)m;
    return has_mark(k, 1u << SRW | 1u << MRW);
}

static bool has_clearable(const struct model *m, const struct xe_class *k)
{
    (void)m;
    return has_mark(k, 1u << SRW | 1u << MRW | 1u << RW);
}

static const struct row {
    const char *suffix, *required, *optional;
    int (*run)(struct cli *c, const struct xe_class *k);
    bool (*is_there)(const struct model *m, const struct xe_class *k);
} rows[] = {
    { "list", "", "params,database:", run_list, always },
    { "param-list", "uuid", "database:", run_param_list, always },
    { "param-get", "uuid,param-name", "param-key,database:", run_param_get,
      always },
    { "param-set", "uuid", "", params_set, has_settable },
    { "param-add", "uuid,param-name", "param-key", params_add, has_members },
    { "param-remove", "uuid,param-name,param-key", "", params_remove,
      has_members },
    { "param-clear", "uuid,param-name", "", params_clear, has_clearable },
};

int cli_generated(struct cli *c, int *result_out)
{
    for (const struct xe_class *k = xe_classes(); k->name; k++) {
        size_t n = strlen(k->name);
        if (strncmp(c->command, k->name, n) || c->command[n] != '-')
            continue;
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
            if (strcmp(c->command + n + 1, rows[i].suffix) ||
                !rows[i].is_there(c->x->model, k))
                continue;
            *result_out = rows[i].run(c, k);
            return 1;
        }
    }
    return 0;
}

/* The columns a list can be filtered by, or a record be set by. */
static char *columns_text(const struct xe_class *k, const struct row *row)
{
    GString *s = g_string_new(row->optional);
    bool list = row->run == run_list, set = row->run == params_set;
    for (unsigned i = 0; (list || set) && i < k->n_fields; i++) {
        const struct xe_field *f = &k->fields[i];
        if (f->flags & XE_HIDDEN || (set && !(f->flags & XE_SETTABLE)))
            continue;
        g_string_append_printf(s, "%s%s%s", s->len ? "," : "", f->name,
                               set && f->mark == MRW ? ":" : "");
    }
    for (unsigned i = 0; list && i < k->n_fields; i++)
        if (k->fields[i].mark == SRO || k->fields[i].mark == SRW)
            g_string_append_printf(s, ",%s:contains", k->fields[i].name);
    return g_string_free(s, FALSE);
}

void cli_each_generated(void (*fn)(void *user, const char *name,
                                   const char *required, const char *optional,
                                   unsigned flags),
                        void *user)
{
    for (const struct xe_class *k = xe_classes(); k->name; k++)
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
            if (!rows[i].is_there(NULL, k))
                continue;
            g_autofree char *name =
                g_strdup_printf("%s-%s", k->name, rows[i].suffix);
            g_autofree char *optional = columns_text(k, &rows[i]);
            bool common = rows[i].run == run_list &&
                          (!strcmp(k->name, "vm") || !strcmp(k->name, "sr") ||
                           !strcmp(k->name, "network"));
            fn(user, name, rows[i].required, optional,
               common ? CMD_STANDARD : 0);
        }
}
