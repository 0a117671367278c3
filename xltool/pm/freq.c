/* Frequencies: get-cpufreq-states, get-cpufreq-average, get-cpufreq-para. */
#include <errno.h>

#include "pm/sample.h"
#include "pm/view.h"

static const char no_cpufreq[] =
    "Xen does not control the frequency of %s: the processor has no "
    "P-states for it, or cpufreq is left to Dom0 or off (Xen option cpufreq=)";

static int show_states(struct pm *pm, int cpu, void *arg)
{
    struct view_sample s = { 0 };

    (void)arg;
    if (sample_freq(pm->xch, cpu, &s.px))
        return -1;
    view_freq(pm->text, cpu, &s.px);
    value_push(pm_json_array(pm), view_freq_json(cpu, &s.px));
    sample_dispose(&s);
    return 0;
}

static int show_average(struct pm *pm, int cpu, void *arg)
{
    struct value *o;
    int khz;

    (void)arg;
    if (xc_get_cpufreq_avgfreq(pm->xch, cpu, &khz))
        return -1;
    g_string_append_printf(pm->text,
                           "cpu id               : %d\n"
                           "average cpu frequency: %d\n\n",
                           cpu, khz);
    o = value_object();
    value_set(o, "cpu", value_int(cpu));
    value_set(o, "average_khz", value_int(khz));
    value_push(pm_json_array(pm), o);
    return 0;
}

/* Asks once for the sizes, then for the contents. */
static int read_para(xc_interface *xch, int cpu, struct xc_get_cpufreq_para *p)
{
    if (xc_get_cpufreq_para(xch, cpu, p) == 0)
        return 0;
    if (errno != EAGAIN)
        return -1;
    p->affected_cpus = g_new0(uint32_t, p->cpu_num);
    p->scaling_available_frequencies = g_new0(uint32_t, p->freq_num);
    p->scaling_available_governors =
        g_new0(char, p->gov_num *CPUFREQ_NAME_LEN + 1);
    return xc_get_cpufreq_para(xch, cpu, p);
}

static int show_para(struct pm *pm, int cpu, void *arg)
{
    struct xc_get_cpufreq_para p = { 0 };
    int r = read_para(pm->xch, cpu, &p);

    (void)arg;
    if (!r) {
        view_para(pm->text, cpu, &p);
        value_push(pm_json_array(pm), view_para_json(cpu, &p));
    }
    g_free(p.affected_cpus);
    g_free(p.scaling_available_frequencies);
    g_free(p.scaling_available_governors);
    return r;
}

static int each(struct pm *pm, char **args,
                int (*one)(struct pm *, int, void *), struct err *err)
{
    int cpu;

    if (pm_cpu_parse(args[0], &cpu, err))
        return -1;
    pm_json_array(pm);
    pm_show_each(pm, cpu, one, no_cpufreq);
    return 0;
}

int pm_get_freq(struct pm *pm, char **args, int n, struct err *err)
{
    (void)n;
    return each(pm, args, show_states, err);
}

int pm_get_average(struct pm *pm, char **args, int n, struct err *err)
{
    (void)n;
    return each(pm, args, show_average, err);
}

int pm_get_para(struct pm *pm, char **args, int n, struct err *err)
{
    (void)n;
    return each(pm, args, show_para, err);
}
