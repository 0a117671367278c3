/* Between service.c, which samples, and those who show what it has. */
#ifndef RRD_SERVICE_H
#define RRD_SERVICE_H

#include "rrd/figures.h"
#include "rrd/file.h"
#include "rrd/gather.h"
#include "rrd/rrd.h"

struct rrd_object {
    struct rrd rrd;
    char uuid[37];
    char *path;
    bool on_disk; /* the file has the columns of rrd */
    unsigned unseen;
};

struct rrds {
    struct xapi *x;
    struct rrd_gather *gather;
    struct rrd_figures *figures;
    char *dir;
    GThread *thread;
    GMutex lock; /* guards all below */
    GCond turn;
    GHashTable *objects; /* uuid -> struct rrd_object */
    GArray *batches, *readings;
    struct rrd_rows rows;
    double time;     /* of the last sample */
    uint64_t count;  /* samples so far */
    bool ask, stop;  /* sample at once; end */
    bool complained; /* about the disk */
};

/* Its file. Caller frees. */
char *rrd_object_path(const struct rrds *s, const char *uuid);
/* As its file has it, or new. Free it with rrd_object_free. */
struct rrd_object *rrd_object_new(struct rrds *s, enum rrd_owner owner,
                                  const char *uuid);
void rrd_object_free(void *data);

#endif
