/* Processes beside each other, their output kept apart (way A, several
 * domains). */
#include "op/several.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TURN_MS 100

extern char **environ;
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

/* This program, by its path where that still leads to one: the processes are
 * called by its last part, and administrators look for "xl". */
static const char *own_path(char *buf, size_t size)
{
    static const char self[] = "/proc/self/exe";
    ssize_t n = readlink(self, buf, size - 1);
    if (n <= 0 || (size_t)n >= size - 1)
        return self;
    buf[n] = '\0';
    return access(buf, X_OK) ? self : buf;
}

static int spawn(struct several_job *j, int out)
{
    posix_spawn_file_actions_t files;
    char path[PATH_MAX];
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null",
                                     O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, out, STDERR_FILENO);
    int e = posix_spawn(&j->pid, own_path(path, sizeof(path)), &files, NULL,
                        j->argv, environ);
    posix_spawn_file_actions_destroy(&files);
    return e;
}

static void start(struct several_job *j)
{
    int pipes[2] = { -1, -1 };
    int e = pipe2(pipes, O_CLOEXEC) ? errno : spawn(j, pipes[1]);
    if (pipes[1] >= 0)
        close(pipes[1]);
    j->fd = pipes[0];
    if (e == 0) {
        fcntl(j->fd, F_SETFL, O_NONBLOCK);
        return;
    }
    g_string_printf(j->said, "xl: cannot start another process: %s\n",
                    g_strerror(e));
    if (j->fd >= 0)
        close(j->fd);
    j->pid = 0;
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

static void sleep_until_output(struct several_job *jobs, int nr)
{
    g_autofree struct pollfd *fds = g_new0(struct pollfd, nr + 1);
    int n = 0;
    for (int i = 0; i < nr; i++)
        if (jobs[i].pid)
            fds[n++] = (struct pollfd){ .fd = jobs[i].fd, .events = POLLIN };
    poll(fds, (nfds_t)n, TURN_MS);
}

/* One turn over all jobs; how many run afterwards. */
static int turn(struct several_job *jobs, int nr, int workers)
{
    int running = 0;
    for (int i = 0; i < nr; i++) {
        if (jobs[i].pid)
            look(&jobs[i]);
        running += jobs[i].pid != 0;
    }
    for (int i = 0; i < nr && running < workers && !stop; i++) {
        if (jobs[i].pid || jobs[i].ended)
            continue;
        start(&jobs[i]);
        running += jobs[i].pid != 0;
    }
    return running;
}

static void pass_on(struct several_job *jobs, int nr)
{
    int signo = to_pass;
    if (!signo)
        return;
    to_pass = 0;
    for (int i = 0; i < nr; i++)
        if (jobs[i].pid)
            kill(jobs[i].pid, signo);
}

static void catch_signals(struct sigaction before[3], bool on)
{
    static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
    struct sigaction how = { .sa_sigaction = on_signal,
                             .sa_flags = SA_SIGINFO };
    for (int i = 0; i < 3; i++)
        sigaction(signals[i], on ? &how : &before[i], on ? &before[i] : NULL);
}

int several_run(struct several_job *jobs, int nr, int workers,
                void (*done)(const struct several_job *job, void *user),
                void *user)
{
    struct sigaction before[3];
    int told = 0, status = 0, running;
    stop = to_pass = 0;
    catch_signals(before, true);
    for (int i = 0; i < nr; i++) {
        jobs[i].said = g_string_new(NULL);
        jobs[i].status = -1;
    }
    do {
        running = turn(jobs, nr, workers);
        pass_on(jobs, nr);
        while (told < nr && (jobs[told].ended || (stop && !jobs[told].pid))) {
            if (jobs[told].status && !status)
                status = jobs[told].status > 0 ? jobs[told].status : 1;
            done(&jobs[told++], user);
        }
        if (running)
            sleep_until_output(jobs, nr);
    } while (running || told < nr);
    catch_signals(before, false);
    return status;
}
