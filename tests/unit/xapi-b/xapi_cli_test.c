/* What xe understands and shows, without a connection. */
#include <string.h>

#include "../unit.h"
#include "cli/internal.h"
#include "model/model.h"

/* A command line that answers into memory. */
static struct cli cli_of(const char *words)
{
    struct cli c = { .fd = -1,
                     .sent = g_byte_array_new(),
                     .items = g_ptr_array_new_with_free_func(g_free) };
    cli_parse(&c, words, strlen(words));
    return c;
}

static void cli_end(struct cli *c)
{
    g_byte_array_unref(c->sent);
    g_ptr_array_unref(c->items);
    g_free(c->command);
    g_free(c->message);
    g_free(c->session);
    value_free(c->params);
    fault_dispose(&c->fault);
}

/* The texts of all messages that were sent. */
static char *said(const struct cli *c)
{
    GString *all = g_string_new(NULL);
    for (guint at = 0; at + 4 <= c->sent->len;) {
        struct thin_message m;
        uint32_t len;
        thin_length(c->sent->data + at, &len, NULL);
        if (thin_decode(c->sent->data + at + 4, len, &m, NULL) == 0)
            g_string_append(all, m.text);
        thin_message_dispose(&m);
        at += 4 + len;
    }
    return g_string_free(all, FALSE);
}

static void words_become_parameters(void)
{
    struct cli c =
        cli_of("session_id=OpaqueRef:1\nvm-start\nvm=a=b\r\n--force\n"
               "--multiple=false\nvm=second\nhelp-word");
    UNIT_EQUAL(c.command, "vm-start");
    UNIT_EQUAL(c.session, "OpaqueRef:1");
    UNIT_EQUAL(cli_param(&c, "vm"), "a=b");
    CU_ASSERT(cli_flag(&c, "force") && !cli_flag(&c, "multiple"));
    UNIT_EQUAL(cli_param(&c, "help-word"), "true");
    cli_end(&c);
}

static void only_the_first_line_may_name_a_session(void)
{
    struct cli c = cli_of("session_id=a\nsession_id=b");
    UNIT_EQUAL(c.session, "a");
    UNIT_EQUAL(c.command, "session_id=b");
    cli_end(&c);
}

static const struct {
    const char *text;
    int64_t bytes; /* -1: refused */
} sizes[] = {
    { "5", 5 },
    { "5 bytes", 5 },
    { "1KiB", 1024 },
    { "2kb", 2048 },
    { "3MiB", 3 << 20 },
    { "1g", 1 << 30 },
    { "1TiB", INT64_C(1) << 40 },
    { "9999999TiB", -1 },
    { "1.5GiB", -1 },
    { "", -1 },
    { "x", -1 },
    { "5 parsecs", -1 },
};

static void sizes_have_binary_suffixes(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        struct cli c = cli_of("x");
        int64_t n = -1;
        int r = cli_size(&c, "memory", sizes[i].text, &n);
        CU_ASSERT(r == (sizes[i].bytes < 0 ? -1 : 0));
        if (r == 0)
            CU_ASSERT(n == sizes[i].bytes);
        cli_end(&c);
    }
}

static void a_size_that_is_none_is_explained(void)
{
    struct cli c = cli_of("x");
    int64_t n;
    cli_size(&c, "memory", "much", &n);
    g_autofree char *why = cli_take_error(&c);
    UNIT_EQUAL(why, "Error: Failed to parse field 'memory': expecting an "
                    "integer (possibly with suffix KiB, MiB, GiB, TiB), got "
                    "'much'\n");
    cli_end(&c);
}

static void map_parameters_have_two_forms(void)
{
    struct cli c = cli_of("x\nother-config:a=1\nother-config-b=2\nother=3");
    VALUE_AUTO *map = cli_map(&c, "other-config");
    CU_ASSERT(value_count(map) == 2);
    UNIT_EQUAL(value_get_string(value_find(map, "a")), "1");
    UNIT_EQUAL(value_get_string(value_find(map, "b")), "2");
    cli_end(&c);
}

static GArray *sample_row(void)
{
    GArray *row = cli_row_new();
    cli_row_add(row, g_strdup("uuid ( RO)"), g_strdup("u,1"));
    cli_row_add(row, g_strdup("name-label ( RW)"), g_strdup("web1"));
    cli_row_add(row, g_strdup("power-state ( RO)"), g_strdup("running"));
    return row;
}

static void records_are_shown_in_the_layout_of_xe(void)
{
    struct cli c = cli_of("vm-list");
    GArray *row = sample_row();
    cli_print_row(&c, row);
    g_autofree char *got = said(&c);
    UNIT_EQUAL(got, "uuid ( RO)           : u,1\n"
                    "     name-label ( RW): web1\n"
                    "    power-state ( RO): running\n\n");
    g_array_unref(row);
    cli_end(&c);
}

