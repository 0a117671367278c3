/* The archives of one object as a file of fixed places (beside way B). */
#include "rrd/file.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char magic[8] = "XRRD0001";
enum { COLUMNS_MAX = 8192, SAVED = 4 + 4 * (RRD_SCALES - 1) };

struct head {
    char magic[8];
    uint32_t columns, unwanted, owner, unused;
    /* then the names: columns, unwanted */
};

/* Where things are in a file; all counts are multiples of 8 bytes. */
struct layout {
    guint columns, unwanted;
    off_t state, scales[RRD_SCALES], end;
};

static struct layout layout_of(guint columns, guint unwanted)
{
    struct layout l = { .columns = columns, .unwanted = unwanted };
    off_t at = (off_t)sizeof(struct head) +
               (off_t)(columns + unwanted) * (off_t)RRD_NAME;
    l.state = at;
    at += (off_t)(2 + (size_t)columns * SAVED) * 8; /* time, values, checksum */
    for (unsigned i = 0; i < RRD_SCALES; i++) {
        l.scales[i] = at;
        at += (off_t)rrd_scales[i].rows *
              (off_t)(1 + columns * rrd_scales[i].functions) * 8;
    }
    l.end = at;
    return l;
}

/* Bytes of a row, and the place of the row that ends at `time`. */
static size_t row_size(const struct layout *l, unsigned scale)
{
    return (1 + (size_t)l->columns * rrd_scales[scale].functions) * 8;
}

static off_t row_place(const struct layout *l, unsigned scale, int64_t time)
{
    int64_t at = time / rrd_scale_seconds(scale) % rrd_scales[scale].rows;
    return l->scales[scale] + (off_t)at * (off_t)row_size(l, scale);
}

/* FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint64_t checksum(const void *data, size_t len)
{
    const unsigned char *p = data;
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < len; i++)
        h = (h ^ p[i]) * 0x100000001b3u;
    return h;
}

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

/* ---- the state
 * ---------------------------------------------------------------------- */

/* Caller frees. */
static double *pack(const struct rrd *r, guint columns, size_t *len_out)
{
    double *out = g_new0(double, 2 + (size_t)columns * SAVED), *p = out;
    *p++ = r->updated;
    for (guint i = 0; i < r->ds->len; i++) {
        const struct rrd_ds *ds = rrd_ds_at(r, i);
        if (!ds->archived)
            continue;
        *p++ = ds->last;
        *p++ = ds->sum;
        *p++ = ds->known;
        *p++ = ds->value;
        for (unsigned k = 1; k < RRD_SCALES; k++) {
            memcpy(p, &ds->prepared[k], sizeof ds->prepared[k]);
            p += 4;
        }
    }
    uint64_t sum = checksum(out, (size_t)(p - out) * 8);
    memcpy(p++, &sum, 8);
    *len_out = (size_t)(p - out) * 8;
    return out;
}

/* A state that is not whole leaves r as it is: nothing known. */
static void unpack(struct rrd *r, const double *p, guint columns)
{
    size_t n = 1 + (size_t)columns * SAVED;
    uint64_t sum;
    memcpy(&sum, p + n, 8);
    if (sum != checksum(p, n * 8) || !isfinite(*p))
        return;
    r->updated = *p++;
    for (guint i = 0; i < columns; i++) {
        struct rrd_ds *ds = rrd_ds_at(r, i);
        ds->last = *p++;
        ds->sum = *p++;
        ds->known = *p++;
        ds->value = *p++;
        for (unsigned k = 1; k < RRD_SCALES; k++, p += 4)
            memcpy(&ds->prepared[k], p, sizeof ds->prepared[k]);
    }
}

/* ---- reading
 * ------------------------------------------------------------------------ */

struct rrd_file {
    int fd;
    struct layout l;
    char *names; /* RRD_NAME bytes each */
    double *row; /* room for the longest row */
};

static bool read_all(int fd, void *to, size_t len, off_t at)
{
    return pread(fd, to, len, at) == (ssize_t)len;
}

