/* The archives of one object as a file of fixed places: read (beside way B). */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rrd/file_layout.h"

bool rrd_file_read(int fd, void *to, size_t len, off_t at)
{
    return pread(fd, to, len, at) == (ssize_t)len;
}

static bool read_head(struct rrd_file *f, struct rrd_head *h)
{
    struct stat st;
    if (!rrd_file_read(f->fd, h, sizeof *h, 0) ||
        memcmp(h->magic, RRD_MAGIC, sizeof RRD_MAGIC - 1) ||
        h->columns > RRD_COLUMNS_MAX || h->unwanted > RRD_COLUMNS_MAX ||
        fstat(f->fd, &st) < 0)
        return false;
    f->l = rrd_layout_of(h->columns, h->unwanted);
    size_t len = (size_t)(h->columns + h->unwanted) * RRD_NAME;
    f->names = g_malloc0(len + 1);
    if (st.st_size < f->l.end ||
        !rrd_file_read(f->fd, f->names, len, sizeof *h))
        return false;
    for (size_t i = RRD_NAME; i <= len; i += RRD_NAME)
        f->names[i - 1] = 0;
    return true;
}

/* -1 with errno, or 0 when it is none of ours. */
static int open_read(const char *path, struct rrd_file **out,
                     struct rrd_head *h)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    struct rrd_file *f = g_new0(struct rrd_file, 1);
    f->fd = fd;
    if (!read_head(f, h)) {
        rrd_file_close(f);
        return 0;
    }
    f->row = g_malloc((1 + (size_t)f->l.columns * RRD_FUNCTIONS) * 8);
    *out = f;
    return 1;
}

struct rrd_file *rrd_file_open(const char *path)
{
    struct rrd_file *f = NULL;
    struct rrd_head h;
    return open_read(path, &f, &h) > 0 ? f : NULL;
}

void rrd_file_close(struct rrd_file *f)
{
    if (!f)
        return;
    close(f->fd);
    g_free(f->names);
    g_free(f->row);
    g_free(f);
}

guint rrd_file_columns(const struct rrd_file *f)
{
    return f->l.columns;
}

const char *rrd_file_name(const struct rrd_file *f, guint column)
{
    return f->names + (size_t)column * RRD_NAME;
}

void rrd_file_row(struct rrd_file *f, unsigned scale, int64_t time, double *out)
{
    size_t len = rrd_row_size(&f->l, scale);
    size_t n = (size_t)f->l.columns * rrd_scales[scale].functions;
    int64_t stamp = 0;
    if (time > 0 &&
        rrd_file_read(f->fd, f->row, len, rrd_row_place(&f->l, scale, time)))
        memcpy(&stamp, f->row, 8);
    for (size_t i = 0; i < n; i++)
        out[i] = stamp == time && time > 0 ? f->row[1 + i] : NAN;
}

int rrd_file_load(const char *path, struct rrd *r, struct err *err)
{
    struct rrd_file *f = NULL;
    struct rrd_head h;
    int got = open_read(path, &f, &h);
    if (got < 0)
        return errno == ENOENT
                   ? 0
                   : err_errno(err, ERR_IO, errno, "cannot open %s", path);
    if (!got || h.owner != r->owner) {
        rrd_file_close(f);
        return err_set(err, ERR_IO, "%s holds no archives of ours", path);
    }
    guint known = 0;
    for (guint i = 0; i < f->l.columns; i++)
        known += rrd_ds_add(r, rrd_file_name(f, i), true) != NULL;
    for (guint i = 0; i < f->l.unwanted; i++)
        g_hash_table_add(r->unwanted,
                         g_strdup(rrd_file_name(f, f->l.columns + i)));
    size_t len = (2 + (size_t)f->l.columns * RRD_SAVED) * 8;
    g_autofree double *state = g_malloc(len);
    if (known == f->l.columns && rrd_file_read(f->fd, state, len, f->l.state))
        rrd_state_unpack(r, state, known);
    bool whole = known == f->l.columns;
    rrd_file_close(f);
    /* a source that is no more: its column goes */
    return whole || rrd_file_make(path, r, err) == 0 ? 1 : -1;
}
