/* The lock around free memory and creation (way A). */
#include "op/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "xen/wait.h"

#define LIMIT_MS (10 * 60 * 1000)

static bool try_lock(int fd, pid_t *holder_out)
{
    struct flock want = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    if (fcntl(fd, F_SETLK, &want) == 0)
        return true;
    if (fcntl(fd, F_GETLK, &want) == 0)
        *holder_out = want.l_pid;
    return false;
}

/* Another process may have unlinked or replaced the file meanwhile. */
static bool is_still(int fd, const char *path)
{
    struct stat ours, there;
    return fstat(fd, &ours) == 0 && stat(path, &there) == 0 &&
           ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

static int wait_lock(int fd, const char *path, int abort_fd, struct err *err)
{
    int64_t start = wait_now_ms();
    bool said = false;
    pid_t holder = 0;
    while (!try_lock(fd, &holder)) {
        struct pollfd p = { .fd = abort_fd, .events = POLLIN };
        int64_t waited = wait_now_ms() - start;
        if (poll(&p, 1, 100) > 0)
            return err_set(err, ERR_ABORTED, "interrupted");
        if (waited > 1000 && !said) {
            fprintf(stderr, "xl: waiting for process %d, which holds %s\n",
                    (int)holder, path);
            said = true;
        }
        if (waited > LIMIT_MS)
            return err_set(err, ERR_TIMEOUT,
                           "process %d has held %s for ten minutes",
                           (int)holder, path);
    }
    return 0;
}

int lock_take(const char *path, int abort_fd, struct err *err)
{
    for (;;) {
        int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0)
            return err_errno(err, ERR_IO, errno, "cannot open the lock %s",
                             path);
        if (wait_lock(fd, path, abort_fd, err)) {
            close(fd);
            return -1;
        }
        if (is_still(fd, path))
            return fd;
        close(fd);
    }
}

void lock_release(int fd)
{
    if (fd >= 0)
        close(fd);
}
