/* Processes beside each other, their output kept apart (way A, several
 * domains). */
#include "op/several.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TURN_MS = 100, NR_SIGNALS = 3 };

static const int signals[NR_SIGNALS] = { SIGINT, SIGTERM, SIGHUP };

struct several {
    const struct several_self *self;
    struct several_job *jobs;
    int nr;
    struct sigaction before[NR_SIGNALS]; /* what was set before ours */
};

static volatile sig_atomic_t stop;    /* a signal has come: start no more */
static volatile sig_atomic_t to_pass; /* one that the others have not got */

/* The kernel sends the terminal's Ctrl-C to all of the process group. */
static void on_signal(int signo, siginfo_t *info, void *context)
{
    (void)context;
    stop = signo;
    if (signo != SIGINT || info->si_code != SI_KERNEL)
        to_pass = signo;
}

int several_workers(void)
{
    /* starting a domain waits more (scripts, QEMU) than it computes */
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    return (int)CLAMP(cpus * 2, 4, 16);
}

/* What is ignored (nohup) stays so. */
static void catch_signals(struct sigaction *before)
{
    const struct sigaction how = { .sa_sigaction = on_signal,
                                   .sa_flags = SA_SIGINFO };
    for (int i = 0; i < NR_SIGNALS; i++) {
        sigaction(signals[i], NULL, &before[i]);
        if (before[i].sa_handler != SIG_IGN)
            sigaction(signals[i], &how, NULL);
    }
}

static void restore_signals(const struct sigaction *before)
{
    for (int i = 0; i < NR_SIGNALS; i++)
        sigaction(signals[i], &before[i], NULL);
}

/* Shows argv as the process's command line, where administrators look for
 * it, in the place of the one that it was started with. */
static void retitle(char *const *argv, char *const *line)
{
    char *start = line[0], *end = start;
    g_autoptr(GString) text = g_string_new(NULL);
    while (*line && *line == end)
        end += strlen(*line++) + 1;
    for (; *argv; argv++)
        g_string_append_len(text, *argv, (gssize)strlen(*argv) + 1);
    if (start + text->len > end)
        return;
    memset(start, 0, (size_t)(end - start));
    memcpy(start, text->str, text->len);
    /* without the right to it, only blanks are left behind it */
    prctl(PR_SET_MM, PR_SET_MM_ARG_END, start + text->len, 0, 0);
}

/* In the child: the program as if it had been started for one. */
G_NORETURN static void become(struct several *s, const struct several_job *j,
                              int out)
{
    g_auto(GStrv) argv = g_strdupv(j->argv);
    int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
    close(j->fd); /* the other end of `out` */
    for (int i = 0; i < s->nr; i++)
        if (s->jobs[i].pid)
            close(s->jobs[i].fd);
    if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
        dup2(out, STDERR_FILENO) < 0)
        _exit(EXIT_FAILURE);
    if (in > STDERR_FILENO)
        close(in);
    if (out > STDERR_FILENO)
        close(out);
    retitle(argv, s->self->line);
    _exit(s->self->run((int)g_strv_length(argv), argv));
}

/* Signals wait until the child has put away what its parent does at them. */
static pid_t fork_quietly(struct several *s, const struct several_job *j,
                          int out)
{
    sigset_t ours, before;
    sigemptyset(&ours);
    for (int i = 0; i < NR_SIGNALS; i++)
        sigaddset(&ours, signals[i]);
    fflush(NULL); /* else it would be printed by both */
    sigprocmask(SIG_BLOCK, &ours, &before);
    pid_t pid = fork();
    if (pid == 0) {
        restore_signals(s->before);
        sigprocmask(SIG_SETMASK, &before, NULL);
        become(s, j, out);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    return pid;
}

/* A fork without exec: loading the program is a tenth of a small domain's
 * start. errno, or 0. */
static int begin(struct several *s, struct several_job *j)
{
    int pipes[2];
    if (pipe2(pipes, O_CLOEXEC))
        return errno;
    j->fd = pipes[0];
    fcntl(j->fd, F_SETFL, O_NONBLOCK);
    pid_t pid = fork_quietly(s, j, pipes[1]);
    int e = pid < 0 ? errno : 0;
    close(pipes[1]);
    if (e)
        close(j->fd);
    else
        j->pid = pid;
    return e;
}

static void start(struct several *s, struct several_job *j)
{
    int e = begin(s, j);
    if (e == 0)
        return;
    g_string_printf(j->said, "xl: cannot start another process: %s\n",
                    g_strerror(e));
    j->ended = true;
}

static void drain(struct several_job *j)
{
    char buf[4096];
    ssize_t n;
    while ((n = read(j->fd, buf, sizeof(buf))) > 0)
        g_string_append_len(j->said, buf, n);
}

/* Not the end of its output counts but its own: what it leaves running may
 * hold the pipe. */
static void look(struct several_job *j)
{
    int status;
    bool dead = waitpid(j->pid, &status, WNOHANG) == j->pid;
    drain(j);
    if (!dead)
        return;
    close(j->fd);
    j->pid = 0;
    j->ended = true;
    j->status =
        WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void sleep_until_output(struct several *s)
{
    g_autofree struct pollfd *fds = g_new0(struct pollfd, s->nr + 1);
    int n = 0;
    for (int i = 0; i < s->nr; i++)
        if (s->jobs[i].pid)
            fds[n++] = (struct pollfd){ .fd = s->jobs[i].fd, .events = POLLIN };
    poll(fds, (nfds_t)n, TURN_MS);
}

/* One turn over all jobs; how many run afterwards. */
static int turn(struct several *s, int workers)
{
    int running = 0;
    for (int i = 0; i < s->nr; i++) {
        if (s->jobs[i].pid)
            look(&s->jobs[i]);
        running += s->jobs[i].pid != 0;
    }
    for (int i = 0; i < s->nr && running < workers && !stop; i++) {
        if (s->jobs[i].pid || s->jobs[i].ended)
            continue;
        start(s, &s->jobs[i]);
        running += s->jobs[i].pid != 0;
    }
    return running;
}

static void pass_on(struct several *s)
{
    int signo = to_pass;
    if (!signo)
        return;
    to_pass = 0;
    for (int i = 0; i < s->nr; i++)
        if (s->jobs[i].pid)
            kill(s->jobs[i].pid, signo);
}

int several_run(const struct several_self *self, struct several_job *jobs,
                int nr, int workers,
                void (*done)(const struct several_job *job, void *user),
                void *user)
{
    struct several s = { .self = self, .jobs = jobs, .nr = nr };
    int told = 0, status = 0, running;
    stop = to_pass = 0;
    catch_signals(s.before);
    for (int i = 0; i < nr; i++) {
        jobs[i].said = g_string_new(NULL);
        jobs[i].status = -1;
    }
    do {
        running = turn(&s, workers);
        pass_on(&s);
        while (told < nr && (jobs[told].ended || (stop && !jobs[told].pid))) {
            if (jobs[told].status && !status)
                status = jobs[told].status > 0 ? jobs[told].status : 1;
            done(&jobs[told++], user);
        }
        if (running)
            sleep_until_output(&s);
    } while (running || told < nr);
    restore_signals(s.before);
    return status;
}
