/* Preloaded into xenpm, ours or the original: the calls of libxenctrl that it
 * makes, answered from recorded structures of a four-CPU machine. XC_SHIM holds
 * words: nocx, nopx, nofreq, userspace, noturbo, few (CPU 3 is offline), nocpu,
 * noopen, refuse (all changes fail), limits and
 * moved (another C-state is the
 * last at the end), limit (of C-states, without that of substates), still0 to
 * still3. Changes are written to XC_SHIM_LOG. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xenctrl.h>

enum { CPUS = 4, PX = 5, CX = 4 };

static int handle;

static int word(const char *w)
{
    const char *s = getenv("XC_SHIM");

    return s && strstr(s, w) != NULL;
}

static int fail(int e)
{
    errno = e;
    return -1;
}

__attribute__((format(printf, 1, 2))) static int change(const char *fmt, ...)
{
    const char *path = getenv("XC_SHIM_LOG");
    FILE *f = path ? fopen(path, "a") : NULL;
    va_list ap;

    va_start(ap, fmt);
    if (f) {
        vfprintf(f, fmt, ap);
        fclose(f);
    }
    va_end(ap);
    return word("refuse") ? fail(EPERM) : 0;
}

static int offline(int cpu)
{
    return cpu >= CPUS || cpu < 0 || (cpu == 3 && word("few"));
}

xc_interface *xc_interface_open(xentoollog_logger *log, xentoollog_logger *dom,
                                unsigned flags)
{
    (void)log, (void)dom, (void)flags;
    return word("noopen") ? NULL : (void *)&handle;
}

int xc_interface_close(xc_interface *xch)
{
    (void)xch;
    return 0;
}

int xc_physinfo(xc_interface *xch, xc_physinfo_t *info)
{
    (void)xch;
    if (word("nocpu"))
        return fail(EPERM);
    memset(info, 0, sizeof(*info));
    info->threads_per_core = 2;
    info->cores_per_socket = 2;
    info->nr_cpus = CPUS;
    info->max_cpu_id = CPUS - 1;
    return 0;
}

int xc_cputopoinfo(xc_interface *xch, unsigned *max_cpus, xc_cputopo_t *topo)
{
    (void)xch;
    if (word("nocpu"))
        return fail(EPERM);
    *max_cpus = CPUS;
    for (unsigned i = 0; topo && i < CPUS; i++)
        topo[i] = (xc_cputopo_t){ .core = i / 2, .socket = 0, .node = 0 };
    if (topo && word("few"))
        topo[3].core = topo[3].socket = topo[3].node = XEN_INVALID_CORE_ID;
    return 0;
}

/* stillN: nothing enters or leaves CN. */
static int still(unsigned state)
{
    char w[] = "still0";

    w[5] = (char)('0' + state);
    return word(w);
}

int xc_pm_get_max_cx(xc_interface *xch, int cpu, int *max)
{
    (void)xch;
    if (word("nocx") || offline(cpu))
        return fail(ENODEV);
    *max = CX;
    return 0;
}

/* The second and later readings of a CPU are two seconds younger. */
int xc_pm_get_cxstat(xc_interface *xch, int cpu, struct xc_cx_stat *s)
{
    static int calls[CPUS];
    uint64_t t;

    (void)xch;
    if (word("nocx") || offline(cpu))
        return fail(ENODEV);
    t = (uint64_t)calls[cpu]++;
    s->last = word("moved") && t ? 1 : 2;
    s->idle_time = 86400000000000ULL + t * 1500000000ULL + (unsigned)cpu;
    for (unsigned i = 0; i < CX && i < s->nr; i++) {
        s->triggers[i] = 1000 * (i + 1) + (still(i) ? 0 : t * 100 * (i + 1));
        s->residencies[i] =
            1000000000ULL * (10 + i) * (unsigned)(cpu + 1) + t * 500000000ULL;
    }
    for (unsigned i = 0; i < s->nr_pc; i++)
        s->pc[i] = i < 3 ? 7000000000ULL * (i + 1) + t * 100000000ULL : 0;
    for (unsigned i = 0; i < s->nr_cc; i++)
        s->cc[i] = i < 3 ? 5000000000ULL * (i + 1) + t * 90000000ULL : 0;
    s->nr = CX;
    s->nr_pc = 3;
    s->nr_cc = 3;
    return 0;
}

int xc_pm_get_max_px(xc_interface *xch, int cpu, int *max)
{
    (void)xch;
    if (word("nopx") || offline(cpu))
        return fail(ENODEV);
    *max = PX;
    return 0;
}

int xc_pm_get_pxstat(xc_interface *xch, int cpu, struct xc_px_stat *s)
{
    static int calls[CPUS];
    uint64_t t;

    (void)xch;
    if (word("nopx") || offline(cpu))
        return fail(ENODEV);
    t = (uint64_t)calls[cpu]++;
    s->total = PX;
    s->usable = PX - 1;
    s->last = 3;
    s->cur = (uint8_t)(cpu % PX);
    for (unsigned i = 0; i < PX; i++) {
        s->pt[i].freq = 3200 - 400 * i;
        s->pt[i].residency = 1000000000ULL * (i + 2) + t * 400000000ULL * i;
        s->pt[i].count = 77 * (i + 1) + t * 5;
        for (unsigned j = 0; j < PX && s->trans_pt; j++)
            s->trans_pt[i * PX + j] = i * 10 + j;
    }
    return 0;
}

