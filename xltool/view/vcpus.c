/* libxl_vcpuinfo -> the table of xl vcpu-list, or values (way A, pure). */
#include "view/vcpus.h"

#include "view/bitmap.h"

void view_vcpu_header(GString *out)
{
    g_string_append_printf(out, "%-32s %5s %5s %5s %5s %9s %s\n", "Name", "ID",
                           "VCPU", "CPU", "State", "Time(s)",
                           "Affinity (Hard / Soft)");
}

void view_vcpu_row(GString *out, const struct view_vcpu *v, int nr_cpus)
{
    const libxl_vcpuinfo *i = v->info;
    g_string_append_printf(out, "%-32s %5u %5u", v->name ? v->name : "(null)",
                           v->domid, i->vcpuid);
    if (i->online)
        g_string_append_printf(out, "%5u %3c%c- ", i->cpu,
                               i->running ? 'r' : '-', i->blocked ? 'b' : '-');
    else
        g_string_append_printf(out, "%5c %3c%cp ", '-', '-', '-');
    g_string_append_printf(out, "%9.1f  ", (double)((float)i->vcpu_time / 1e9));
    view_bitmap(out, &i->cpumap, nr_cpus);
    g_string_append(out, " / ");
    view_bitmap(out, &i->cpumap_soft, nr_cpus);
    g_string_append_c(out, '\n');
}

static struct value *bitmap_value(const libxl_bitmap *map, int nr_cpus)
{
    g_autoptr(GString) s = g_string_new(NULL);
    view_bitmap(s, map, nr_cpus);
    return value_string(s->str);
}

struct value *view_vcpu_value(const struct view_vcpu *v, int nr_cpus)
{
    const libxl_vcpuinfo *i = v->info;
    struct value *o = value_object();
    value_set(o, "name", value_string(v->name));
    value_set(o, "domid", value_int(v->domid));
    value_set(o, "vcpu", value_int(i->vcpuid));
    value_set(o, "cpu", i->online ? value_int(i->cpu) : value_null());
    value_set(o, "online", value_bool(i->online));
    value_set(o, "running", value_bool(i->running));
    value_set(o, "blocked", value_bool(i->blocked));
    value_set(o, "cpu_seconds", value_double((double)i->vcpu_time / 1e9));
    value_set(o, "affinity_hard", bitmap_value(&i->cpumap, nr_cpus));
    value_set(o, "affinity_soft", bitmap_value(&i->cpumap_soft, nr_cpus));
    return o;
}
