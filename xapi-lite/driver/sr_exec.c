/* Runs the helper programs of storage drivers: no shell, a time limit, their
 * words kept (way B). */
#include "driver/sr_exec.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

int sr_fail(struct err *err, int number, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    g_autofree char *text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    err_set(err, ERR_IO, "%s", text);
    if (err)
        err->exit_code = number;
    return -1;
}

const char *sr_config(const struct value *device_config, const char *key)
{
    const char *s = value_get_string(value_find(device_config, key));
    return s && *s ? s : NULL;
}

const char *sr_need(const struct value *device_config, const char *key,
                    struct err *err)
{
    const char *s = sr_config(device_config, key);
    if (!s)
        sr_fail(err, SR_FAIL_CONFIG, "device-config:%s= is missing", key);
    return s;
}

/* ---- the child
 * ------------------------------------------------------------------- */

struct child {
    pid_t pid;
    int fds[2]; /* its standard output and error */
    GString *texts[2];
    gint64 until; /* monotonic microseconds */
    const struct sr_watch *watch;
    bool stopped; /* by the watch */
};

static __thread const char *guard;

const char *driver_helper_lock(const char *path)
{
    const char *before = guard;
    guard = path;
    return before;
}

/* As flock(1) runs it, which has the lock and waits; a program that got the
 * descriptor might close it (LVM does) or leave it to a daemon. */
static const char **guarded(const char *const *argv)
{
    static const char *const prefix[] = { "flock", "--close", NULL };
    guint n = g_strv_length((char **)argv);
    const char **all = g_new0(const char *, G_N_ELEMENTS(prefix) + 1 + n);
    memcpy(all, prefix, sizeof prefix);
    all[G_N_ELEMENTS(prefix) - 1] = guard;
    memcpy(all + G_N_ELEMENTS(prefix), argv, n * sizeof *argv);
    return all;
}

static int spawn(const char *const *argv, int out, int errors, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attr;
    sigset_t none, pipes;
    sigemptyset(&none);
    sigemptyset(&pipes);
    sigaddset(&pipes, SIGPIPE);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out, 1);
    posix_spawn_file_actions_adddup2(&actions, errors, 2);
    posix_spawnattr_init(&attr);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setsigdefault(&attr, &pipes);
    posix_spawnattr_setpgroup(&attr, 0);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK |
                                        POSIX_SPAWN_SETSIGDEF |
                                        POSIX_SPAWN_SETPGROUP);
    int r = posix_spawnp(pid, argv[0], &actions, &attr, (char *const *)argv,
                         environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attr);
    return r;
}

static int start(struct child *k, const char *const *argv, struct err *err)
{
    int out[2], errors[2];
    if (pipe2(out, O_CLOEXEC) < 0)
        return err_errno(err, ERR_IO, errno, "cannot make a pipe");
    if (pipe2(errors, O_CLOEXEC) < 0) {
        close(out[0]);
        close(out[1]);
        return err_errno(err, ERR_IO, errno, "cannot make a pipe");
    }
    g_autofree const char **all = guard ? guarded(argv) : NULL;
    int r = spawn(all ? all : argv, out[1], errors[1], &k->pid);
    close(out[1]);
    close(errors[1]);
    k->fds[0] = out[0];
    k->fds[1] = errors[0];
    return r ? err_errno(err, ERR_IO, r, "cannot run %s", argv[0]) : 0;
}

static void take(struct child *k, int i)
{
    char buf[4096];
    ssize_t n = read(k->fds[i], buf, sizeof buf);
    if (n > 0) {
        g_string_append_len(k->texts[i], buf, n);
    } else if (n == 0 || errno != EINTR) {
        close(k->fds[i]);
        k->fds[i] = -1;
    }
}

/* Reads to the end of both outputs; false when time is up, or the watch has
 * said no. */
static bool collect(struct child *k)
{
    while (k->fds[0] >= 0 || k->fds[1] >= 0) {
        k->stopped = k->watch && !k->watch->fn(k->watch->arg, k->texts[0]->str);
        if (k->stopped)
            return false;
        gint64 left = (k->until - g_get_monotonic_time()) / 1000;
        struct pollfd p[2] = { { .fd = k->fds[0], .events = POLLIN },
                               { .fd = k->fds[1], .events = POLLIN } };
        if (left <= 0)
            return false;
        if (poll(p, 2, (int)MIN(left, 1000)) <= 0)
            continue;
        for (int i = 0; i < 2; i++)
            if (p[i].revents)
                take(k, i);
    }
    return true;
}

/* Its last line of complaint, which is where programs say what was wrong. */
static char *complaint(const char *text)
{
    g_autofree char *copy = g_strdup(text);
    g_strstrip(copy);
    g_strdelimit(copy, "\n", ';');
    return g_strdup(*copy ? copy : "it said nothing");
}

static int judge(const char *program, int status, const char *errors,
                 struct err *err)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    g_autofree char *why = complaint(errors);
    int number = strstr(errors, "No space left") ? SR_FAIL_NO_SPACE : 0;
    if (WIFSIGNALED(status))
        return sr_fail(err, number, "%s was killed by signal %d: %s", program,
                       WTERMSIG(status), why);
    return sr_fail(err, number, "%s failed: %s", program, why);
}

static int too_long(const struct child *k, const char *program,
                    unsigned timeout_s, struct err *err)
{
    if (!k->stopped)
        return sr_fail(err, 0, "%s did not end within %u s", program,
                       timeout_s);
    err_set(err, ERR_ABORTED, "%s was stopped", program);
    return -1;
}

static int run(const char *const *argv, unsigned timeout_s,
               const struct sr_watch *watch, char **out, struct err *err)
{
    struct child k = { .fds = { -1, -1 }, .watch = watch };
    int status = 0;
    if (start(&k, argv, err) < 0) {
        for (int i = 0; i < 2; i++)
            if (k.fds[i] >= 0)
                close(k.fds[i]);
        return -1;
    }
    k.until = g_get_monotonic_time() + (gint64)timeout_s * G_USEC_PER_SEC;
    k.texts[0] = g_string_new(NULL);
    k.texts[1] = g_string_new(NULL);
    bool in_time = collect(&k);
    if (!in_time)
        kill(-k.pid, SIGKILL);
    while (waitpid(k.pid, &status, 0) < 0 && errno == EINTR)
        ;
    for (int i = 0; i < 2; i++)
        if (k.fds[i] >= 0)
            close(k.fds[i]);
    int r = in_time ? judge(argv[0], status, k.texts[1]->str, err)
                    : too_long(&k, argv[0], timeout_s, err);
    char *text = g_string_free(k.texts[0], FALSE);
    g_string_free(k.texts[1], TRUE);
    if (r == 0 && out)
        *out = text;
    else
        g_free(text);
    return r;
}

int sr_run(const char *const *argv, unsigned timeout_s, char **out,
           struct err *err)
{
    return run(argv, timeout_s, NULL, out, err);
}

int sr_run_watched(const char *const *argv, unsigned timeout_s,
                   const struct sr_watch *watch, struct err *err)
{
    return run(argv, timeout_s, watch, NULL, err);
}
