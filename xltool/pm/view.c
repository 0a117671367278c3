/* C-states, P-states, frequency parameters and topology as text and JSON. Way C
 * of xenpm, behind libxenctrl. */
#include "pm/view.h"

#include <string.h>

enum { NS_PER_MS = 1000000 };

static struct value *ms(uint64_t ns)
{
    return value_int((int64_t)(ns / NS_PER_MS));
}

static void residencies(GString *out, const char *name, const uint64_t *ns,
                        uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        g_string_append_printf(out, "%s%u                  : [%20lu ms]\n",
                               name, i + 1, ns[i] / NS_PER_MS);
}

void view_idle(GString *out, int cpu, const struct xc_cx_stat *s)
{
    g_string_append_printf(out,
                           "cpu id               : %d\n"
                           "total C-states       : %u\n"
                           "idle time(ms)        : %lu\n",
                           cpu, s->nr, s->idle_time / NS_PER_MS);
    for (uint32_t i = 0; i < s->nr; i++)
        g_string_append_printf(out,
                               "C%-20u: transition [%20lu]\n"
                               "                       residency  [%20lu ms]\n",
                               i, s->triggers[i],
                               s->residencies[i] / NS_PER_MS);
    residencies(out, "pc", s->pc, s->nr_pc);
    residencies(out, "cc", s->cc, s->nr_cc);
    g_string_append_c(out, '\n');
}

static struct value *residencies_json(const uint64_t *ns, uint32_t n)
{
    struct value *a = value_array();

    for (uint32_t i = 0; i < n; i++)
        value_push(a, ms(ns[i]));
    return a;
}

struct value *view_idle_json(int cpu, const struct xc_cx_stat *s)
{
    struct value *o = value_object(), *states = value_array();

    for (uint32_t i = 0; i < s->nr; i++) {
        struct value *c = value_object();

        value_set(c, "state", value_printf("C%u", i));
        value_set(c, "transitions", value_int((int64_t)s->triggers[i]));
        value_set(c, "residency_ms", ms(s->residencies[i]));
        value_push(states, c);
    }
    value_set(o, "cpu", value_int(cpu));
    value_set(o, "idle_ms", ms(s->idle_time));
    value_set(o, "states", states);
    value_set(o, "package_residency_ms", residencies_json(s->pc, s->nr_pc));
    value_set(o, "core_residency_ms", residencies_json(s->cc, s->nr_cc));
    return o;
}

static uint64_t current_mhz(const struct xc_px_stat *s)
{
    return s->cur < s->total ? s->pt[s->cur].freq : 0;
}

void view_freq(GString *out, int cpu, const struct xc_px_stat *s)
{
    g_string_append_printf(out,
                           "cpu id               : %d\n"
                           "total P-states       : %d\n"
                           "usable P-states      : %d\n"
                           "current frequency    : %lu MHz\n",
                           cpu, s->total, s->usable, current_mhz(s));
    for (int i = 0; i < s->total; i++)
        g_string_append_printf(out,
                               "%sP%-*d[%4lu MHz]: transition [%20lu]\n"
                               "                       residency  [%20lu ms]\n",
                               i == s->cur ? "*" : "", i == s->cur ? 9 : 10, i,
                               s->pt[i].freq, s->pt[i].count,
                               s->pt[i].residency / NS_PER_MS);
    g_string_append_c(out, '\n');
}

struct value *view_freq_json(int cpu, const struct xc_px_stat *s)
{
    struct value *o = value_object(), *states = value_array();

    for (int i = 0; i < s->total; i++) {
        struct value *p = value_object();

        value_set(p, "state", value_printf("P%d", i));
        value_set(p, "mhz", value_int((int64_t)s->pt[i].freq));
        value_set(p, "transitions", value_int((int64_t)s->pt[i].count));
        value_set(p, "residency_ms", ms(s->pt[i].residency));
        value_push(states, p);
    }
    value_set(o, "cpu", value_int(cpu));
    value_set(o, "usable", value_int(s->usable));
    value_set(o, "current", value_printf("P%d", s->cur));
    value_set(o, "current_mhz", value_int((int64_t)current_mhz(s)));
    value_set(o, "states", states);
    return o;
}

/* From Xen 4.18 on the governor's part is one of two: a processor that sets
 * its speed by itself (drivers "hwp", "amd-cppc") has none. */
#ifdef XEN_SYSCTL_CPPC_SET_MINIMUM
#define GOVERNED(p) (&(p)->u.s)
static bool governed(const struct xc_get_cpufreq_para *p)
{
    return strncmp(p->scaling_driver, "hwp", CPUFREQ_NAME_LEN) != 0 &&
           strncmp(p->scaling_driver, "amd-cppc", CPUFREQ_NAME_LEN) != 0;
}
#else
#define GOVERNED(p) (p)
static bool governed(const struct xc_get_cpufreq_para *p)
{
    return p != NULL;
}
#endif

static void para_governor(GString *out, const struct xc_get_cpufreq_para *p)
{
    __auto_type g = GOVERNED(p);
    const xc_ondemand_t *od = &g->u.ondemand;

    g_string_append_printf(out,
                           "scaling_avail_gov    : %s\n"
                           "current_governor     : %.*s\n",
                           p->scaling_available_governors, CPUFREQ_NAME_LEN,
                           g->scaling_governor);
    if (!strncmp(g->scaling_governor, "userspace", CPUFREQ_NAME_LEN))
        g_string_append_printf(out,
                               "  userspace specific :\n"
                               "    scaling_setspeed : %u\n",
                               g->u.userspace.scaling_setspeed);
    else if (!strncmp(g->scaling_governor, "ondemand", CPUFREQ_NAME_LEN))
        g_string_append_printf(
            out,
            "  ondemand specific  :\n"
            "    sampling_rate    : max [%u] min [%u] cur [%u]\n"
            "    up_threshold     : %u\n",
            od->sampling_rate_max, od->sampling_rate_min, od->sampling_rate,
            od->up_threshold);
}

