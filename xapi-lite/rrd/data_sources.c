/* The data sources of an object: listed, asked, recorded, forgotten (beside way
 * B). */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <unistd.h>

#include "rrd/service.h"

enum { FRESH_MS = 4000 }; /* nobody waits longer for a sample */

/* Waits for a sample that begins now; with the lock. False: none came. */
static bool renew(struct rrds *s)
{
    gint64 end = g_get_monotonic_time() + FRESH_MS * 1000;
    /* the one under way may have looked before */
    uint64_t want = s->count + 2;
    bool in_time = true;
    while (s->count < want && in_time && !s->stop) {
        s->ask = true;
        g_cond_broadcast(&s->turn);
        in_time = g_cond_wait_until(&s->turn, &s->lock, end);
    }
    return in_time;
}

static struct rrd_object *object_find(struct rrds *s, enum rrd_owner owner,
                                      const char *uuid)
{
    struct rrd_object *o = g_hash_table_lookup(s->objects, uuid);
    return o && o->rrd.owner == owner && !o->unseen ? o : NULL;
}

/* It has been sampled twice, or a counter would have no rate. */
static bool is_settled(const struct rrd_object *o)
{
    for (guint i = 0; o && i < o->rrd.ds->len; i++)
        if (!isnan(rrd_ds_at(&o->rrd, i)->latest) &&
            rrd_ds_at(&o->rrd, i)->source->kind == RRD_DERIVE)
            return true;
    return o && o->rrd.owner == RRD_SR;
}

/* With the lock; NULL when the object is not measured. */
static struct rrd_object *object_fresh(struct rrds *s, enum rrd_owner owner,
                                       const char *uuid)
{
    struct rrd_object *o = object_find(s, owner, uuid);
    if (is_settled(o))
        return o;
    renew(s);
    return object_find(s, owner, uuid);
}

static struct value *describe(const struct rrd_ds *ds)
{
    struct value *v = value_object();
    g_autofree char *text = rrd_source_describe(ds->source, ds->name);
    value_set(v, "name_label", value_string(ds->name));
    value_set(v, "name_description", value_string(text));
    value_set(v, "enabled", value_bool(ds->archived));
    value_set(v, "standard", value_bool(ds->source->standard));
    value_set(v, "units", value_string(ds->source->units));
    value_set(v, "min", value_double(0));
    /* no encoding of XenAPI has a word for "unlimited" that all clients know */
    value_set(v, "max", value_double(MIN(ds->source->max, 1e15)));
    value_set(v, "value", value_double(ds->latest));
    return v;
}

struct value *rrds_sources(struct rrds *s, enum rrd_owner owner,
                           const char *uuid)
{
    struct value *list = NULL;
    g_mutex_lock(&s->lock);
    const struct rrd_object *o = object_fresh(s, owner, uuid);
    if (o)
        list = value_array();
    for (guint i = 0; o && i < o->rrd.ds->len; i++)
        value_push(list, describe(rrd_ds_at(&o->rrd, i)));
    g_mutex_unlock(&s->lock);
    return list;
}

int rrds_query(struct rrds *s, enum rrd_owner owner, const char *uuid,
               const char *name, double *value_out)
{
    g_mutex_lock(&s->lock);
    const struct rrd_object *o = object_fresh(s, owner, uuid);
    const struct rrd_ds *ds = o ? rrd_ds_find(&o->rrd, name) : NULL;
    *value_out = ds ? ds->latest : NAN;
    g_mutex_unlock(&s->lock);
    return ds ? 0 : -1;
}

int rrds_record(struct rrds *s, enum rrd_owner owner, const char *uuid,
                const char *name, bool on, struct err *err)
{
    int r = 0;
    g_mutex_lock(&s->lock);
    struct rrd_object *o = object_fresh(s, owner, uuid);
    struct rrd_ds *ds = o ? rrd_ds_find(&o->rrd, name) : NULL;
    if (!ds) {
        r = err_set(err, ERR_NOENT, "there is no data source %s", name);
    } else {
        rrd_record(&o->rrd, ds, on);
        r = rrd_file_make(o->path, &o->rrd, err);
        o->on_disk = r == 0;
    }
    g_mutex_unlock(&s->lock);
    return r;
}

int rrds_sync(struct rrds *s, struct err *err)
{
    int fd = open(s->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int bad = fd < 0 || syncfs(fd) < 0;
    if (bad)
        err_errno(err, ERR_IO, errno, "cannot write %s", s->dir);
    if (fd >= 0)
        close(fd);
    return bad ? -1 : 0;
}