int xc_get_cpufreq_avgfreq(xc_interface *xch, int cpu, int *freq)
{
    (void)xch;
    if (word("nofreq") || offline(cpu))
        return fail(ENODEV);
    *freq = 2400000 + cpu;
    return 0;
}

static void governor(struct xc_get_cpufreq_para *p)
{
    if (word("userspace")) {
        strcpy(p->scaling_governor, "userspace");
        p->u.userspace.scaling_setspeed = 2000000;
        return;
    }
    if (word("performance")) {
        strcpy(p->scaling_governor, "performance");
        return;
    }
    strcpy(p->scaling_governor, "ondemand");
    p->u.ondemand.sampling_rate_max = 10000000;
    p->u.ondemand.sampling_rate_min = 10000;
    p->u.ondemand.sampling_rate = 20000;
    p->u.ondemand.up_threshold = 80;
}

int xc_get_cpufreq_para(xc_interface *xch, int cpu,
                        struct xc_get_cpufreq_para *p)
{
    static const char governors[] = "userspace performance powersave "
                                    "ondemand ";

    (void)xch;
    if (word("nofreq"))
        return fail(ENODEV);
    if (offline(cpu))
        return fail(EINVAL);
    if (p->cpu_num < 2 || p->freq_num < PX || p->gov_num < 4) {
        p->cpu_num = 2;
        p->freq_num = PX;
        p->gov_num = 4;
        return fail(EAGAIN);
    }
    for (unsigned i = 0; i < 2; i++)
        p->affected_cpus[i] = (unsigned)cpu / 2 * 2 + i;
    for (unsigned i = 0; i < PX; i++)
        p->scaling_available_frequencies[i] = 3200000 - 400000 * i;
    memcpy(p->scaling_available_governors, governors, sizeof(governors));
    strcpy(p->scaling_driver, "acpi-cpufreq");
    p->cpuinfo_max_freq = 3200000;
    p->cpuinfo_min_freq = 1600000;
    p->cpuinfo_cur_freq = 2400000;
    p->scaling_max_freq = 3200000;
    p->scaling_min_freq = 1600000;
    p->scaling_cur_freq = 2400000;
    p->turbo_enabled = !word("noturbo");
    governor(p);
    return 0;
}

int xc_set_cpufreq_gov(xc_interface *xch, int cpu, char *name)
{
    (void)xch;
    return change("gov %d %s\n", cpu, name);
}

int xc_set_cpufreq_para(xc_interface *xch, int cpu, int type, int value)
{
    (void)xch;
    return change("para %d %d %d\n", cpu, type, value);
}

int xc_enable_turbo(xc_interface *xch, int cpu)
{
    (void)xch;
    return change("turbo on %d\n", cpu);
}

int xc_disable_turbo(xc_interface *xch, int cpu)
{
    (void)xch;
    return change("turbo off %d\n", cpu);
}

int xc_set_sched_opt_smt(xc_interface *xch, uint32_t value)
{
    (void)xch;
    return change("smt %u\n", value);
}

int xc_get_cpuidle_max_cstate(xc_interface *xch, uint32_t *value)
{
    (void)xch;
    if (word("nocx"))
        return fail(ENODEV);
    *value = word("limit") ? 3 : XEN_SYSCTL_CX_UNLIMITED;
    return 0;
}

int xc_get_cpuidle_max_csubstate(xc_interface *xch, uint32_t *value)
{
    (void)xch;
    if (word("nocx"))
        return fail(ENODEV);
    *value = word("limits") ? 1 : XEN_SYSCTL_CX_UNLIMITED;
    return 0;
}

int xc_set_cpuidle_max_cstate(xc_interface *xch, uint32_t value)
{
    (void)xch;
    return change("cstate %u\n", value);
}

int xc_set_cpuidle_max_csubstate(xc_interface *xch, uint32_t value)
{
    (void)xch;
    return change("csubstate %u\n", value);
}

int xc_sched_credit_params_get(xc_interface *xch, uint32_t pool,
                               struct xen_sysctl_credit_schedule *s)
{
    (void)xch, (void)pool;
    if (word("nocredit"))
        return fail(EINVAL);
    memset(s, 0, sizeof(*s));
    s->tslice_ms = 30;
    s->vcpu_migr_delay_us = 1500;
    return 0;
}

int xc_sched_credit_params_set(xc_interface *xch, uint32_t pool,
                               struct xen_sysctl_credit_schedule *s)
{
    (void)xch, (void)pool;
    return change("delay %u tslice %u\n", s->vcpu_migr_delay_us, s->tslice_ms);
}
