/* The model: the rows of the .def files, linked with each other (way B). */
#include "model/model.h"

#include <string.h>

#include "model/type.h"

struct class_row {
    const char *name, *since;
    enum lifecycle state;
    const char *reader, *ctor;
    unsigned flags;
};

struct field_row {
    enum class_id class;
    const char *name, *type;
    enum qualifier qualifier;
    const char *dflt, *writer, *since;
    enum lifecycle state;
};

struct message_row {
    enum class_id class;
    const char *name, *params, *result, *role, *since;
    enum lifecycle state;
    const char *errors;
    bool open;
};

static const struct class_row class_rows[] = {
#define CLASS(name, since, state, reader, ctor, flags)                         \
    { #name, since, state, reader, ctor, flags },
#include "model/classes.def"
#undef CLASS
};

static const struct {
    const char *name, *words;
} enum_rows[] = {
#define ENUM(name, words) { #name, words },
#define FIELD(cls, name, type, qualifier, dflt, writer, since, state)
#define MESSAGE(cls, name, params, result, role, since, state, errors)
#define MESSAGE_OPEN MESSAGE
#include "model/all.def"
#undef ENUM
#undef FIELD
#undef MESSAGE
#undef MESSAGE_OPEN
};

#define RO FIELD_RO
#define CTOR FIELD_CTOR
#define RW FIELD_RW
static const struct field_row field_rows[] = {
#define ENUM(name, words)
#define FIELD(cls, name, type, qualifier, dflt, writer, since, state)          \
    { CLASS_##cls, #name, type, qualifier, dflt, writer, since, state },
#define MESSAGE(cls, name, params, result, role, since, state, errors)
#define MESSAGE_OPEN MESSAGE
#include "model/all.def"
#undef ENUM
#undef FIELD
#undef MESSAGE
#undef MESSAGE_OPEN
};

static const struct message_row message_rows[] = {
#define ENUM(name, words)
#define FIELD(cls, name, type, qualifier, dflt, writer, since, state)
#define MESSAGE(cls, name, params, result, role, since, state, errors)         \
    { CLASS_##cls, #name, params, result, role, since, state, errors, false },
#define MESSAGE_OPEN(cls, name, params, result, role, since, state, errors)    \
    { CLASS_##cls, #name, params, result, role, since, state, errors, true },
#include "model/all.def"
#undef ENUM
#undef FIELD
#undef MESSAGE
#undef MESSAGE_OPEN
};

static const enum field_id temporary[] = {
#define TEMPORARY(cls, field) F_##cls##_##field,
#include "model/temporary.def"
#undef TEMPORARY
};

static const enum field_id live_fields[] = {
#define LIVE(cls, field) F_##cls##_##field,
#include "model/live.def"
#undef LIVE
};

static const struct {
    enum field_id ref, set;
} relations[] = {
#define REVERSE(cls, ref, target, set) { F_##cls##_##ref, F_##target##_##set },
#include "model/relations.def"
#undef REVERSE
};

struct model {
    struct types types;
    struct class classes[CLASS_COUNT];
    struct field fields[FIELD_COUNT];
    struct live live;
    GPtrArray *messages;             /* struct message *, owned */
    GPtrArray *lists;                /* per class: GPtrArray of messages */
    GPtrArray *texts;                /* owned texts and parameter arrays */
    GHashTable *by_class, *by_lower; /* name -> class */
    GHashTable *by_field;            /* "VM.name_label" -> field */
    GHashTable *by_message;          /* "VM.start" -> message */
};

static const char *keep(struct model *m, char *text)
{
    g_ptr_array_add(m->texts, text);
    return text;
}

/* ---- messages -------------------------------------------------------- */

static struct message *add_message(struct model *m, const struct class *c,
                                   const char *name, enum message_kind kind)
{
    struct message *msg = g_new0(struct message, 1);
    g_ptr_array_add(m->messages, msg);
    msg->class = c;
    msg->name = name;
    msg->full_name = keep(m, g_strdup_printf("%s.%s", c->name, name));
    msg->kind = kind;
    msg->needs_session = true;
    msg->since = c->since;
    msg->state = c->state;
    msg->errors = "";
    g_hash_table_insert(m->by_message, (char *)msg->full_name, msg);
    g_ptr_array_add(m->lists->pdata[c->id], msg);
    return msg;
}

/* "VM ref vm, bool force=true": the last word is the name, "=" marks what may
 * be left out. */
static void add_params(struct model *m, struct message *msg, const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, ", ", -1);
    unsigned n = *text ? g_strv_length(parts) : 0;
    struct param *ps = g_new0(struct param, n + 1);
    keep(m, (char *)ps);
    msg->params = ps;
    msg->n_params = msg->n_required = n;
    for (unsigned i = 0; i < n; i++) {
        char *name = strrchr(parts[i], ' ');
        *name++ = '\0';
        char *dflt = strchr(name, '=');
        if (dflt) {
            *dflt++ = '\0';
            ps[i].dflt = g_intern_string(dflt);
            msg->n_required = MIN(msg->n_required, i);
        }
        ps[i].name = g_intern_string(name);
        ps[i].type = types_get(&m->types, parts[i]);
    }
}

static void add_explicit(struct model *m, const struct message_row *row)
{
    const struct class *c = &m->classes[row->class];
    struct message *msg = add_message(m, c, row->name, MSG_EXPLICIT);
    add_params(m, msg, row->params);
    msg->result = types_get(&m->types, row->result);
    msg->needs_session = !row->open;
    msg->role = row->role;
    msg->since = row->since;
    msg->state = row->state;
    msg->errors = row->errors;
    msg->async = c->id != CLASS_session && c->id != CLASS_task &&
                 c->id != CLASS_event && c->id != CLASS_message;
}

/* An implicit message; the parameters are a printf text with the class name. */
static struct message *add_implicit(struct model *m, const struct class *c,
                                    const char *name, enum message_kind kind,
                                    const char *params, const char *result,
                                    const char *role)
{
    struct message *msg = add_message(m, c, name, kind);
    add_params(m, msg, params);
    msg->result = types_get(&m->types, result);
    msg->role = role;
    return msg;
}

static void add_of_field(struct model *m, const struct field *f,
                         const char *prefix, enum message_kind kind,
                         const char *extra, const char *result,
                         const char *role)
{
    const char *name = keep(m, g_strconcat(prefix, f->name, NULL));
    g_autofree char *params =
        g_strdup_printf("%s ref self%s", f->class->name, extra);
    g_autofree char *full = g_strdup_printf("%s.%s", f->class->name, name);
    if (g_hash_table_contains(m->by_message, full))
        return; /* written by hand */
    struct message *msg =
        add_implicit(m, f->class, name, kind, params, result, role);
    msg->field = f;
    msg->since = f->since;
    msg->state = f->state;
}

static void add_field_messages(struct model *m, const struct field *f,
                               const char *reader)
{
    g_autofree char *type = type_format(f->type);
    /* everybody may read other_config, even that of a secret */
    bool open = !strcmp(f->name, "other_config");
    add_of_field(m, f, "get_", MSG_GET, "", type, open ? "read-only" : reader);
    if (f->qualifier != FIELD_RW)
        return;
    g_autofree char *set = g_strdup_printf(", %s value", type);
    add_of_field(m, f, "set_", MSG_SET, set, "void", f->writer);
    if (f->type->kind == TYPE_MAP) {
        g_autofree char *key = type_format(f->type->key);
        g_autofree char *item = type_format(f->type->item);
        g_autofree char *add = g_strdup_printf(", %s key, %s value", key, item);
        g_autofree char *del = g_strdup_printf(", %s key", key);
        add_of_field(m, f, "add_to_", MSG_ADD, add, "void", f->writer);
        add_of_field(m, f, "remove_from_", MSG_REMOVE, del, "void", f->writer);
    } else if (f->type->kind == TYPE_SET) {
        g_autofree char *item = type_format(f->type->item);
        g_autofree char *one = g_strdup_printf(", %s value", item);
        add_of_field(m, f, "add_", MSG_ADD, one, "void", f->writer);
        add_of_field(m, f, "remove_", MSG_REMOVE, one, "void", f->writer);
    }
}

static void add_class_messages(struct model *m, const struct class *c,
                               const struct class_row *row)
{
    g_autofree char *ref = g_strdup_printf("%s ref", c->name);
    g_autofree char *refs = g_strdup_printf("%s ref set", c->name);
    g_autofree char *record = g_strdup_printf("%s record", c->name);
    g_autofree char *records =
        g_strdup_printf("(%s ref -> %s record) map", c->name, c->name);
    g_autofree char *self = g_strdup_printf("%s ref self", c->name);
    g_autofree char *args = g_strdup_printf("%s record args", c->name);
    if (c->flags & CLASS_RECORD) {
        add_implicit(m, c, "get_record", MSG_GET_RECORD, self, record,
                     row->reader);
        add_implicit(m, c, "get_by_uuid", MSG_GET_BY_UUID, "string uuid", ref,
                     row->reader);
        if (c->name_label && !(c->flags & CLASS_NO_LABEL))
            add_implicit(m, c, "get_by_name_label", MSG_GET_BY_NAME_LABEL,
                         "string label", refs, row->reader);
        for (unsigned i = 0; i < c->n_fields; i++)
            add_field_messages(m, &c->fields[i], row->reader);
    }
    if (c->flags & CLASS_ALL) {
        add_implicit(m, c, "get_all", MSG_GET_ALL, "", refs, row->reader);
        add_implicit(m, c, "get_all_records", MSG_GET_ALL_RECORDS, "", records,
                     row->reader);
        add_implicit(m, c, "get_all_records_where", MSG_GET_ALL_RECORDS_WHERE,
                     "string expr", records, row->reader);
    }
    if (row->ctor) {
        add_implicit(m, c, "create", MSG_CREATE, args, ref, row->ctor)->async =
            true;
        add_implicit(m, c, "destroy", MSG_DESTROY, self, "void", row->ctor)
            ->async = true;
    }
}

/* ---- opening ----------------------------------------------------------- */

static void open_classes(struct model *m)
{
    for (int i = 0; i < CLASS_COUNT; i++) {
        const struct class_row *row = &class_rows[i];
        struct class *c = &m->classes[i];
        c->id = i;
        c->name = row->name;
        c->lower = keep(m, g_ascii_strdown(row->name, -1));
        c->since = row->since;
        c->state = row->state;
        c->flags = row->flags;
        g_hash_table_insert(m->by_class, (char *)c->name, c);
        g_hash_table_insert(m->by_lower, (char *)c->lower, c);
        g_ptr_array_add(m->lists, g_ptr_array_new());
    }
}

static void open_fields(struct model *m)
{
    for (int i = 0; i < FIELD_COUNT; i++) {
        const struct field_row *row = &field_rows[i];
        struct class *c = &m->classes[row->class];
        struct field *f = &m->fields[i];
        if (!c->fields)
            c->fields = f;
        *f = (struct field){
            .id = i,
            .class = c,
            .name = row->name,
            .type = types_get(&m->types, row->type),
            .qualifier = row->qualifier,
            .dflt = row->dflt,
            .writer = row->writer,
            .since = row->since,
            .state = row->state,
            .slot = c->n_fields++,
            .temporary = !strcmp(row->name, "allowed_operations") ||
                         !strcmp(row->name, "current_operations"),
        };
        if (!strcmp(row->name, "uuid"))
            c->uuid = f;
        if (!strcmp(row->name, "name_label"))
            c->name_label = f;
        g_hash_table_insert(
            m->by_field,
            (char *)keep(m, g_strdup_printf("%s.%s", c->name, f->name)), f);
    }
}

static void link_fields(struct model *m)
{
    for (size_t i = 0; i < G_N_ELEMENTS(temporary); i++)
        m->fields[temporary[i]].temporary = true;
    for (size_t i = 0; i < G_N_ELEMENTS(live_fields); i++)
        m->fields[live_fields[i]].live = &m->live;
    for (size_t i = 0; i < G_N_ELEMENTS(relations); i++) {
        struct field *ref = &m->fields[relations[i].ref];
        struct field *set = &m->fields[relations[i].set];
        ref->reversed_by = set;
        set->reverse_of = ref;
        set->temporary = true;
    }
}

static void open_messages(struct model *m)
{
    for (size_t i = 0; i < G_N_ELEMENTS(message_rows); i++)
        add_explicit(m, &message_rows[i]);
    for (int i = 0; i < CLASS_COUNT; i++) {
        struct class *c = &m->classes[i];
        add_class_messages(m, c, &class_rows[i]);
        GPtrArray *list = m->lists->pdata[i];
        c->messages = (const struct message *const *)list->pdata;
        c->n_messages = list->len;
    }
}

struct model *model_open(void)
{
    struct model *m = g_new0(struct model, 1);
    types_init(&m->types);
    m->messages = g_ptr_array_new_with_free_func(g_free);
    m->lists =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    m->texts = g_ptr_array_new_with_free_func(g_free);
    m->by_class = g_hash_table_new(g_str_hash, g_str_equal);
    m->by_lower = g_hash_table_new(g_str_hash, g_str_equal);
    m->by_field = g_hash_table_new(g_str_hash, g_str_equal);
    m->by_message = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < G_N_ELEMENTS(enum_rows); i++)
        types_enum(&m->types, enum_rows[i].name, enum_rows[i].words);
    open_classes(m);
    open_fields(m);
    link_fields(m);
    open_messages(m);
    return m;
}

void model_close(struct model *m)
{
    if (!m)
        return;
    g_hash_table_destroy(m->by_class);
    g_hash_table_destroy(m->by_lower);
    g_hash_table_destroy(m->by_field);
    g_hash_table_destroy(m->by_message);
    g_ptr_array_free(m->lists, TRUE);
    g_ptr_array_free(m->messages, TRUE);
    g_ptr_array_free(m->texts, TRUE);
    types_dispose(&m->types);
    g_free(m);
}

/* ---- looking up --------------------------------------------------------- */

void model_live(struct model *m, model_live_fn *fn, void *user)
{
    m->live = (struct live){ fn, user };
}

const struct class *model_class(const struct model *m, enum class_id id)
{
    return &m->classes[id];
}

const struct class *model_find_class(const struct model *m, const char *name)
{
    return g_hash_table_lookup(m->by_class, name);
}

const struct class *model_find_class_nocase(const struct model *m,
                                            const char *name)
{
    g_autofree char *lower = g_ascii_strdown(name, -1);
    return g_hash_table_lookup(m->by_lower, lower);
}

const struct field *model_field(const struct model *m, enum field_id id)
{
    return &m->fields[id];
}

const struct field *model_find_field(const struct class *c, const char *name)
{
    for (unsigned i = 0; i < c->n_fields; i++)
        if (!strcmp(c->fields[i].name, name))
            return &c->fields[i];
    return NULL;
}

const struct message *model_find_message(const struct model *m,
                                         const char *full_name)
{
    return g_hash_table_lookup(m->by_message, full_name);
}

const struct type *model_type(struct model *m, const char *text)
{
    return types_get(&m->types, text);
}

int role_level(const char *role)
{
    /* client-cert stands for what a pool operator may do */
    static const struct {
        const char *name;
        int level;
    } levels[] = {
        { "read-only", 0 },     { "vm-operator", 1 },
        { "vm-admin", 2 },      { "vm-power-admin", 3 },
        { "pool-operator", 4 }, { "client-cert", 4 },
        { "pool-admin", 5 },    { "", 5 },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(levels); i++)
        if (!strcmp(levels[i].name, role))
            return levels[i].level;
    return -1;
}
