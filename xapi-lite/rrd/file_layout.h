/* Between the files of file*.c: the file of one object's archives. */
#ifndef RRD_FILE_LAYOUT_H
#define RRD_FILE_LAYOUT_H

#include <sys/types.h>

#include "rrd/file.h"

#define RRD_MAGIC "XRRD0001"
enum { RRD_COLUMNS_MAX = 8192, RRD_SAVED = 4 + 4 * (RRD_SCALES - 1) };

struct rrd_head {
    char magic[8];
    uint32_t columns, unwanted, owner, unused;
    /* then the names: columns, unwanted */
};

/* Where things are in a file; all counts are multiples of 8 bytes. */
struct rrd_layout {
    guint columns, unwanted;
    off_t state, scales[RRD_SCALES], end;
};

struct rrd_layout rrd_layout_of(guint columns, guint unwanted);
/* Bytes of a row, and the place of the row that ends at `time`. */
size_t rrd_row_size(const struct rrd_layout *l, unsigned scale);
off_t rrd_row_place(const struct rrd_layout *l, unsigned scale, int64_t time);

/* What is under way of r, with a checksum. Caller frees. */
double *rrd_state_pack(const struct rrd *r, guint columns, size_t *len_out);
/* A state that is not whole leaves r as it is: nothing known. */
void rrd_state_unpack(struct rrd *r, const double *p, guint columns);

struct rrd_file {
    int fd;
    struct rrd_layout l;
    char *names; /* RRD_NAME bytes each */
    double *row; /* room for the longest row */
};

bool rrd_file_read(int fd, void *to, size_t len, off_t at);

#endif
