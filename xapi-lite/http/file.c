/* Files as bodies of answers and requests. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http/handler.h"

enum { BLOCK = 1 << 20 };

void http_file_send(struct http_request *r, const char *path, const char *type)
{
    struct stat st;
    g_autofree char *buf = g_malloc(BLOCK);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n;
    if (fd < 0 || fstat(fd, &st) < 0)
        http_refuse(r, 500, "the file cannot be read: %s", strerror(errno));
    else if (!http_head_send(r, 200, type, st.st_size, ""))
        while ((n = read(fd, buf, BLOCK)) > 0 && !http_send(r, buf, (size_t)n))
            ;
    if (fd >= 0)
        close(fd);
}

int http_file_save(struct http_request *r, const char *path, bool durable,
                   int64_t *size_out, struct err *err)
{
    g_autofree char *buf = g_malloc(BLOCK);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int64_t size = 0;
    ssize_t n;
    if (fd < 0)
        return err_errno(err, ERR_IO, errno, "cannot make %s", path);
    while ((n = http_body_read(r, buf, BLOCK, err)) > 0) {
        if (write(fd, buf, (size_t)n) != n) {
            n = err_errno(err, ERR_IO, errno, "cannot write %s", path);
            break;
        }
        size += n;
    }
    if (n == 0 && durable && fsync(fd) < 0)
        n = err_errno(err, ERR_IO, errno, "cannot write %s", path);
    close(fd);
    if (size_out)
        *size_out = size;
    return n < 0 ? -1 : 0;
}
