/* Where things stand in a file of archives, and its state as bytes. Pure
 * (beside way B). */
#include "rrd/file_layout.h"

#include <math.h>
#include <string.h>

struct rrd_layout rrd_layout_of(guint columns, guint unwanted)
{
    struct rrd_layout l = { .columns = columns, .unwanted = unwanted };
    off_t at = (off_t)sizeof(struct rrd_head) +
               (off_t)(columns + unwanted) * (off_t)RRD_NAME;
    l.state = at;
    at += (off_t)(2 + (size_t)columns * RRD_SAVED) *
          8; /* time, values, checksum */
    for (unsigned i = 0; i < RRD_SCALES; i++) {
        l.scales[i] = at;
        at += (off_t)rrd_scales[i].rows *
              (off_t)(1 + columns * rrd_scales[i].functions) * 8;
    }
    l.end = at;
    return l;
}

/* Bytes of a row, and the place of the row that ends at `time`. */
size_t rrd_row_size(const struct rrd_layout *l, unsigned scale)
{
    return (1 + (size_t)l->columns * rrd_scales[scale].functions) * 8;
}

off_t rrd_row_place(const struct rrd_layout *l, unsigned scale, int64_t time)
{
    int64_t at = time / rrd_scale_seconds(scale) % rrd_scales[scale].rows;
    return l->scales[scale] + (off_t)at * (off_t)rrd_row_size(l, scale);
}

/* FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint64_t rrd_checksum(const void *data, size_t len)
{
    const unsigned char *p = data;
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < len; i++)
        h = (h ^ p[i]) * 0x100000001b3u;
    return h;
}

/* ---- the state
 * ---------------------------------------------------------------------- */

/* Caller frees. */
double *rrd_state_pack(const struct rrd *r, guint columns, size_t *len_out)
{
    double *out = g_new0(double, 2 + (size_t)columns * RRD_SAVED), *p = out;
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
    uint64_t sum = rrd_checksum(out, (size_t)(p - out) * 8);
    memcpy(p++, &sum, 8);
    *len_out = (size_t)(p - out) * 8;
    return out;
}

/* A state that is not whole leaves r as it is: nothing known. */
void rrd_state_unpack(struct rrd *r, const double *p, guint columns)
{
    size_t n = 1 + (size_t)columns * RRD_SAVED;
    uint64_t sum;
    memcpy(&sum, p + n, 8);
    if (sum != rrd_checksum(p, n * 8) || !isfinite(*p))
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
