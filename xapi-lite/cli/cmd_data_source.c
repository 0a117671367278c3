/* xe vm-, host- and sr-data-source-list, -query, -record, -forget. */
#include "cli/internal.h"

static void print_source(struct cli *c, const struct value *source)
{
    GArray *row = cli_row_new();
    for (size_t i = 0; i < value_count(source); i++) {
        const struct value *v = value_item_at(source, i);
        const char *text = value_get_string(v);
        if (value_get_type(v) == VALUE_BOOL)
            text = value_get_bool(v) ? "true" : "false";
        cli_row_add(row, g_strdup(value_key_at(source, i)),
                    text ? g_strdup(text)
                         : g_strdup_printf("%.3f", value_get_double(v)));
    }
    cli_print_row(c, row);
    g_array_unref(row);
}

static int list(struct cli *c, const char *ref, void *class)
{
    g_autofree char *method = g_strconcat(class, ".get_data_sources", NULL);
    VALUE_AUTO *v = cli_call(c, method, value_string(ref), NULL);
    for (size_t i = 0; i < value_count(v); i++)
        print_source(c, value_at(v, i));
    return v ? 0 : -1;
}

static int query(struct cli *c, const char *ref, void *class)
{
    g_autofree char *method = g_strconcat(class, ".query_data_source", NULL);
    VALUE_AUTO *v = cli_call(c, method, value_string(ref),
                             value_string(cli_param(c, "data-source")), NULL);
    if (v)
        cli_printf(c, "%.6f", value_get_double(v));
    return v ? 0 : -1;
}

static int change(struct cli *c, const char *ref, const char *class,
                  const char *message)
{
    g_autofree char *method = g_strconcat(class, message, NULL);
    VALUE_AUTO *v = cli_call(c, method, value_string(ref),
                             value_string(cli_param(c, "data-source")), NULL);
    return v ? 0 : -1;
}

static int record(struct cli *c, const char *ref, void *class)
{
    return change(c, ref, class, ".record_data_source");
}

static int forget(struct cli *c, const char *ref, void *class)
{
    return change(c, ref, class, ".forget_data_source_archives");
}

/* Four commands of one class: EACH(parameters of the command, what is done). */
#define COMMANDS(class, EACH)                                                  \
    int cmd_##class##_data_source_list(struct cli *c)                          \
    {                                                                          \
        return EACH("", list);                                                 \
    }                                                                          \
    int cmd_##class##_data_source_query(struct cli *c)                         \
    {                                                                          \
        return EACH("data-source", query);                                     \
    }                                                                          \
    int cmd_##class##_data_source_record(struct cli *c)                        \
    {                                                                          \
        return EACH("data-source", record);                                    \
    }                                                                          \
    int cmd_##class##_data_source_forget(struct cli *c)                        \
    {                                                                          \
        return EACH("data-source", forget);                                    \
    }

#define EACH_VM(ignore, fn)                                                    \
    cli_each_vm(c, SELECT_CONTROL, ignore, fn, (void *)"VM")
#define EACH_HOST(ignore, fn) cli_each_host(c, ignore, fn, (void *)"host")
#define EACH_SR(ignore, fn) cli_each_sr(c, ignore, fn, (void *)"SR")
COMMANDS(vm, EACH_VM)
COMMANDS(host, EACH_HOST)
COMMANDS(sr, EACH_SR)
