/* The documents that XenServer's clients read: xport of rrd_updates, and whole
 * archives in rrdtool's XML (version 0003) or the same as JSON. */
#ifndef RRD_TEXT_H
#define RRD_TEXT_H

#include "rrd/file.h"

/* Takes a piece of the text; not 0: no more is wanted. */
typedef int rrd_sink_fn(void *user, const char *text, size_t len);

struct rrd_out {
    rrd_sink_fn *sink;
    void *user;
    GString *buf;
    int bad;
};
void rrd_out_init(struct rrd_out *o, rrd_sink_fn *sink, void *user);
void rrd_out_printf(struct rrd_out *o, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Text between tags, or in a JSON string: escaped. */
void rrd_out_text(struct rrd_out *o, bool json, const char *text);
/* Sends what is left; 0, or what the sink has said. */
int rrd_out_end(struct rrd_out *o);
enum { RRD_NUMBER = 32 };
/* A number as XenServer writes it: %0.5g, 0.0, NaN, Infinity; returns out. */
const char *rrd_number(double x, char out[RRD_NUMBER]);

/* One object that is asked for. */
struct rrd_target {
    enum rrd_owner owner;
    const char *uuid; /* borrowed, as the path */
    const char *path;
};

struct rrd_query {
    int64_t start;    /* Unix seconds; negative: before `last` */
    int64_t interval; /* least seconds of a row */
    int cf;           /* enum rrd_cf, or -1: all */
    double last;      /* time of the last sample */
    bool json;
};
/* The scale that answers best: the finest that is coarse enough and reaches
 * back to the start, else the longest. */
unsigned rrd_query_scale(const struct rrd_query *q);
/* Writes the rows since the start, the newest first. `lock` (or NULL) is held
 * while files are read, never while the sink works. */
int rrd_updates(const struct rrd_query *q, const struct rrd_target *targets,
                guint n, GMutex *lock, rrd_sink_fn *sink, void *user);

/* Writes all that is archived; r is the state that belongs to the file. */
int rrd_dump(const struct rrd *r, struct rrd_file *f, bool json,
             rrd_sink_fn *sink, void *user);

#endif
