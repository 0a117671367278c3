/* xe: memory, CPUs and measurements of VMs. */
#include <inttypes.h>

#include "cli/internal.h"

/* Sizes of the command line, in the order of the message's parameters. */
struct sizes {
    const char *method;
    const char *names[5];
    int64_t n[5];
};

static int apply(struct cli *c, const char *ref, void *user)
{
    const struct sizes *s = user;
    struct value *v[5] = { 0 };
    for (unsigned i = 0; s->names[i]; i++)
        v[i] = value_int(s->n[i]);
    return cli_do(c, s->method, value_string(ref), v[0], v[1], v[2], v[3],
                  NULL);
}

static int run(struct cli *c, struct sizes *s, const char *ignore)
{
    for (unsigned i = 0; s->names[i]; i++)
        if (cli_size(c, s->names[i], cli_param(c, s->names[i]), &s->n[i]))
            return -1;
    return cli_each_vm(c, SELECT_CONTROL, ignore, apply, s);
}

int cmd_vm_memory_set(struct cli *c)
{
    struct sizes s = { "VM.set_memory", { "memory" }, { 0 } };
    return run(c, &s, "memory");
}

int cmd_vm_memory_dynamic_range_set(struct cli *c)
{
    struct sizes s = { "VM.set_memory_dynamic_range", { "min", "max" }, { 0 } };
    return run(c, &s, "min max");
}

int cmd_vm_memory_static_range_set(struct cli *c)
{
    struct sizes s = { "VM.set_memory_static_range", { "min", "max" }, { 0 } };
    return run(c, &s, "min max");
}

int cmd_vm_memory_limits_set(struct cli *c)
{
    struct sizes s = { "VM.set_memory_limits",
                       { "static-min", "static-max", "dynamic-min",
                         "dynamic-max" },
                       { 0 } };
    return run(c, &s, "static-min static-max dynamic-min dynamic-max");
}

int cmd_vm_memory_target_set(struct cli *c)
{
    struct sizes s = { "VM.set_memory_target_live", { "target" }, { 0 } };
    return run(c, &s, "target");
}

static int set_multiplier(struct cli *c, const char *ref, void *user)
{
    return cli_do(c, "VM.set_HVM_shadow_multiplier", value_string(ref),
                  value_double(*(double *)user), NULL);
}

int cmd_vm_memory_shadow_multiplier_set(struct cli *c)
{
    const char *text = cli_param(c, "multiplier");
    char *end;
    double d = g_ascii_strtod(text, &end);
    if (end == text || *end || !(d >= 1 && d <= 100))
        return cli_fail(c,
                        "multiplier must be a number from 1 to 100, not "
                        "'%s'",
                        text);
    return cli_each_vm(c, 0, "multiplier", set_multiplier, &d);
}

static int print_maximum(struct cli *c, const char *ref, void *user)
{
    bool approximate = cli_flag(c, "approximate");
    VALUE_AUTO *v =
        cli_call(c, "VM.maximise_memory", value_string(ref),
                 value_int(*(int64_t *)user), value_bool(approximate), NULL);
    if (!v)
        return -1;
    cli_printf(c, "%" PRId64, value_get_int(v));
    return 0;
}

int cmd_vm_compute_maximum_memory(struct cli *c)
{
    int64_t total;
    if (cli_size(c, "total", cli_param(c, "total"), &total))
        return -1;
    return cli_each_vm(c, 0, "total approximate", print_maximum, &total);
}

static int print_overhead(struct cli *c, const char *ref, void *user)
{
    VALUE_AUTO *v =
        cli_call(c, "VM.compute_memory_overhead", value_string(ref), NULL);
    (void)user;
    if (!v)
        return -1;
    cli_printf(c, "%" PRId64, value_get_int(v));
    return 0;
}

int cmd_vm_compute_memory_overhead(struct cli *c)
{
    return cli_each_vm(c, SELECT_TEMPLATES | SELECT_CONTROL, "", print_overhead,
                       NULL);
}

static int set_vcpus(struct cli *c, const char *ref, void *user)
{
    return cli_do(c, "VM.set_VCPUs_number_live", value_string(ref),
                  value_int(*(int64_t *)user), NULL);
}

int cmd_vm_vcpu_hotplug(struct cli *c)
{
    int64_t n;
    if (cli_int(c, "new-vcpus", cli_param(c, "new-vcpus"), &n))
        return -1;
    return cli_each_vm(c, 0, "new-vcpus", set_vcpus, &n);
}

/* ---- measurements
 * -------------------------------------------------------------- */

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

static int list_sources(struct cli *c, const char *ref, void *method)
{
    VALUE_AUTO *v = cli_call(c, method, value_string(ref), NULL);
    for (size_t i = 0; i < value_count(v); i++)
        print_source(c, value_at(v, i));
    return v ? 0 : -1;
}

static int query_source(struct cli *c, const char *ref, void *method)
{
    VALUE_AUTO *v = cli_call(c, method, value_string(ref),
                             value_string(cli_param(c, "data-source")), NULL);
    if (v)
        cli_printf(c, "%.6f", value_get_double(v));
    return v ? 0 : -1;
}

int cmd_vm_data_source_list(struct cli *c)
{
    return cli_each_vm(c, SELECT_CONTROL, "", list_sources,
                       (void *)"VM.get_data_sources");
}

int cmd_vm_data_source_query(struct cli *c)
{
    return cli_each_vm(c, SELECT_CONTROL, "data-source", query_source,
                       (void *)"VM.query_data_source");
}

int cmd_host_data_source_list(struct cli *c)
{
    return cli_each_host(c, "", list_sources, (void *)"host.get_data_sources");
}

int cmd_host_data_source_query(struct cli *c)
{
    return cli_each_host(c, "data-source", query_source,
                         (void *)"host.query_data_source");
}
