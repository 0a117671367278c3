/* A config file -> its bytes (before way A begins): everything that is not a
 * readable text of sensible size is refused with its reason. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cfg/cfg.h"

enum { SIZE_MAX_MIB = 16, WAIT_SECONDS = 60, CHUNK = 16384 };

static void close_fd(int *fd)
{
    if (*fd > STDIN_FILENO)
        close(*fd);
}

/* Opens without waiting for the writer of a pipe. */
static int open_config(const char *path, struct err *err)
{
    if (!strcmp(path, "-"))
        return STDIN_FILENO;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd >= 0)
        return fd;
    int e = errno;
    enum err_id id = e == EACCES ? ERR_PERM : e == ENOENT ? ERR_NOENT : ERR_IO;
    err_errno(err, id, e, "cannot read the config file %s", path);
    if (e == EACCES)
        err_hint(err, "run it as root, or make the file readable");
    if (e == ENOENT)
        err_hint(err, "configs of guests usually are in /etc/xen");
    return -1;
}

static int check_kind(const char *path, const struct stat *st, struct err *err)
{
    if (S_ISDIR(st->st_mode)) {
        err_set(err, ERR_CONFIG, "%s is a directory, not a config file", path);
        return err_hint(err, "name the file in it, e.g. %s%sguest.cfg", path,
                        g_str_has_suffix(path, "/") ? "" : "/");
    }
    if (S_ISBLK(st->st_mode))
        return err_set(err, ERR_CONFIG,
                       "%s is a block device, not a config file", path);
    return 0;
}

static int too_large(const char *path, struct err *err)
{
    err_set(err, ERR_CONFIG,
            "%s is larger than %d MiB: that cannot be a config file", path,
            SIZE_MAX_MIB);
    return err_hint(err, "is it a disk image or a kernel?");
}

/* Waits for bytes of a pipe; a terminal may take as long as it likes. */
static int wait_readable(int fd, const char *path, struct err *err)
{
    struct pollfd p = { .fd = fd, .events = POLLIN };
    if (isatty(fd))
        return 0;
    if (poll(&p, 1, WAIT_SECONDS * 1000) == 0)
        return err_set(err, ERR_TIMEOUT,
                       "nothing came from %s within %d seconds", path,
                       WAIT_SECONDS);
    return 0;
}

int cfg_read_file(const char *path, GString **text_out, struct err *err)
{
    __attribute__((cleanup(close_fd))) int fd = open_config(path, err);
    struct stat st;
    if (fd < 0)
        return -1;
    if (fstat(fd, &st) < 0)
        return err_errno(err, ERR_IO, errno, "cannot read %s", path);
    if (check_kind(path, &st, err))
        return -1;
    const size_t limit = (size_t)SIZE_MAX_MIB << 20;
    if (S_ISREG(st.st_mode) && (size_t)st.st_size > limit)
        return too_large(path, err);
    g_autoptr(GString) text =
        g_string_sized_new(S_ISREG(st.st_mode) ? (size_t)st.st_size + 1 : 0);
    char chunk[CHUNK];
    for (;;) {
        if (!S_ISREG(st.st_mode) && wait_readable(fd, path, err))
            return -1;
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (n < 0)
            return err_errno(err, ERR_IO, errno, "cannot read %s", path);
        if (n == 0)
            break;
        g_string_append_len(text, chunk, n);
        if (text->len > limit)
            return too_large(path, err);
    }
    *text_out = g_steal_pointer(&text);
    return 0;
}
