/* The archives of one object as a file of fixed places: written (beside way
 * B). */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "rrd/file_layout.h"

/* ---- rows in memory
 * ---------------------------------------------------------------- */

void rrd_rows_init(struct rrd_rows *w)
{
    w->rows = g_array_new(FALSE, FALSE, sizeof(struct rrd_row));
    w->values = g_array_new(FALSE, FALSE, sizeof(double));
}

void rrd_rows_dispose(struct rrd_rows *w)
{
    g_clear_pointer(&w->rows, g_array_unref);
    g_clear_pointer(&w->values, g_array_unref);
}

void rrd_rows_clear(struct rrd_rows *w)
{
    g_array_set_size(w->rows, 0);
    g_array_set_size(w->values, 0);
}

void rrd_rows_take(void *user, unsigned scale, int64_t time,
                   const double *values, guint n)
{
    struct rrd_rows *w = user;
    struct rrd_row row = { scale, time, w->values->len, n };
    g_array_append_val(w->rows, row);
    g_array_append_vals(w->values, values, n);
}

static int write_all(int fd, const void *data, size_t len, off_t at)
{
    ssize_t n = pwrite(fd, data, len, at);
    if (n >= 0 && n < (ssize_t)len)
        errno = ENOSPC;
    return n == (ssize_t)len ? 0 : -1;
}

static int write_row(int fd, const struct rrd_layout *l, unsigned scale,
                     int64_t time, const double *values, guint n)
{
    size_t len = rrd_row_size(l, scale);
    g_autofree char *row = g_malloc(len);
    if (len != (1 + (size_t)n) * 8)
        return 0; /* of columns that are no more */
    memcpy(row, &time, 8);
    memcpy(row + 8, values, (size_t)n * 8);
    return write_all(fd, row, len, rrd_row_place(l, scale, time));
}

static int write_state(int fd, const struct rrd_layout *l, const struct rrd *r)
{
    size_t len;
    g_autofree double *state = rrd_state_pack(r, l->columns, &len);
    return write_all(fd, state, len, l->state);
}

static int write_head(int fd, const struct rrd *r, const struct rrd_layout *l)
{
    struct rrd_head h = { .columns = l->columns,
                          .unwanted = l->unwanted,
                          .owner = r->owner };
    g_autofree char *names =
        g_malloc0((size_t)(l->columns + l->unwanted) * RRD_NAME + 1);
    char *p = names;
    memcpy(h.magic, RRD_MAGIC, sizeof RRD_MAGIC - 1);
    for (guint i = 0; i < r->ds->len; i++)
        if (rrd_ds_at(r, i)->archived) {
            g_strlcpy(p, rrd_ds_at(r, i)->name, RRD_NAME);
            p += RRD_NAME;
        }
    GHashTableIter it;
    void *name;
    g_hash_table_iter_init(&it, r->unwanted);
    while (g_hash_table_iter_next(&it, &name, NULL)) {
        g_strlcpy(p, name, RRD_NAME);
        p += RRD_NAME;
    }
    if (write_all(fd, &h, sizeof h, 0) < 0 || ftruncate(fd, l->end) < 0)
        return -1;
    return write_all(fd, names, (size_t)(p - names), sizeof h);
}

/* For each column its place in the old file, or -1. Caller frees. */
static int *places(const struct rrd *r, const struct rrd_file *old)
{
    int *from = g_new(int, r->ds->len + 1);
    guint n = 0;
    for (guint i = 0; i < r->ds->len; i++) {
        if (!rrd_ds_at(r, i)->archived)
            continue;
        from[n] = -1;
        for (guint k = 0; k < old->l.columns; k++)
            if (!strcmp(rrd_file_name(old, k), rrd_ds_at(r, i)->name))
                from[n] = (int)k;
        n++;
    }
    return from;
}

static int copy_scale(int fd, const struct rrd_layout *l, struct rrd_file *old,
                      const int *from, unsigned scale)
{
    size_t size = rrd_row_size(&old->l, scale);
    unsigned functions = rrd_scales[scale].functions;
    guint n = l->columns * functions;
    g_autofree double *values = g_new(double, n + 1);
    for (unsigned i = 0; i < rrd_scales[scale].rows; i++) {
        int64_t time;
        if (!rrd_file_read(old->fd, old->row, size,
                           old->l.scales[scale] + (off_t)i * (off_t)size))
            return 0;
        memcpy(&time, old->row, 8);
        if (time <= 0)
            continue;
        for (guint k = 0; k < n; k++) {
            int c = from[k % l->columns];
            size_t at = 1 + (size_t)(k / l->columns) * old->l.columns;
            values[k] = c < 0 ? NAN : old->row[at + (size_t)c];
        }
        if (write_row(fd, l, scale, time, values, n) < 0)
            return -1;
    }
    return 0;
}

static int copy_rows(int fd, const struct rrd *r, const struct rrd_layout *l,
                     const char *path)
{
    struct rrd_file *old = rrd_file_open(path);
    int bad = 0;
    if (old && l->columns) {
        g_autofree int *from = places(r, old);
        for (unsigned i = 0; i < RRD_SCALES && !bad; i++)
            bad = copy_scale(fd, l, old, from, i);
    }
    rrd_file_close(old);
    return bad;
}

int rrd_file_make(const char *path, const struct rrd *r, struct err *err)
{
    g_autofree char *scratch = g_strconcat(path, ".new", NULL);
    struct rrd_layout l =
        rrd_layout_of(rrd_columns(r), g_hash_table_size(r->unwanted));
    int fd = open(scratch, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_errno(err, ERR_IO, errno, "cannot make %s", scratch);
    int bad = write_head(fd, r, &l) || copy_rows(fd, r, &l, path) ||
              write_state(fd, &l, r) || fdatasync(fd);
    int why = errno;
    close(fd);
    if (!bad && rename(scratch, path) == 0)
        return 0;
    why = bad ? why : errno;
    unlink(scratch);
    return err_errno(err, ERR_IO, why, "cannot write %s", path);
}

int rrd_file_put(const char *path, const struct rrd *r,
                 const struct rrd_rows *rows, struct err *err)
{
    struct rrd_layout l =
        rrd_layout_of(rrd_columns(r), g_hash_table_size(r->unwanted));
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    int bad = fd < 0;
    for (guint i = 0; i < rows->rows->len && !bad; i++) {
        const struct rrd_row *w = &g_array_index(rows->rows, struct rrd_row, i);
        bad =
            write_row(fd, &l, w->scale, w->time,
                      &g_array_index(rows->values, double, w->first), w->count);
    }
    bad = bad || write_state(fd, &l, r);
    int why = errno;
    if (fd >= 0)
        close(fd);
    return bad ? err_errno(err, ERR_IO, why, "cannot write %s", path) : 0;
}