static bool read_head(struct rrd_file *f, struct head *h)
{
    struct stat st;
    if (!read_all(f->fd, h, sizeof *h, 0) ||
        memcmp(h->magic, magic, sizeof magic) || h->columns > COLUMNS_MAX ||
        h->unwanted > COLUMNS_MAX || fstat(f->fd, &st) < 0)
        return false;
    f->l = layout_of(h->columns, h->unwanted);
    size_t len = (size_t)(h->columns + h->unwanted) * RRD_NAME;
    f->names = g_malloc0(len + 1);
    if (st.st_size < f->l.end || !read_all(f->fd, f->names, len, sizeof *h))
        return false;
    for (size_t i = RRD_NAME; i <= len; i += RRD_NAME)
        f->names[i - 1] = 0;
    return true;
}

/* -1 with errno, or 0 when it is none of ours. */
static int open_read(const char *path, struct rrd_file **out, struct head *h)
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
    struct head h;
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
    size_t len = row_size(&f->l, scale);
    size_t n = (size_t)f->l.columns * rrd_scales[scale].functions;
    int64_t stamp = 0;
    if (time > 0 && read_all(f->fd, f->row, len, row_place(&f->l, scale, time)))
        memcpy(&stamp, f->row, 8);
    for (size_t i = 0; i < n; i++)
        out[i] = stamp == time && time > 0 ? f->row[1 + i] : NAN;
}

int rrd_file_load(const char *path, struct rrd *r, struct err *err)
{
    struct rrd_file *f = NULL;
    struct head h;
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
    size_t len = (2 + (size_t)f->l.columns * SAVED) * 8;
    g_autofree double *state = g_malloc(len);
    if (known == f->l.columns && read_all(f->fd, state, len, f->l.state))
        unpack(r, state, known);
    bool whole = known == f->l.columns;
    rrd_file_close(f);
    /* a source that is no more: its column goes */
    return whole || rrd_file_make(path, r, err) == 0 ? 1 : -1;
}

/* ---- writing
 * ------------------------------------------------------------------------ */

static int write_all(int fd, const void *data, size_t len, off_t at)
{
    ssize_t n = pwrite(fd, data, len, at);
    if (n >= 0 && n < (ssize_t)len)
        errno = ENOSPC;
    return n == (ssize_t)len ? 0 : -1;
}

static int write_row(int fd, const struct layout *l, unsigned scale,
                     int64_t time, const double *values, guint n)
{
    size_t len = row_size(l, scale);
    g_autofree char *row = g_malloc(len);
    if (len != (1 + (size_t)n) * 8)
        return 0; /* of columns that are no more */
    memcpy(row, &time, 8);
    memcpy(row + 8, values, (size_t)n * 8);
    return write_all(fd, row, len, row_place(l, scale, time));
}

static int write_state(int fd, const struct layout *l, const struct rrd *r)
{
    size_t len;
    g_autofree double *state = pack(r, l->columns, &len);
    return write_all(fd, state, len, l->state);
}

static int write_head(int fd, const struct rrd *r, const struct layout *l)
{
    struct head h = { .columns = l->columns,
                      .unwanted = l->unwanted,
                      .owner = r->owner };
    g_autofree char *names =
        g_malloc0((size_t)(l->columns + l->unwanted) * RRD_NAME + 1);
    char *p = names;
    memcpy(h.magic, magic, sizeof magic);
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

static int copy_scale(int fd, const struct layout *l, struct rrd_file *old,
                      const int *from, unsigned scale)
{
    size_t size = row_size(&old->l, scale);
    unsigned functions = rrd_scales[scale].functions;
    guint n = l->columns * functions;
    g_autofree double *values = g_new(double, n + 1);
    for (unsigned i = 0; i < rrd_scales[scale].rows; i++) {
        int64_t time;
        if (!read_all(old->fd, old->row, size,
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

static int copy_rows(int fd, const struct rrd *r, const struct layout *l,
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
    struct layout l = layout_of(rrd_columns(r), g_hash_table_size(r->unwanted));
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
    struct layout l = layout_of(rrd_columns(r), g_hash_table_size(r->unwanted));
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