static void minimal_keeps_the_first_column_escaped(void)
{
    struct cli c = cli_of("vm-list\n--minimal");
    GArray *row = sample_row();
    cli_print_row(&c, row);
    CU_ASSERT_FATAL(c.items->len == 1);
    UNIT_EQUAL(c.items->pdata[0], "u\\,1");
    g_array_unref(row);
    cli_end(&c);
}

static void missing_parameters_are_named(void)
{
    struct cli c = cli_of("vm-destroy");
    CU_ASSERT(cli_need(&c, "uuid") == NULL);
    g_autofree char *why = cli_take_error(&c);
    UNIT_EQUAL(why, "Required parameter not found: uuid\n"
                    "For usage run: 'xe help'\n");
    cli_end(&c);
}

static void labels_carry_the_marks(void)
{
    const struct xe_class *k = xe_class_find("vm");
    g_autofree char *a = xe_field_label(xe_field_find(k, "name-label"));
    g_autofree char *b = xe_field_label(xe_field_find(k, "other-config"));
    g_autofree char *d = xe_field_label(xe_field_find(k, "ha-always-run"));
    UNIT_EQUAL(a, "name-label ( RW)");
    UNIT_EQUAL(b, "other-config (MRW)");
    UNIT_EQUAL(d, "ha-always-run ( RW) [DEPRECATED]");
}

/* Every source of every column leads to a field or message of the model. */
static void check_source(const struct model *m, const struct class *class,
                         const char *source)
{
    const char *arrow = strchr(source, '>');
    if (g_str_has_prefix(source, "()")) {
        CU_ASSERT(model_find_message(m, source + 2) != NULL);
        return;
    }
    g_autofree char *first =
        arrow ? g_strndup(source, (gsize)(arrow - source)) : g_strdup(source);
    const struct field *f = model_find_field(class, first);
    CU_ASSERT_FATAL(f != NULL);
    const struct type *t = f->type->kind == TYPE_SET ? f->type->item : f->type;
    if (arrow)
        check_source(m, model_find_class(m, t->name), arrow + 1);
}

static void every_column_has_its_field_in_the_model(void)
{
    struct model *m = model_open();
    for (const struct xe_class *k = xe_classes(); k->name; k++)
        for (unsigned i = 0; i < k->n_fields; i++)
            check_source(m, model_class(m, k->class), k->fields[i].source);
    model_close(m);
}

static void default_columns_of_vm_snapshot_and_template_are_those_of_vm(void)
{
    const struct xe_class *vm = xe_class_find("vm");
    CU_ASSERT(xe_class_find("snapshot")->fields == vm->fields);
    CU_ASSERT(xe_class_find("template")->n_fields == vm->n_fields);
    UNIT_EQUAL(vm->implied, "is-a-template=false");
}

static void enum_words_are_shown_and_read(void)
{
    struct model *m = model_open();
    const struct type *t =
        model_find_field(model_class(m, CLASS_VM), "power_state")->type;
    UNIT_EQUAL(xe_enum_show(t, "Running"), "running");
    UNIT_EQUAL(xe_enum_read(t, "running"), "Running");
    UNIT_EQUAL(xe_enum_read(t, "flying"), NULL);
    model_close(m);
}

static void commands_that_are_not_served_are_known_by_name(void)
{
    CU_ASSERT(cli_command_is_missing("wlb-") == false);
    CU_ASSERT(cli_command_is_missing("cluster-pool-create"));
    CU_ASSERT(cli_command_find("vm-start") != NULL);
    for (const struct command *c = cli_commands; c->name; c++)
        CU_ASSERT(c->run && *c->help);
}

const struct unit_test unit_tests[] = {
    { "words become parameters", words_become_parameters },
    { "only the first line may name a session",
      only_the_first_line_may_name_a_session },
    { "sizes have binary suffixes", sizes_have_binary_suffixes },
    { "a size that is none is explained", a_size_that_is_none_is_explained },
    { "map parameters have two forms", map_parameters_have_two_forms },
    { "records are shown in the layout of xe",
      records_are_shown_in_the_layout_of_xe },
    { "--minimal keeps the first column, escaped",
      minimal_keeps_the_first_column_escaped },
    { "missing parameters are named", missing_parameters_are_named },
    { "labels carry the marks", labels_carry_the_marks },
    { "every column has its field in the model",
      every_column_has_its_field_in_the_model },
    { "snapshots and templates show the columns of VMs",
      default_columns_of_vm_snapshot_and_template_are_those_of_vm },
    { "enum words are shown and read", enum_words_are_shown_and_read },
    { "commands that are not served are known by name",
      commands_that_are_not_served_are_known_by_name },
    { 0 },
};
