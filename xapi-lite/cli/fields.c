/* Records as xe shows them: from the rows of fields.def and the model. */
#include "cli/fields.h"

#include <string.h>

struct row {
    const char *class_name;
    enum class_id class;
    const char *implied, *defaults;
    struct xe_field field;
};

/* All rows in one table; the classes point into it. */
static const struct row rows[] = {
#define XE_CLASS(n, c, i, d)                                                   \
    { .class_name = n, .class = CLASS_##c, .implied = i, .defaults = d },
#define XE_FIELD(n, m, s, f)                                                   \
    { .field = { .name = n, .mark = m, .source = s, .flags = f } },
#define XE_END()
#include "cli/fields.def"
#undef XE_CLASS
#undef XE_FIELD
#undef XE_END
};

static const struct xe_field all_fields[] = {
#define XE_CLASS(n, c, i, d)
#define XE_FIELD(n, m, s, f) { .name = n, .mark = m, .source = s, .flags = f },
#define XE_END()
#include "cli/fields.def"
#undef XE_CLASS
#undef XE_FIELD
#undef XE_END
};

static struct xe_class *make_classes(void)
{
    GArray *a = g_array_new(TRUE, TRUE, sizeof(struct xe_class));
    unsigned at = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct row *r = &rows[i];
        if (r->class_name) {
            struct xe_class k = { r->class_name, r->class,        r->implied,
                                  r->defaults,   &all_fields[at], 0 };
            g_array_append_val(a, k);
        } else {
            g_array_index(a, struct xe_class, a->len - 1).n_fields++;
            at++;
        }
    }
    struct xe_class *k = (struct xe_class *)(void *)g_array_free(a, FALSE);
    const struct xe_class *vm = k;
    while (strcmp(vm->name, "vm"))
        vm++;
    for (struct xe_class *c = k; c->name; c++)
        if (c->class == CLASS_VM) {
            c->fields = vm->fields;
            c->n_fields = vm->n_fields;
        }
    return k;
}

const struct xe_class *xe_classes(void)
{
    static gsize made;
    if (g_once_init_enter(&made))
        g_once_init_leave(&made, (gsize)make_classes());
    return (const struct xe_class *)made;
}

const struct xe_class *xe_class_find(const char *name)
{
    for (const struct xe_class *k = xe_classes(); k->name; k++)
        if (!strcmp(k->name, name))
            return k;
    return NULL;
}

const struct xe_field *xe_field_find(const struct xe_class *k, const char *name)
{
    for (unsigned i = 0; i < k->n_fields; i++)
        if (!strcmp(k->fields[i].name, name))
            return &k->fields[i];
    return NULL;
}

const struct field *xe_field_model(const struct model *m,
                                   const struct xe_class *k,
                                   const struct xe_field *f)
{
    if (strpbrk(f->source, ">("))
        return NULL;
    return model_find_field(model_class(m, k->class), f->source);
}

char *xe_field_label(const struct xe_field *f)
{
    static const char *const marks[] = { " RO", " RW", "SRO",
                                         "SRW", "MRO", "MRW" };
    return g_strdup_printf("%s (%s)%s", f->name, marks[f->mark],
                           f->flags & XE_DEPRECATED ? " [DEPRECATED]" : "");
}

/* ---- texts of values --------------------------------------------------------
 */

