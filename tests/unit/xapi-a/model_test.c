/* The model's tables against the published data model of XenAPI. */
#include <string.h>

#include "model/model.h"
#include "tests/unit/unit.h"

/* Calls row() for each line of a table, its columns in cols. */
static void each_row(const char *file,
                     void (*row)(const struct model *m, char **cols),
                     const struct model *m)
{
    g_autofree char *path = g_build_filename("tests/data/xapi", file, NULL);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL)) {
        CU_FAIL("no table");
        return;
    }
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (int i = 1; lines[i] && *lines[i]; i++) {
        g_auto(GStrv) cols = g_strsplit(lines[i], "\t", -1);
        row(m, cols);
    }
}

static const char *state_name(enum lifecycle s)
{
    static const char *const names[] = { "Prototyped", "Published",
                                         "Deprecated", "Removed" };
    return names[s];
}

static unsigned rows;

static void check_class(const struct model *m, char **col)
{
    const struct class *c = model_find_class(m, col[0]);
    CU_ASSERT_PTR_NOT_NULL_FATAL(c);
    CU_ASSERT_EQUAL((int)c->n_fields, atoi(col[1]));
    unsigned listed = 0, explicit = 0;
    for (unsigned i = 0; i < c->n_messages; i++) {
        const struct message *msg = c->messages[i];
        listed += msg->kind != MSG_GET_ALL_RECORDS_WHERE;
        explicit += msg->kind == MSG_EXPLICIT;
    }
    if (listed != (unsigned)atoi(col[2]))
        fprintf(stderr, "# %s: %u messages\n", c->name, listed);
    CU_ASSERT_EQUAL((int)listed, atoi(col[2]));
    CU_ASSERT_EQUAL((int)explicit, atoi(col[3]));
    UNIT_EQUAL(c->since, col[4]);
    UNIT_EQUAL(state_name(c->state), col[5]);
    rows++;
}

static void check_field(const struct model *m, char **col)
{
    static const char *const qualifiers[] = { "RO/runtime", "RO/constructor",
                                              "RW" };
    const struct class *c = model_find_class(m, col[0]);
    CU_ASSERT_PTR_NOT_NULL_FATAL(c);
    const struct field *f = model_find_field(c, col[1]);
    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    g_autofree char *type = type_format(f->type);
    UNIT_EQUAL(type, col[2]);
    UNIT_EQUAL(qualifiers[f->qualifier], col[3]);
    /* texts stand in quotes there; Null is another name for a null ref */
    g_autofree char *quoted =
        f->dflt && f->type->kind == TYPE_STRING && (col[4][0] == '"')
            ? g_strdup_printf("\"%s\"", f->dflt)
            : g_strdup(f->dflt ? f->dflt : "");
    UNIT_EQUAL(quoted, strcmp(col[4], "Null") ? col[4] : "OpaqueRef:NULL");
    UNIT_EQUAL(f->since, col[5]);
    UNIT_EQUAL(state_name(f->state), col[6]);
    rows++;
}

/* The parameters as they stand in the table, the session first. */
static char *params_text(const struct message *msg)
{
    GString *s =
        g_string_new(msg->needs_session ? "session ref session_id" : "");
    for (unsigned i = 0; i < msg->n_params; i++) {
        g_autofree char *type = type_format(msg->params[i].type);
        g_string_append_printf(s, "%s%s %s", s->len ? ", " : "", type,
                               msg->params[i].name);
    }
    return g_string_free(s, FALSE);
}

static void check_message(const struct model *m, char **col)
{
    g_autofree char *name = g_strdup_printf("%s.%s", col[0], col[1]);
    const struct message *msg = model_find_message(m, name);
    if (!msg)
        fprintf(stderr, "missing: %s\n", name);
    CU_ASSERT_PTR_NOT_NULL_FATAL(msg);
    g_autofree char *params = params_text(msg);
    UNIT_EQUAL(params, col[2]);
    g_autofree char *result = type_format(msg->result);
    UNIT_EQUAL(result, col[3]);
    UNIT_EQUAL(msg->errors, col[4]);
    UNIT_EQUAL(msg->kind == MSG_EXPLICIT ? "explicit" : "implicit", col[5]);
    UNIT_EQUAL(msg->role, col[6]);
    rows++;
}

static void with_table(const char *file,
                       void (*row)(const struct model *m, char **cols),
                       unsigned n)
{
    struct model *m = model_open();
    rows = 0;
    each_row(file, row, m);
    CU_ASSERT_EQUAL(rows, n);
    model_close(m);
}

static void every_class(void)
{
    with_table("classes.tsv", check_class, CLASS_COUNT);
}

static void every_field(void)
{
    with_table("fields.tsv", check_field, FIELD_COUNT);
}

static void every_message(void)
{
    with_table("messages.tsv", check_message, 1828);
}

static void check_enum(const struct model *m, char **col)
{
    g_autofree char *text = g_strdup_printf("enum %s", col[1]);
    const struct type *t = model_type((struct model *)m, text);
    g_autofree char *words = g_strjoinv(",", (char **)t->words);
    UNIT_EQUAL(words, col[2]);
    rows++;
}

static void every_enum(void)
{
    with_table("enums.tsv", check_enum, 66);
}

static void finds_any_case(void)
{
    struct model *m = model_open();
    CU_ASSERT_PTR_NULL(model_find_class(m, "vm"));
    const struct class *c = model_find_class_nocase(m, "vm");
    CU_ASSERT_PTR_NOT_NULL_FATAL(c);
    UNIT_EQUAL(c->name, "VM");
    CU_ASSERT_PTR_NULL(model_find_message(m, "VM.explode"));
    model_close(m);
}

static void relations_mirror(void)
{
    struct model *m = model_open();
    const struct field *vm = model_field(m, F_VBD_VM);
    CU_ASSERT_PTR_EQUAL(vm->reversed_by, model_field(m, F_VM_VBDs));
    for (int i = 0; i < FIELD_COUNT; i++) {
        const struct field *f = model_field(m, i);
        if (!f->reverse_of)
            continue;
        CU_ASSERT_EQUAL(f->type->kind, TYPE_SET);
        CU_ASSERT_EQUAL(f->reverse_of->type->kind, TYPE_REF);
        UNIT_EQUAL(f->reverse_of->type->name, f->class->name);
        UNIT_EQUAL(f->type->item->name, f->reverse_of->class->name);
        CU_ASSERT(f->temporary);
    }
    model_close(m);
}

static void roles_are_ordered(void)
{
    CU_ASSERT(role_level("read-only") < role_level("vm-operator"));
    CU_ASSERT(role_level("vm-operator") < role_level("vm-admin"));
    CU_ASSERT(role_level("vm-admin") < role_level("vm-power-admin"));
    CU_ASSERT(role_level("vm-power-admin") < role_level("pool-operator"));
    CU_ASSERT(role_level("pool-operator") < role_level("pool-admin"));
    CU_ASSERT(role_level("nobody") < 0);
}

const struct unit_test unit_tests[] = {
    { "every class is there with its number of fields and messages",
      every_class },
    { "every field has its published type, qualifier and default",
      every_field },
    { "every message has its published parameters, result and role",
      every_message },
    { "every enumeration has its words", every_enum },
    { "event classes are found in any case", finds_any_case },
    { "both sides of a relation agree", relations_mirror },
    { "roles are ordered", roles_are_ordered },
    { 0 },
};
