/* Changes for one CPU or all: limits, governor and its parameters, turbo. */
#include <errno.h>
#include <string.h>

#include "pm/pm.h"

struct change {
    int type; /* SCALING_MAX_FREQ and so on, of xen/sysctl.h */
    int value;
    char *governor;
    bool turbo;
    const char *what; /* for the message: "set the governor" */
};

static int report(struct pm *pm, int cpu, const struct change *ch, int r)
{
    if (r == 0)
        return 0;
    pm_note("CPU %d: could not %s: %s%s", cpu, ch->what, g_strerror(errno),
            errno == ENODEV || errno == EINVAL
                ? " (xenpm get-cpufreq-para tells what this CPU has)"
                : "");
    pm->refused++;
    return -1;
}

static int set_para(struct pm *pm, int cpu, void *arg)
{
    struct change *ch = arg;

    return report(pm, cpu, ch,
                  xc_set_cpufreq_para(pm->xch, cpu, ch->type, ch->value));
}

static int set_governor(struct pm *pm, int cpu, void *arg)
{
    struct change *ch = arg;

    return report(pm, cpu, ch, xc_set_cpufreq_gov(pm->xch, cpu, ch->governor));
}

static int set_turbo(struct pm *pm, int cpu, void *arg)
{
    struct change *ch = arg;

    return report(pm, cpu, ch,
                  ch->turbo ? xc_enable_turbo(pm->xch, cpu)
                            : xc_disable_turbo(pm->xch, cpu));
}

/* "[CPU] VALUE": the CPU is there when there are two words. */
static int numeric(struct pm *pm, char **args, int n, int type,
                   const char *unit, const char *what, struct err *err)
{
    struct change ch = { .type = type, .what = what };
    int cpu = PM_ALL_CPUS;

    if (n > 2)
        return pm_usage(err, "too many arguments: [CPU] and %s are all", unit);
    if (n == 2 && pm_cpu_parse(args[0], &cpu, err))
        return -1;
    if (pm_number_parse(n ? args[n - 1] : NULL, unit, &ch.value, err))
        return -1;
    pm_each_cpu(pm, cpu, set_para, &ch);
    return 0;
}

int pm_set_maxfreq(struct pm *pm, char **args, int n, struct err *err)
{
    return numeric(pm, args, n, SCALING_MAX_FREQ, "the frequency in kHz",
                   "set the upper limit of the frequency", err);
}

int pm_set_minfreq(struct pm *pm, char **args, int n, struct err *err)
{
    return numeric(pm, args, n, SCALING_MIN_FREQ, "the frequency in kHz",
                   "set the lower limit of the frequency", err);
}

int pm_set_speed(struct pm *pm, char **args, int n, struct err *err)
{
    return numeric(pm, args, n, SCALING_SETSPEED, "the speed in kHz",
                   "set the frequency (governor userspace)", err);
}

int pm_set_rate(struct pm *pm, char **args, int n, struct err *err)
{
    return numeric(pm, args, n, SAMPLING_RATE, "the rate in microseconds",
                   "set the sampling rate (governor ondemand)", err);
}

int pm_set_threshold(struct pm *pm, char **args, int n, struct err *err)
{
    return numeric(pm, args, n, UP_THRESHOLD, "the threshold in percent",
                   "set the threshold (governor ondemand)", err);
}

int pm_set_governor(struct pm *pm, char **args, int n, struct err *err)
{
    struct change ch = { .what = "set the governor" };
    int cpu = PM_ALL_CPUS;

    if (n == 0 || n > 2)
        return pm_usage(err, "set-scaling-governor takes [CPU] and the name of "
                             "a governor");
    if (n == 2 && pm_cpu_parse(args[0], &cpu, err))
        return -1;
    ch.governor = args[n - 1];
    if (strlen(ch.governor) >= CPUFREQ_NAME_LEN)
        return pm_usage(err,
                        "'%s' is no governor: names have 15 letters at "
                        "most",
                        ch.governor);
    pm_each_cpu(pm, cpu, set_governor, &ch);
    return 0;
}

static int turbo(struct pm *pm, char **args, int n, bool on, struct err *err)
{
    struct change ch = {
        .turbo = on,
        .what = on ? "enable turbo mode" : "disable turbo mode",
    };
    int cpu;

    if (n > 1)
        return pm_usage(err, "only a CPU may be given here");
    if (pm_cpu_parse(args[0], &cpu, err))
        return -1;
    pm_each_cpu(pm, cpu, set_turbo, &ch);
    return 0;
}

int pm_turbo_on(struct pm *pm, char **args, int n, struct err *err)
{
    return turbo(pm, args, n, true, err);
}

int pm_turbo_off(struct pm *pm, char **args, int n, struct err *err)
{
    return turbo(pm, args, n, false, err);
}