/* Enums that xe shows in other words than the wire. */
static const struct words {
    const char *type, *wire, *shown;
} enum_words[] = {
    { "vm_power_state", "Halted", "halted" },
    { "vm_power_state", "Paused", "paused" },
    { "vm_power_state", "Running", "running" },
    { "vm_power_state", "Suspended", "suspended" },
    { "on_normal_exit", "destroy", "Destroy" },
    { "on_normal_exit", "restart", "Restart" },
    { "on_softreboot_behavior", "soft_reboot", "Soft reboot" },
    { "on_softreboot_behavior", "destroy", "Destroy" },
    { "on_softreboot_behavior", "restart", "Restart" },
    { "on_softreboot_behavior", "preserve", "Preserve" },
    { "on_crash_behaviour", "destroy", "Destroy" },
    { "on_crash_behaviour", "coredump_and_destroy", "Core dump and destroy" },
    { "on_crash_behaviour", "restart", "Restart" },
    { "on_crash_behaviour", "coredump_and_restart", "Core dump and restart" },
    { "on_crash_behaviour", "preserve", "Preserve" },
    { "on_crash_behaviour", "rename_restart", "Rename restart" },
    { "vdi_type", "system", "System" },
    { "vdi_type", "user", "User" },
    { "vdi_type", "ephemeral", "Ephemeral" },
    { "vdi_type", "suspend", "Suspend" },
    { "vdi_type", "crashdump", "Crashdump" },
};

const char *xe_enum_show(const struct type *t, const char *word)
{
    for (size_t i = 0; i < G_N_ELEMENTS(enum_words); i++)
        if (!strcmp(enum_words[i].type, t->name) &&
            !strcmp(enum_words[i].wire, word))
            return enum_words[i].shown;
    return word;
}

const char *xe_enum_read(const struct type *t, const char *text)
{
    for (unsigned i = 0; i < t->n_words; i++)
        if (!g_ascii_strcasecmp(t->words[i], text) ||
            !g_ascii_strcasecmp(xe_enum_show(t, t->words[i]), text))
            return t->words[i];
    return NULL;
}

/* What a reference shows: the uuid of what it refers to. */
static const char *ref_text(const struct snapshot *s, const struct type *t,
                            const char *ref)
{
    const struct record *r = snapshot_find_any(s, ref);
    (void)t;
    if (!r)
        return "<not in database>";
    const struct field *uuid = record_class(r)->uuid;
    return uuid ? record_str(r, uuid->id) : ref;
}

static void put_text(GString *out, const struct snapshot *s,
                     const struct type *t, const struct value *v);

static void put_set(GString *out, const struct snapshot *s,
                    const struct type *t, const struct value *v)
{
    for (size_t i = 0; i < value_count(v); i++) {
        if (i)
            g_string_append(out, "; ");
        put_text(out, s, t->item, value_at(v, i));
    }
}

static void put_map(GString *out, const struct snapshot *s,
                    const struct type *t, const struct value *v)
{
    for (size_t i = 0; i < value_count(v); i++) {
        const char *key = value_key_at(v, i);
        if (i)
            g_string_append(out, "; ");
        if (t->key->kind == TYPE_REF)
            key = ref_text(s, t->key, key);
        g_string_append_printf(out, "%s: ", key);
        put_text(out, s, t->item, value_item_at(v, i));
    }
}

static void put_text(GString *out, const struct snapshot *s,
                     const struct type *t, const struct value *v)
{
    const char *text = value_get_string(v);
    switch (t->kind) {
    case TYPE_INT:
        g_string_append_printf(out, "%" G_GINT64_FORMAT, value_get_int(v));
        break;
    case TYPE_FLOAT:
        g_string_append_printf(out, "%.3f", value_get_double(v));
        break;
    case TYPE_BOOL:
        g_string_append(out, value_get_bool(v) ? "true" : "false");
        break;
    case TYPE_REF:
        g_string_append(out, ref_text(s, t, text ? text : ""));
        break;
    case TYPE_ENUM:
        g_string_append(out, text ? xe_enum_show(t, text) : "");
        break;
    case TYPE_SET:
        put_set(out, s, t, v);
        break;
    case TYPE_MAP:
        put_map(out, s, t, v);
        break;
    case TYPE_OPTION:
        put_text(out, s, t->item, v);
        break;
    default:
        g_string_append(out, text ? text : "");
    }
}

/* ---- columns
 * ------------------------------------------------------------------- */

/* Calls fn for each record that holds the column's field: the record itself or
 * those its path leads to. */
