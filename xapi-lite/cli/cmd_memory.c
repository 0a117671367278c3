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
