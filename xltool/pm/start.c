/* xenpm start: two samples of every CPU, and the time between. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "pm/sample.h"
#include "pm/view.h"

/* Everything that start measures with. */
struct run {
    struct view_sample *begin, *end; /* one per CPU */
    int *average_khz;
    xc_cputopo_t *topology;
    unsigned n_topology;
};

static void take(struct pm *pm, struct view_sample *samples, int *average_khz)
{
    for (int i = 0; i < pm->cpus; i++) {
        sample_idle(pm->xch, i, &samples[i].cx);
        sample_freq(pm->xch, i, &samples[i].px);
        /* the first call only sets the counter back */
        if (xc_get_cpufreq_avgfreq(pm->xch, i, &average_khz[i]))
            average_khz[i] = 0;
    }
}

static long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static sigset_t end_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGALRM);
    return set;
}

/* Until SIGINT, SIGTERM or SIGALRM, or that many seconds; 0 is no limit. */
static void wait_for_end(int seconds)
{
    struct timespec limit = { .tv_sec = seconds };
    sigset_t set = end_signals();
    siginfo_t info;
    int r;

    do
        r = seconds ? sigtimedwait(&set, &info, &limit)
                    : sigwaitinfo(&set, &info);
    while (r < 0 && errno == EINTR);
}

static void read_topology(struct pm *pm, struct run *run)
{
    if (xc_cputopoinfo(pm->xch, &run->n_topology, NULL))
        return;
    run->topology = g_new0(xc_cputopo_t, run->n_topology);
    if (xc_cputopoinfo(pm->xch, &run->n_topology, run->topology))
        g_clear_pointer(&run->topology, g_free);
}

/* A state that came or went on the way would make the differences wrong. */
static void drop_uneven(struct pm *pm, struct run *run)
{
    for (int i = 0; i < pm->cpus; i++) {
        struct view_sample *b = &run->begin[i], *e = &run->end[i];

        e->cx.nr = MIN(e->cx.nr, b->cx.nr);
        e->cx.nr_pc = MIN(e->cx.nr_pc, b->cx.nr_pc);
        e->cx.nr_cc = MIN(e->cx.nr_cc, b->cx.nr_cc);
        e->px.total = MIN(e->px.total, b->px.total);
    }
}

static void measure(struct pm *pm, struct run *run, int seconds, bool has_cx,
                    bool has_px)
{
    struct view_interval iv = { .cpus = (unsigned)pm->cpus,
                                .has_cx = has_cx,
                                .has_px = has_px,
                                .begin = run->begin,
                                .end = run->end,
                                .average_khz = run->average_khz };
    long begun = now_ms();

    take(pm, run->begin, run->average_khz);
    wait_for_end(seconds);
    iv.elapsed_ms = (unsigned long)(now_ms() - begun);
    take(pm, run->end, run->average_khz);
    drop_uneven(pm, run);
    read_topology(pm, run);
    iv.topology = run->topology;
    iv.n_topology = run->n_topology;
    view_interval(pm->text, &iv);
    pm->json = view_interval_json(&iv);
}

static void run_dispose(struct pm *pm, struct run *run)
{
    for (int i = 0; i < pm->cpus; i++) {
        sample_dispose(&run->begin[i]);
        sample_dispose(&run->end[i]);
    }
    g_free(run->begin);
    g_free(run->end);
    g_free(run->average_khz);
    g_free(run->topology);
}

/* From here on the end signals wait until they are asked for. */
static void announce(struct pm *pm, int seconds)
{
    FILE *f = pm->as_json ? stderr : stdout;
    sigset_t set = end_signals();

    sigprocmask(SIG_BLOCK, &set, NULL);

    if (seconds)
        fprintf(f, "Timeout set to %d seconds\n", seconds);
    fflush(f);
}

int pm_start(struct pm *pm, char **args, int n, struct err *err)
{
    int seconds = 0, max;
    struct run run = { 0 };
    bool has_cx, has_px;

    if (n > 1)
        return pm_usage(err, "start takes one number of seconds");
    if (n == 1 && pm_number_parse(args[0], "the seconds", &seconds, err))
        return -1;
    if (n == 1 && seconds == 0)
        return pm_usage(err, "the seconds must be 1 or more");
    announce(pm, seconds);
    has_cx = !xc_pm_get_max_cx(pm->xch, 0, &max);
    has_px = !xc_pm_get_max_px(pm->xch, 0, &max);
    if (!has_cx && !has_px) {
        pm_note("nothing to measure: Xen controls neither idle states nor the "
                "frequency of this host's CPUs");
        return 0;
    }
    fputs("Start sampling, waiting for CTRL-C or SIGINT or SIGALARM signal "
          "...\n",
          pm->as_json ? stderr : stdout);
    fflush(NULL);
    run.begin = g_new0(struct view_sample, pm->cpus);
    run.end = g_new0(struct view_sample, pm->cpus);
    run.average_khz = g_new0(int, pm->cpus);
    measure(pm, &run, seconds, has_cx, has_px);
    run_dispose(pm, &run);
    return 0;
}
