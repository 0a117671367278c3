/* Changing fields of records by xe: through the setters of the API, so that
 * their checks and roles hold. */
#include "cli/params.h"

#include <string.h>

/* One object and what is changed of it. */
struct target {
    struct cli *c;
    const struct xe_class *k;
    const struct class *class;
    char *ref;
};

static int target_init(struct target *t, struct cli *c,
                       const struct xe_class *k)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const char *uuid = cli_need(c, "uuid");
    const char *ref = uuid ? cli_ref_of_uuid(c, s, k->class, uuid) : NULL;
    *t = (struct target){ c, k, model_class(c->x->model, k->class),
                          g_strdup(ref) };
    return ref ? 0 : -1;
}

/* A reference is written as the uuid or the only object of that name. */
static struct value *read_ref(struct cli *c, const struct type *t,
                              const char *text)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct class *k = model_find_class(c->x->model, t->name);
    if (!*text || !strcmp(text, "<not in database>") || !strcmp(text, REF_NULL))
        return value_string(REF_NULL);
    const struct record *r = snapshot_find_uuid(s, k->id, text);
    if (!r && k->name_label) {
        g_autoptr(GPtrArray) named = snapshot_find_name(s, k->id, text);
        r = named->len == 1 ? named->pdata[0] : NULL;
    }
    if (r)
        return value_string(record_ref(r));
    cli_fail_api(c, "UUID_INVALID", k->name, text, NULL);
    return NULL;
}

static struct value *read_number(struct cli *c, const char *name,
                                 const char *text)
{
    int64_t n;
    return cli_size(c, name, text, &n) ? NULL : value_int(n);
}

static struct value *read_text(struct cli *c, const char *name,
                               const struct type *t, const char *text)
{
    bool b;
    const char *word;
    switch (t->kind) {
    case TYPE_BOOL:
        return cli_bool(c, name, text, &b) ? NULL : value_bool(b);
    case TYPE_INT:
        return read_number(c, name, text);
    case TYPE_FLOAT:
        return value_double(g_ascii_strtod(text, NULL));
    case TYPE_REF:
        return read_ref(c, t, text);
    case TYPE_ENUM:
        word = xe_enum_read(t, text);
        return value_string(word ? word : text);
    default:
        return value_string(text);
    }
}

/* "a,b" -> a set. */
static struct value *read_set(struct cli *c, const char *name,
                              const struct type *t, const char *text)
{
    struct value *set = value_array();
    g_auto(GStrv) parts = g_strsplit(text, ",", -1);
    for (char **p = parts; *p; p++) {
        struct value *item = read_text(c, name, t->item, g_strstrip(*p));
        if (!item) {
            value_free(set);
            return NULL;
        }
        value_push(set, item);
    }
    return set;
}

static int call_setter(struct target *t, const char *verb, const char *field,
                       struct value *a, struct value *b)
{
    g_autofree char *method =
        g_strdup_printf("%s.%s_%s", t->class->name, verb, field);
    if (!a)
        return -1;
    if (!model_find_message(t->c->x->model, method)) {
        value_free(a);
        value_free(b);
        return cli_fail(t->c, "Field '%s' cannot be changed", field);
    }
    return cli_do(t->c, method, value_string(t->ref), a, b, NULL);
}

static const struct field *model_field_of(struct target *t,
                                          const struct xe_field *f)
{
    const struct field *mf = xe_field_model(t->c->x->model, t->k, f);
    if (!mf)
        cli_fail(t->c, "Field '%s' is read-only", f->name);
    return mf;
}

/* ---- set
 * ------------------------------------------------------------------------ */

/* map:key=value: the key gets the value, whether it was there or not. */
static int set_key(struct target *t, const struct field *f, const char *key,
                   const char *text)
{
    if (call_setter(t, "remove_from", f->name, value_string(key), NULL))
        return -1;
    return call_setter(t, "add_to", f->name, value_string(key),
                       value_string(text));
}

static int set_one(struct target *t, const struct xe_field *f, const char *key,
                   const char *text)
{
    const struct field *mf = model_field_of(t, f);
    if (!mf)
        return -1;
    if (mf->type->kind == TYPE_MAP) {
        if (!key)
            return cli_fail(t->c, "Field '%s' is a map: write %s:KEY=VALUE",
                            f->name, f->name);
        return set_key(t, mf, key, text);
    }
    struct value *v = mf->type->kind == TYPE_SET
                          ? read_set(t->c, f->name, mf->type, text)
                          : read_text(t->c, f->name, mf->type, text);
    return call_setter(t, "set", mf->name, v, NULL);
}

