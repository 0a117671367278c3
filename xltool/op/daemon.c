/* Going into the background (way A). */
#include "op/daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <libxl_event.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "xen/child.h"

#define START_MS 30000

static int redirect(int log_fd)
{
    int null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return null_fd < 0 || dup2(null_fd, STDIN_FILENO) < 0 ||
                   dup2(log_fd, STDOUT_FILENO) < 0 ||
                   dup2(log_fd, STDERR_FILENO) < 0
               ? -1
               : 0;
}

/* In the new process: everything the old one had is given up. */
static int settle(struct xen *x, int log_fd, struct err *err)
{
    x->ctx = NULL;
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (redirect(log_fd) || chdir("/"))
        return err_errno(err, ERR_IO, errno, "cannot detach the monitor");
    close(log_fd);
    umask(022);
    if (xen_open(x, 0, err))
        return -1;
    child_setup(x);
    if (x->log->live > XTL_PROGRESS)
        x->log->live = XTL_PROGRESS;
    return 1;
}

/* The middle process: leads a new session, so that the monitor, its child,
 * can never get a terminal. */
static int split_again(struct xen *x, int log_fd, struct err *err)
{
    libxl_postfork_child_noexec(x->ctx);
    setsid();
    pid_t pid = fork();
    if (pid < 0)
        _exit(1);
    if (pid > 0)
        _exit(0);
    child_leave_session();
    if (settle(x, log_fd, err) < 0) {
        err_print(stderr, "xl", err);
        _exit(1);
    }
    return 1;
}

static int open_log(struct xen *x, const char *name, struct err *err)
{
    char *path = NULL;
    int rc = libxl_create_logfile(x->ctx, name, &path);
    if (rc)
        return xen_fail(x, err, rc, "cannot make the log file of %s", name);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0)
        err_errno(err, ERR_IO, errno, "cannot open the log %s", path);
    free(path);
    return fd;
}

int daemon_start(struct xen *x, const char *name, struct err *err)
{
    int log_fd = open_log(x, name, err);
    if (log_fd < 0)
        return -1;
    fflush(stdout);
    fflush(stderr);
    pid_t pid = fork();
    if (pid == 0)
        return split_again(x, log_fd, err);
    close(log_fd);
    if (pid < 0)
        return err_errno(err, ERR_FAIL, errno, "cannot start the monitor");
    if (child_wait(pid, START_MS) != 0)
        return err_set(err, ERR_FAIL, "the monitor did not start");
    return 0;
}
