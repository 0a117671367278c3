/* The round-robin archives of one object: how samples become rows. Pure.
 * A sample's rate holds for the time since the sample before it. A step of 5 s
 * is known when half of it is, a row when half of its steps are (rrdtool's
 * xfiles factor 0.5); what is longer apart than the heartbeat is unknown. */
#ifndef RRD_RING_H
#define RRD_RING_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    RRD_STEP = 5,        /* seconds */
    RRD_HEARTBEAT = 300, /* seconds; as XenServer's */
    RRD_NAME = 48,       /* bytes of a name with its 0 */
    RRD_SCALES = 4,
    RRD_FUNCTIONS = 3,
};
#define RRD_XFF 0.5

enum rrd_owner { RRD_VM, RRD_HOST, RRD_SR };
enum rrd_kind { RRD_GAUGE, RRD_DERIVE };
enum rrd_cf { RRD_AVERAGE, RRD_MIN, RRD_MAX };

/* A row of sources.def. */
struct rrd_source {
    enum rrd_owner owner;
    const char *name; /* with % */
    enum rrd_kind kind;
    double max; /* infinite where there is none */
    bool standard;
    const char *units, *description; /* description with % */
};
/* The row that a name such as vif_0_rx belongs to, or NULL. */
const struct rrd_source *rrd_source_find(enum rrd_owner owner,
                                         const char *name);
/* Its description with the device's name in it. Caller frees. */
char *rrd_source_describe(const struct rrd_source *s, const char *name);

/* A row of archives.def. */
struct rrd_scale {
    unsigned rows, steps, functions;
};
extern const struct rrd_scale rrd_scales[RRD_SCALES];
extern const char *const rrd_cf_names[RRD_FUNCTIONS];
/* Seconds that a row of it stands for. */
static inline int64_t rrd_scale_seconds(unsigned scale)
{
    return (int64_t)rrd_scales[scale].steps * RRD_STEP;
}

/* What has been gathered for the next row; of `known` steps. */
struct rrd_prepared {
    double sum, min, max, known;
};

struct rrd_ds {
    char name[RRD_NAME];
    const struct rrd_source *source;
    bool archived;
    double last;   /* of a counter; NaN: not known */
    double sum;    /* of the step under way: value times seconds */
    double known;  /* seconds of it that are known */
    double latest; /* what the last sample said, or NaN */
    double value;  /* of the last whole step, or NaN */
    struct rrd_prepared prepared[RRD_SCALES]; /* [0] is not used */
};

struct rrd {
    enum rrd_owner owner;
    double updated;       /* Unix seconds of the last sample; 0: none */
    GArray *ds;           /* struct rrd_ds; the archived ones in their order are
                             the columns of a row */
    GHashTable *unwanted; /* names that were forgotten (a set) */
};

struct rrd_reading {
    char name[RRD_NAME];
    double value;
};

void rrd_init(struct rrd *r, enum rrd_owner owner);
void rrd_dispose(struct rrd *r); /* {0} is fine */
struct rrd_ds *rrd_ds_at(const struct rrd *r, guint i);
struct rrd_ds *rrd_ds_find(const struct rrd *r, const char *name);
/* Number of columns. */
guint rrd_columns(const struct rrd *r);
/* Adds a source that is not there yet; NULL when no row of sources.def has the
 * name. */
struct rrd_ds *rrd_ds_add(struct rrd *r, const char *name, bool archived);

/* A row is full. values: one for each column, function after function; `time`
 * is its end. */
typedef void rrd_row_fn(void *user, unsigned scale, int64_t time,
                        const double *values, guint n);

/* Adds sources for readings that have none yet. True when a column came. */
bool rrd_meet(struct rrd *r, const struct rrd_reading *v, guint n);
/* Takes a sample: rows that end until `now` are told, in the order of time. A
 * source without a reading is unknown. When the clock went back, what was under
 * way is forgotten. */
void rrd_feed(struct rrd *r, double now, const struct rrd_reading *v, guint n,
              rrd_row_fn *fn, void *user);
/* Changes whether it is archived. True when that is a change. */
bool rrd_record(struct rrd *r, struct rrd_ds *ds, bool archived);

#endif