static void walk(const struct snapshot *s, const struct model *m,
                 const struct record *r, const char *source,
                 void (*fn)(void *user, const struct record *r,
                            const struct field *f),
                 void *user)
{
    const char *arrow = strchr(source, '>');
    const struct field *f;
    if (!arrow) {
        f = model_find_field(record_class(r), source);
        if (f)
            fn(user, r, f);
        return;
    }
    g_autofree char *first = g_strndup(source, (gsize)(arrow - source));
    f = model_find_field(record_class(r), first);
    if (!f)
        return;
    VALUE_AUTO *v = record_value(r, f);
    size_t n = f->type->kind == TYPE_SET ? value_count(v) : 1;
    for (size_t i = 0; i < n; i++) {
        const struct value *item =
            f->type->kind == TYPE_SET ? value_at(v, i) : v;
        const struct record *to = snapshot_find_any(s, value_get_string(item));
        if (to)
            walk(s, m, to, arrow + 1, fn, user);
    }
}

struct collect {
    const struct snapshot *s;
    GString *out;
    unsigned n;
    const char *key;
    char *found;
    bool has;
};

static void collect_text(void *user, const struct record *r,
                         const struct field *f)
{
    struct collect *c = user;
    VALUE_AUTO *v = record_value(r, f);
    if (c->n++)
        g_string_append(c->out, "; ");
    put_text(c->out, c->s, f->type, v);
}

static char *ask_text(const struct snapshot *s, const struct model *m,
                      const struct record *r, const char *method,
                      xe_ask_fn *ask, void *user)
{
    const struct message *msg = model_find_message(m, method);
    GString *out = g_string_new(NULL);
    VALUE_AUTO *v = ask && msg ? ask(user, method, record_ref(r)) : NULL;
    if (v)
        put_text(out, s, msg->result, v);
    return g_string_free(out, FALSE);
}

/* A domain's number of a guest that does not run, a metrics object that is not
 * there: what xe shows for nothing. */
static const char *nothing(const struct xe_field *f)
{
    return f->mark == MRO || f->mark == SRO ? "" : "<not in database>";
}

char *xe_field_text(const struct snapshot *s, const struct model *m,
                    const struct record *r, const struct xe_field *f,
                    xe_ask_fn *ask, void *user)
{
    if (g_str_has_prefix(f->source, "()"))
        return ask_text(s, m, r, f->source + 2, ask, user);
    struct collect c = { .s = s, .out = g_string_new(NULL) };
    walk(s, m, r, f->source, collect_text, &c);
    if (!c.n)
        g_string_append(c.out, nothing(f));
    return g_string_free(c.out, FALSE);
}

static void collect_key(void *user, const struct record *r,
                        const struct field *f)
{
    struct collect *c = user;
    if (f->type->kind != TYPE_MAP || c->found)
        return;
    VALUE_AUTO *v = record_value(r, f);
    const struct value *item = value_find(v, c->key);
    if (!item)
        return;
    GString *out = g_string_new(NULL);
    put_text(out, c->s, f->type->item, item);
    c->found = g_string_free(out, FALSE);
}

char *xe_field_key(const struct snapshot *s, const struct model *m,
                   const struct record *r, const struct xe_field *f,
                   const char *key)
{
    struct collect c = { .s = s, .key = key };
    walk(s, m, r, f->source, collect_key, &c);
    return c.found;
}

static void collect_has(void *user, const struct record *r,
                        const struct field *f)
{
    struct collect *c = user;
    VALUE_AUTO *v = record_value(r, f);
    if (f->type->kind == TYPE_MAP)
        c->has = c->has || value_find(v, c->key);
    if (f->type->kind != TYPE_SET)
        return;
    for (size_t i = 0; i < value_count(v) && !c->has; i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        put_text(text, c->s, f->type->item, value_at(v, i));
        c->has = !strcmp(text->str, c->key);
    }
}

bool xe_field_has(const struct snapshot *s, const struct model *m,
                  const struct record *r, const struct xe_field *f,
                  const char *item)
{
    struct collect c = { .s = s, .key = item };
    walk(s, m, r, f->source, collect_has, &c);
    return c.has;
}
