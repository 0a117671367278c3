/* xl devd: the daemon of a driver domain, which starts and stops the back ends
 * that other domains ask it for (way A). */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "op/daemon.h"

const struct opt_row cmd_devd_opts[] = {
    { 'F', NULL, NULL, "stay in the foreground" },
    { 'p', "pidfile", "FILE", "write the daemon's process id there" },
    { 0 }
};

/* Opened before the daemon splits off, so that a wrong path is told at once. */
static int open_pidfile(const char *path, struct err *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        err_errno(err, ERR_IO, errno, "cannot write the pidfile %s", path);
    return fd;
}

static int write_pid(int fd, struct err *err)
{
    if (ftruncate(fd, 0) || dprintf(fd, "%ld\n", (long)getpid()) < 0)
        return err_errno(err, ERR_IO, errno, "cannot write the pidfile");
    return 0;
}

/* Never comes back unless it failed. */
static int serve(struct cmd *c, struct err *err)
{
    int rc = libxl_device_events_handler(c->xen.ctx, NULL);
    if (rc == 0)
        return 0;
    return xen_fail(&c->xen, err, rc, "the back ends are not looked after");
}

static int run(struct cmd *c, int pid_fd, struct err *err)
{
    bool background = !cmd_has(c, 'F');
    int r = background ? daemon_start(&c->xen, "xldevd", err) : 1;
    if (r <= 0)
        return r;
    r = pid_fd >= 0 && background ? write_pid(pid_fd, err) : 0;
    return r ? r : serve(c, err);
}

int cmd_devd_run(struct cmd *c, struct err *err)
{
    const char *path = cmd_value(c, 'p');
    int fd = -1;
    if (cmd_open(c, err))
        return -1;
    if (path && !cmd_has(c, 'F') && (fd = open_pidfile(path, err)) < 0)
        return -1;
    int r = run(c, fd, err);
    if (fd >= 0)
        close(fd);
    return r;
}
