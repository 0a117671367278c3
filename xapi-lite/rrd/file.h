/* The archives of one object as a file. Every row carries its time, so that a
 * place in the ring that is old, or was never written, is known as such; the
 * state has a checksum. Hence a kill at any point, and a write that a power cut
 * has kept from the disk, cost the rows concerned and nothing else. */
#ifndef RRD_FILE_H
#define RRD_FILE_H

#include "base/err.h"
#include "rrd/ring.h"

/* Rows that are to be written. */
struct rrd_rows {
    GArray *rows;   /* struct rrd_row */
    GArray *values; /* double */
};
struct rrd_row {
    unsigned scale;
    int64_t time;
    guint first, count; /* in values */
};
void rrd_rows_init(struct rrd_rows *w);
void rrd_rows_dispose(struct rrd_rows *w);
void rrd_rows_clear(struct rrd_rows *w);
/* As rrd_row_fn; user is the struct rrd_rows. */
void rrd_rows_take(void *user, unsigned scale, int64_t time,
                   const double *values, guint n);

/* Fills r, which has been initialised with its owner: 1; there is no file: 0;
 * -1 with err when it is none of ours. */
int rrd_file_load(const char *path, struct rrd *r, struct err *err);
/* Writes the file anew for the columns that r has now; what an old file has of
 * them is kept. The old one stands until the new one is on disk. */
int rrd_file_make(const char *path, const struct rrd *r, struct err *err);
/* The rows, then the state. */
int rrd_file_put(const char *path, const struct rrd *r,
                 const struct rrd_rows *rows, struct err *err);

struct rrd_file;
/* For reading; NULL when there is none. */
struct rrd_file *rrd_file_open(const char *path);
void rrd_file_close(struct rrd_file *f); /* NULL is fine */
guint rrd_file_columns(const struct rrd_file *f);
const char *rrd_file_name(const struct rrd_file *f, guint column);
/* The row of a scale that ends at `time`, all functions; NaN where nothing is
 * kept. out has columns * functions places. */
void rrd_file_row(struct rrd_file *f, unsigned scale, int64_t time,
                  double *out);

#endif
