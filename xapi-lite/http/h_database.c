/* GET and PUT /pool/xmldbdump: the database as a file. The name of the path is
 * XenAPI's; the file is that of our store. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http/handler.h"
#include "store/store.h"

enum { BLOCK = 65536 };

/* A name for a new file in the daemon's folder. Caller frees. */
static char *scratch_file(struct http_request *r, const char *kind)
{
    g_autofree char *uuid = g_uuid_string_random();
    return g_strdup_printf("%s/%s-%s", r->x->config.state_dir, kind, uuid);
}

static void stream_file(struct http_request *r, const char *path)
{
    struct stat st;
    g_autofree char *buf = g_malloc(BLOCK);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n;
    if (fd < 0 || fstat(fd, &st) < 0) {
        http_refuse(r, 500, "the dump cannot be read: %s", strerror(errno));
    } else if (!http_head_send(r, 200, "application/octet-stream", st.st_size,
                               "")) {
        while ((n = read(fd, buf, BLOCK)) > 0 && !http_send(r, buf, (size_t)n))
            ;
    }
    if (fd >= 0)
        close(fd);
}

void handle_database_get(struct http_request *r)
{
    ERR_AUTO err = { 0 };
    g_autofree char *path = scratch_file(r, "dump");
    if (store_dump(r->x->store, path, &err))
        http_refuse(r, 500, "%s", err.message);
    else
        stream_file(r, path);
    unlink(path);
}

/* The body into a file, on disk when 0 is returned. */
static int save_body(struct http_request *r, const char *path, struct err *err)
{
    g_autofree char *buf = g_malloc(BLOCK);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_errno(err, ERR_IO, errno, "cannot make %s", path);
    ssize_t n;
    while ((n = http_body_read(r, buf, BLOCK, err)) > 0)
        if (write(fd, buf, (size_t)n) != n) {
            n = err_errno(err, ERR_IO, errno, "cannot write %s", path);
            break;
        }
    if (n == 0 && fsync(fd) < 0)
        n = err_errno(err, ERR_IO, errno, "cannot write %s", path);
    close(fd);
    return n < 0 ? -1 : 0;
}

/* The daemon opens what stands under this name when it starts, see main.c. */
static int put_in_place(struct http_request *r, const char *path,
                        struct err *err)
{
    g_autofree char *next =
        g_build_filename(r->x->config.state_dir, "restore.db", NULL);
    if (rename(path, next) < 0)
        return err_errno(err, ERR_IO, errno, "cannot make %s", next);
    return 0;
}

void handle_database_put(struct http_request *r)
{
    ERR_AUTO err = { 0 };
    const char *dry = http_query(&r->head, "dry_run");
    bool keep = g_strcmp0(dry, "true") != 0;
    g_autofree char *path = scratch_file(r, "upload");
    int bad = save_body(r, path, &err) || store_sqlite_check(path, &err) ||
              (keep && put_in_place(r, path, &err));
    unlink(path);
    if (bad) {
        http_refuse(r, 500, "%s", err.message);
        return;
    }
    http_reply(r, "text/plain", "", 0);
    if (keep) /* main starts anew with the new database */
        kill(getpid(), SIGHUP);
}