static void para_frequencies(GString *out, const struct xc_get_cpufreq_para *p)
{
    __auto_type g = GOVERNED(p);

    g_string_append(out, "scaling_avail_freq   :");
    for (uint32_t i = 0; i < p->freq_num; i++)
        g_string_append_printf(
            out,
            p->scaling_available_frequencies[i] == g->scaling_cur_freq ? " *%u"
                                                                       : " %u",
            p->scaling_available_frequencies[i]);
    g_string_append_printf(
        out,
        "\n"
        "scaling frequency    : max [%u] min [%u] cur [%u]\n",
        g->scaling_max_freq, g->scaling_min_freq, g->scaling_cur_freq);
}

void view_para(GString *out, int cpu, const struct xc_get_cpufreq_para *p)
{
    g_string_append_printf(out,
                           "cpu id               : %d\n"
                           "affected_cpus        :",
                           cpu);
    for (uint32_t i = 0; i < p->cpu_num; i++)
        g_string_append_printf(out, " %u", p->affected_cpus[i]);
    g_string_append_printf(out,
                           "\n"
                           "cpuinfo frequency    : max [%u] min [%u] cur [%u]\n"
                           "scaling_driver       : %.*s\n",
                           p->cpuinfo_max_freq, p->cpuinfo_min_freq,
                           p->cpuinfo_cur_freq, CPUFREQ_NAME_LEN,
                           p->scaling_driver);
    if (governed(p)) {
        para_governor(out, p);
        para_frequencies(out, p);
    }
    g_string_append_printf(out, "turbo mode           : %s\n\n",
                           p->turbo_enabled ? "enabled" : "disabled or n/a");
}

static struct value *limits_json(uint32_t max, uint32_t min, uint32_t cur)
{
    struct value *o = value_object();

    value_set(o, "max", value_int(max));
    value_set(o, "min", value_int(min));
    value_set(o, "current", value_int(cur));
    return o;
}

static struct value *numbers_json(const uint32_t *numbers, uint32_t n)
{
    struct value *a = value_array();

    for (uint32_t i = 0; i < n; i++)
        value_push(a, value_int(numbers[i]));
    return a;
}

static struct value *governors_json(const char *names)
{
    g_auto(GStrv) words = g_strsplit(names, " ", -1);
    struct value *a = value_array();

    for (char **w = words; *w; w++)
        if (**w)
            value_push(a, value_string(*w));
    return a;
}

static struct value *name_json(const char name[CPUFREQ_NAME_LEN])
{
    return value_printf("%.*s", CPUFREQ_NAME_LEN, name);
}

static void governor_json(struct value *o, const struct xc_get_cpufreq_para *p)
{
    __auto_type g = GOVERNED(p);
    const xc_ondemand_t *od = &g->u.ondemand;

    value_set(o, "governors", governors_json(p->scaling_available_governors));
    value_set(o, "governor", name_json(g->scaling_governor));
    if (!strncmp(g->scaling_governor, "userspace", CPUFREQ_NAME_LEN))
        value_set(o, "speed_khz", value_int(g->u.userspace.scaling_setspeed));
    if (strncmp(g->scaling_governor, "ondemand", CPUFREQ_NAME_LEN) != 0)
        return;
    value_set(o, "sampling_rate_us",
              limits_json(od->sampling_rate_max, od->sampling_rate_min,
                          od->sampling_rate));
    value_set(o, "up_threshold_percent", value_int(od->up_threshold));
}

static void scaling_json(struct value *o, const struct xc_get_cpufreq_para *p)
{
    __auto_type g = GOVERNED(p);

    value_set(o, "available_khz",
              numbers_json(p->scaling_available_frequencies, p->freq_num));
    value_set(o, "scaling_khz",
              limits_json(g->scaling_max_freq, g->scaling_min_freq,
                          g->scaling_cur_freq));
}

struct value *view_para_json(int cpu, const struct xc_get_cpufreq_para *p)
{
    struct value *o = value_object();

    value_set(o, "cpu", value_int(cpu));
    value_set(o, "affected_cpus", numbers_json(p->affected_cpus, p->cpu_num));
    value_set(o, "driver", name_json(p->scaling_driver));
    if (governed(p))
        governor_json(o, p);
    value_set(o, "cpu_khz",
              limits_json(p->cpuinfo_max_freq, p->cpuinfo_min_freq,
                          p->cpuinfo_cur_freq));
    if (governed(p))
        scaling_json(o, p);
    value_set(o, "turbo", value_bool(p->turbo_enabled));
    return o;
}

void view_topology(GString *out, const xc_cputopo_t *t, unsigned n)
{
    g_string_append(out, "CPU\tcore\tsocket\tnode\n");
    for (unsigned i = 0; i < n; i++)
        if (t[i].core != XEN_INVALID_CORE_ID)
            g_string_append_printf(out, "CPU%u\t %u\t %u\t %u\n", i, t[i].core,
                                   t[i].socket, t[i].node);
}

struct value *view_topology_json(const xc_cputopo_t *t, unsigned n)
{
    struct value *a = value_array();

    for (unsigned i = 0; i < n; i++) {
        struct value *o;

        if (t[i].core == XEN_INVALID_CORE_ID)
            continue;
        o = value_object();
        value_set(o, "cpu", value_int(i));
        value_set(o, "core", value_int(t[i].core));
        value_set(o, "socket", value_int(t[i].socket));
        value_set(o, "node", value_int(t[i].node));
        value_push(a, o);
    }
    return a;
}
