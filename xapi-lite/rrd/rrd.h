/* The figures of this host, its VMs and its SRs: sampled every 5 seconds, kept
 * for a year in state_dir/rrd, a file for each object. */
#ifndef RRD_RRD_H
#define RRD_RRD_H

#include "base/err.h"
#include "base/value.h"
#include "rrd/text.h"
#include "xapi.h"

struct rrds;

/* Starts the sampling thread; never fails: without a folder to write to nothing
 * is kept, and a warning says so. */
struct rrds *rrds_open(struct xapi *x);
void rrds_close(struct rrds *s); /* NULL is fine */

/* What is measured of an object, each an object of data_source's fields. An
 * object that has just come is sampled at once. NULL: not measured now. Caller
 * frees. */
struct value *rrds_sources(struct rrds *s, enum rrd_owner owner,
                           const char *uuid);
/* The latest value (NaN: not known): 0; -1: there is no such source. */
int rrds_query(struct rrds *s, enum rrd_owner owner, const char *uuid,
               const char *name, double *value_out);
/* Archives it from now on, or drops its archives and archives it no more. On
 * disk when it returns 0; ERR_NOENT: there is no such source. */
int rrds_record(struct rrds *s, enum rrd_owner owner, const char *uuid,
                const char *name, bool on, struct err *err);
/* All that was sampled is on disk when it returns. */
int rrds_sync(struct rrds *s, struct err *err);

/* What a client of rrd_updates asks for. */
struct rrd_ask {
    struct rrd_query query;
    bool host;
    char vm[40], sr[40]; /* a uuid, "all" or "none" */
};
/* From the parameters of a URL (an object of texts) and the Accept header (or
 * NULL). Pure. */
int rrd_ask_parse(const struct value *params, const char *accept,
                  struct rrd_ask *out, struct err *err);
/* Whether JSON is wanted, by the same rules. Pure. */
bool rrd_ask_json(const struct value *params, const char *accept);
/* 0, or -1 with ERR_NOENT before anything is written; else what the sink said.
 */
int rrds_updates(struct rrds *s, const struct rrd_ask *ask, rrd_sink_fn *sink,
                 void *user, struct err *err);
/* The whole archives of an object, also of a VM that does not run; NULL when
 * nothing was kept. Caller frees. */
GString *rrds_dump(struct rrds *s, enum rrd_owner owner, const char *uuid,
                   bool json);
/* The archives that rrds_dump has written as XML, here or on another host,
 * instead of those the object has; on disk when it returns 0. ERR_CONFIG: it is
 * no such text. */
int rrds_put(struct rrds *s, enum rrd_owner owner, const char *uuid,
             const char *xml, size_t len, struct err *err);
/* For Prometheus. Caller frees. */
GString *rrds_metrics(struct rrds *s);

#endif
