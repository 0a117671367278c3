/* What is measured of this host, its guests and its SRs at one moment: the
 * sample that xentop takes, and what only this service knows. */
#ifndef RRD_GATHER_H
#define RRD_GATHER_H

#include "rrd/ring.h"
#include "store/store.h"
#include "xapi.h"

/* The readings of one object: a stretch of `readings`. */
struct rrd_batch {
    enum rrd_owner owner;
    char uuid[37];
    guint first, count;
};

struct rrd_gather;

struct rrd_gather *rrd_gather_open(struct xapi *x);
void rrd_gather_close(struct rrd_gather *g); /* NULL is fine */
/* Looks at the host; takes some milliseconds, 3 s at worst. Without Xen there
 * is less to see. */
void rrd_gather_look(struct rrd_gather *g);
/* Names what was seen: fills batches (struct rrd_batch) and readings (struct
 * rrd_reading), which are emptied first. Returns its time, Unix seconds. */
double rrd_gather_read(struct rrd_gather *g, GArray *batches, GArray *readings);
/* Appends what was seen in the words of Prometheus. */
void rrd_gather_metrics(struct rrd_gather *g, GString *out);

#endif
