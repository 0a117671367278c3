/* Between the files of gather*.c. */
#ifndef RRD_GATHER_PARTS_H
#define RRD_GATHER_PARTS_H

#include "rrd/gather.h"
#include "top/live.h"
#include "top/rate.h"

#define MIB 1048576.0

struct rrd_gather {
    struct xapi *x;
    struct live *live; /* NULL: no Xen */
    struct sample *before, *now, *spare;
    struct rates *rates;
    bool seen;                  /* `now` is a sample */
    bool fresh;                 /* `spare` is the next one */
    double time;                /* Unix seconds of the last look */
    GArray *batches, *readings; /* the caller's */
};

/* Begins the readings of an object. */
void rrd_put_begin(struct rrd_gather *g, enum rrd_owner owner,
                   const char *uuid);
/* Adds a reading to the last object begun; its name is `which` between the two
 * others. Devices of names too long are left out. */
void rrd_put(struct rrd_gather *g, const char *before, const char *which,
             const char *after, double value);
void rrd_put_number(struct rrd_gather *g, const char *before, uint64_t n,
                    const char *after, double value);

/* The record of a domain, or NULL. */
const struct record *rrd_gather_vm_of(const struct rrd_gather *g,
                                      const struct snapshot *s,
                                      const struct domain *d);
void rrd_gather_vm(struct rrd_gather *g, const struct snapshot *s,
                   const struct domain *d);
void rrd_gather_host(struct rrd_gather *g, const struct snapshot *s);
/* What guests do with each SR, as readings of the host. */
void rrd_gather_storage(struct rrd_gather *g, const struct snapshot *s);
void rrd_gather_srs(struct rrd_gather *g, const struct snapshot *s);

#endif