/* The column that a parameter names: whole, or a map's with its key. */
static const struct xe_field *column_of(const struct xe_class *k,
                                        const char *name, const char **key)
{
    const struct xe_field *best = xe_field_find(k, name);
    *key = NULL;
    if (best)
        return best;
    for (unsigned i = 0; i < k->n_fields; i++) {
        const struct xe_field *f = &k->fields[i];
        size_t n = strlen(f->name);
        bool map = f->mark == MRW || f->mark == MRO;
        if (!map || strncmp(name, f->name, n) || !name[n] ||
            !strchr(":-", name[n]) || (best && n <= strlen(best->name)))
            continue;
        best = f;
        *key = name + n + 1;
    }
    return best;
}

static bool is_own(const char *name)
{
    static const char *const own[] = { "uuid",  "minimal",  "username",
                                       "debug", "password", "trace",
                                       "force", "multiple", NULL };
    return g_strv_contains(own, name);
}

/* All names are checked before anything is changed. */
static int check_names(struct target *t)
{
    const struct value *params = t->c->params;
    unsigned n = 0;
    for (size_t i = 0; i < value_count(params); i++) {
        const char *key, *name = value_key_at(params, i);
        if (is_own(name))
            continue;
        const struct xe_field *f = column_of(t->k, name, &key);
        if (!f)
            return cli_fail(t->c, "Unknown field '%s'", name);
        if (!(f->flags & XE_SETTABLE))
            return cli_fail(t->c, "Field '%s' is read-only", f->name);
        n++;
    }
    return n ? 0
             : cli_fail(t->c, "Nothing to set: write FIELD=VALUE behind the "
                              "uuid");
}

static int set_all(struct target *t)
{
    const struct value *params = t->c->params;
    int r = check_names(t);
    for (size_t i = 0; !r && i < value_count(params); i++) {
        const char *key, *name = value_key_at(params, i);
        if (is_own(name))
            continue;
        const struct xe_field *f = column_of(t->k, name, &key);
        r = set_one(t, f, key, value_get_string(value_item_at(params, i)));
    }
    return r;
}

int params_set(struct cli *c, const struct xe_class *k)
{
    struct target t;
    int r = target_init(&t, c, k) ? -1 : set_all(&t);
    g_free(t.ref);
    return r;
}

/* ---- add, remove, clear
 * ------------------------------------------------------------ */

static int add_set(struct target *t, const struct field *f)
{
    const char *item = cli_need(t->c, "param-key");
    if (!item)
        return -1;
    return call_setter(t, "add", f->name,
                       read_text(t->c, f->name, f->type->item, item), NULL);
}

/* key=value pairs of the command line, all but xe's own. */
static int add_map(struct target *t, const struct field *f)
{
    unsigned n = 0;
    for (size_t i = 0; i < value_count(t->c->params); i++) {
        const char *key = value_key_at(t->c->params, i);
        const struct value *text = value_item_at(t->c->params, i);
        if (is_own(key) || !strcmp(key, "param-name") ||
            !strcmp(key, "param-key"))
            continue;
        n++;
        if (call_setter(t, "add_to", f->name, value_string(key),
                        value_copy(text)))
            return -1;
    }
    return n ? 0 : cli_fail(t->c, "Nothing to add: write KEY=VALUE");
}

static int remove_key(struct target *t, const struct field *f)
{
    const char *key = cli_need(t->c, "param-key");
    if (!key)
        return -1;
    bool map = f->type->kind == TYPE_MAP;
    return call_setter(
        t, map ? "remove_from" : "remove", f->name,
        read_text(t->c, f->name, map ? f->type->key : f->type->item, key),
        NULL);
}

static struct value *empty(const struct type *t)
{
    if (t->kind == TYPE_MAP)
        return value_object();
    if (t->kind == TYPE_SET)
        return value_array();
    return value_of_default(t, NULL);
}

static int clear(struct target *t, const struct field *f)
{
    return call_setter(t, "set", f->name, empty(f->type), NULL);
}

/* Finds the object and the column, which must be of a type that fits. */
static int with_column(struct cli *c, const struct xe_class *k,
                       int (*set)(struct target *t, const struct field *f),
                       int (*map)(struct target *t, const struct field *f),
                       int (*other)(struct target *t, const struct field *f))
{
    struct target t;
    int r = target_init(&t, c, k);
    const struct xe_field *f = r ? NULL : params_column(c, k);
    const struct field *mf = f ? model_field_of(&t, f) : NULL;
    int (*fn)(struct target *, const struct field *) = other;
    if (mf && mf->type->kind == TYPE_SET)
        fn = set;
    if (mf && mf->type->kind == TYPE_MAP)
        fn = map;
    if (mf && !fn)
        cli_fail(c, "Field '%s' is neither a set nor a map", f->name);
    r = mf && fn ? fn(&t, mf) : -1;
    g_free(t.ref);
    return r;
}

int params_add(struct cli *c, const struct xe_class *k)
{
    return with_column(c, k, add_set, add_map, NULL);
}

int params_remove(struct cli *c, const struct xe_class *k)
{
    return with_column(c, k, remove_key, remove_key, NULL);
}

int params_clear(struct cli *c, const struct xe_class *k)
{
    return with_column(c, k, clear, clear, clear);
}
