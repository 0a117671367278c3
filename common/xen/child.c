/* Children beside libxl's own (ways A and B). */
#include "xen/child.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <libxl_event.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "xen/wait.h"

void child_leave_session(void)
{
    char buf[4096] = "";
    int fd = open("/proc/self/cgroup", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    ssize_t n = read(fd, buf, sizeof(buf) - 1);
    close(fd);
    if (n <= 0 || !strstr(buf, "/user.slice/"))
        return;
    fd = open("/sys/fs/cgroup/cgroup.procs", O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        fd = open("/sys/fs/cgroup/systemd/cgroup.procs", O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    n = write(fd, "0", 1);
    (void)n;
    close(fd);
}

static void unblock_signals(void)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static pid_t fork_apart(void *user)
{
    (void)user;
    pid_t pid = fork();
    if (pid == 0) {
        /* A process group of its own would do as well, but then login_tty()
         * of a boot loader's process fails. */
        signal(SIGINT, SIG_IGN);
        signal(SIGQUIT, SIG_IGN);
        signal(SIGHUP, SIG_IGN);
        child_leave_session();
        unblock_signals();
    }
    return pid;
}

void child_setup(struct xen *x)
{
    static const libxl_childproc_hooks hooks = {
        .chldowner = libxl_sigchld_owner_libxl_always_selective_reap,
        .fork_replacement = fork_apart,
    };
    libxl_childproc_setmode(x->ctx, &hooks, NULL);
}

static bool is_script(const char *pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%s/cmdline", pid);
    g_autofree char *words = NULL;
    gsize len = 0;
    if (!g_file_get_contents(path, &words, &len, NULL))
        return false;
    return memmem(words, len, "/scripts/", strlen("/scripts/")) != NULL;
}

bool child_script_runs(void)
{
    g_autofree char *pids = NULL;
    /* proc(5): all children of this thread; libxl forks in the caller's */
    if (!g_file_get_contents("/proc/thread-self/children", &pids, NULL, NULL))
        return false;
    g_auto(GStrv) pid = g_strsplit(g_strstrip(pids), " ", -1);
    for (int i = 0; pid[i]; i++)
        if (*pid[i] && is_script(pid[i]))
            return true;
    return false;
}

pid_t child_fork(struct xen *x, struct err *err)
{
    fflush(stdout);
    fflush(stderr);
    pid_t pid = fork();
    if (pid < 0)
        err_errno(err, ERR_FAIL, errno, "cannot start a child process");
    if (pid)
        return pid;
    ERR_AUTO why = { 0 };
    if (xen_reopen_after_fork(x, &why)) {
        err_print(stderr, "xl", &why);
        _exit(1);
    }
    child_setup(x);
    unblock_signals();
    return 0;
}

int child_wait(pid_t pid, int timeout_ms)
{
    int64_t end = timeout_ms < 0 ? INT64_MAX : wait_now_ms() + timeout_ms;
    for (;;) {
        int status;
        pid_t got = waitpid(pid, &status, timeout_ms < 0 ? 0 : WNOHANG);
        if (got == pid)
            return status;
        if (got < 0 && errno != EINTR)
            return -1;
        if (wait_now_ms() >= end)
            return -1;
        if (got == 0)
            usleep(20000);
    }
}
