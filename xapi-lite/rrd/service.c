/* The sampling thread and what the others ask of it (beside way B). */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rrd/gather.h"
#include "rrd/rrd.h"

enum {
    UNSEEN_MAX = 12, /* samples without an object, until it leaves memory */
    APART_MS = 250,  /* samples are not closer together */
    FRESH_MS = 4000, /* nobody waits longer for one */
    SWEEP_S = 3600,  /* files of objects that are no more */
    OLD_S = 86400,   /* go when they are this old */
};

struct object {
    struct rrd rrd;
    char uuid[37];
    char *path;
    bool on_disk; /* the file has the columns of rrd */
    unsigned unseen;
};

struct rrds {
    struct xapi *x;
    struct rrd_gather *gather;
    char *dir;
    GThread *thread;
    GMutex lock; /* guards all below */
    GCond turn;
    GHashTable *objects; /* uuid -> struct object */
    GArray *batches, *readings;
    struct rrd_rows rows;
    double time;     /* of the last sample */
    uint64_t count;  /* samples so far */
    bool ask, stop;  /* sample at once; end */
    bool complained; /* about the disk */
};

static void object_free(void *data)
{
    struct object *o = data;
    rrd_dispose(&o->rrd);
    g_free(o->path);
    g_free(o);
}

static char *path_of(const struct rrds *s, const char *uuid)
{
    return g_strdup_printf("%s/%s.rrd", s->dir, uuid);
}

/* Once, until it works again. */
static void complain(struct rrds *s, struct err *err)
{
    if (!s->complained)
        g_warning("figures are not kept: %s", err->message);
    s->complained = true;
    err_dispose(err);
}

/* ---- one sample
 * ------------------------------------------------------------------ */

/* As its file has it, or new. */
static struct object *object_new(struct rrds *s, enum rrd_owner owner,
                                 const char *uuid)
{
    ERR_AUTO err = { 0 };
    struct object *o = g_new0(struct object, 1);
    g_strlcpy(o->uuid, uuid, sizeof o->uuid);
    o->path = path_of(s, uuid);
    rrd_init(&o->rrd, owner);
    int got = rrd_file_load(o->path, &o->rrd, &err);
    if (got < 0) {
        g_warning("%s; it is begun anew", err.message);
        rrd_dispose(&o->rrd);
        rrd_init(&o->rrd, owner);
    }
    o->on_disk = got > 0;
    return o;
}

static struct object *object_get(struct rrds *s, enum rrd_owner owner,
                                 const char *uuid)
{
    struct object *o = g_hash_table_lookup(s->objects, uuid);
    if (!o) {
        o = object_new(s, owner, uuid);
        g_hash_table_insert(s->objects, o->uuid, o);
    }
    return o;
}

static int write_object(struct rrds *s, struct object *o, struct err *err)
{
    if (!o->on_disk && rrd_file_make(o->path, &o->rrd, err) < 0)
        return -1;
    o->on_disk = true;
    if (rrd_file_put(o->path, &o->rrd, &s->rows, err) == 0)
        return 0;
    o->on_disk = access(o->path, F_OK) == 0;
    return -1;
}

static bool feed(struct rrds *s, const struct rrd_batch *b)
{
    ERR_AUTO err = { 0 };
    struct object *o = object_get(s, b->owner, b->uuid);
    const struct rrd_reading *v =
        &g_array_index(s->readings, struct rrd_reading, b->first);
    o->unseen = 0;
    if (rrd_meet(&o->rrd, v, b->count))
        o->on_disk = false;
    rrd_rows_clear(&s->rows);
    rrd_feed(&o->rrd, s->time, v, b->count, rrd_rows_take, &s->rows);
    if (write_object(s, o, &err) == 0)
        return true;
    complain(s, &err);
    return false;
}

static gboolean is_gone(gpointer key, gpointer value, gpointer user)
{
    struct object *o = value;
    (void)key, (void)user;
    return ++o->unseen > UNSEEN_MAX;
}

static void sample(struct rrds *s)
{
    bool good = true;
    rrd_gather_look(s->gather);
    g_mutex_lock(&s->lock);
    s->time = rrd_gather_read(s->gather, s->batches, s->readings);
    g_hash_table_foreach_remove(s->objects, is_gone, NULL);
    for (guint i = 0; i < s->batches->len; i++)
        good &= feed(s, &g_array_index(s->batches, struct rrd_batch, i));
    s->complained = s->complained && !good;
    s->count++;
    g_cond_broadcast(&s->turn);
    g_mutex_unlock(&s->lock);
}

/* ---- files of objects that are no more
 * ---------------------------------------- */

static bool is_known(const struct snapshot *snap, const char *uuid)
{
    return snapshot_find_uuid(snap, CLASS_VM, uuid) ||
           snapshot_find_uuid(snap, CLASS_host, uuid) ||
           snapshot_find_uuid(snap, CLASS_SR, uuid);
}

static void sweep(struct rrds *s)
{
    SNAPSHOT_AUTO *snap = store_read(s->x->store);
    const struct dirent *e;
    DIR *d = opendir(s->dir);
    time_t now = g_get_real_time() / G_USEC_PER_SEC;
    while (d && (e = readdir(d))) {
        struct stat st;
        g_autofree char *uuid = g_strndup(e->d_name, strcspn(e->d_name, "."));
        if (!strstr(e->d_name, ".rrd") || is_known(snap, uuid) ||
            fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
            now - st.st_mtime < OLD_S)
            continue;
        unlinkat(dirfd(d), e->d_name, 0);
    }
    if (d)
        closedir(d);
}

/* ---- the thread
 * -------------------------------------------------------------------- */

/* Until the next full step of the clock, or until somebody asks. False: it is
 * time to end. */
static bool rest(struct rrds *s)
{
    gint64 step = (gint64)RRD_STEP * G_USEC_PER_SEC;
    gint64 now = g_get_monotonic_time();
    gint64 due = now + step - g_get_real_time() % step;
    gint64 soonest = now + APART_MS * 1000;
    g_mutex_lock(&s->lock);
    while (!s->stop && g_get_monotonic_time() < (s->ask ? soonest : due))
        g_cond_wait_until(&s->turn, &s->lock, s->ask ? MIN(soonest, due) : due);
    s->ask = false;
    bool go_on = !s->stop;
    g_mutex_unlock(&s->lock);
    return go_on;
}

static void *run(void *data)
{
    struct rrds *s = data;
    gint64 swept = 0;
    do {
        sample(s);
        gint64 now = g_get_monotonic_time();
        if (!swept || now - swept > (gint64)SWEEP_S * G_USEC_PER_SEC) {
            sweep(s);
            swept = now;
        }
    } while (rest(s));
    return NULL;
}

struct rrds *rrds_open(struct xapi *x)
{
    struct rrds *s = g_new0(struct rrds, 1);
    s->x = x;
    s->dir = g_build_filename(x->config.state_dir, "rrd", NULL);
    g_mkdir_with_parents(s->dir, 0700);
    g_mutex_init(&s->lock);
    g_cond_init(&s->turn);
    s->objects =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, object_free);
    s->batches = g_array_new(FALSE, FALSE, sizeof(struct rrd_batch));
    s->readings = g_array_new(FALSE, FALSE, sizeof(struct rrd_reading));
    rrd_rows_init(&s->rows);
    s->gather = rrd_gather_open(x);
    s->thread = g_thread_new("rrd", run, s);
    return s;
}

void rrds_close(struct rrds *s)
{
    if (!s)
        return;
    g_mutex_lock(&s->lock);
    s->stop = true;
    g_cond_broadcast(&s->turn);
    g_mutex_unlock(&s->lock);
    g_thread_join(s->thread);
    rrd_gather_close(s->gather);
    g_hash_table_destroy(s->objects);
    g_array_unref(s->batches);
    g_array_unref(s->readings);
    rrd_rows_dispose(&s->rows);
    g_mutex_clear(&s->lock);
    g_cond_clear(&s->turn);
    g_free(s->dir);
    g_free(s);
}

/* ---- data sources
 * ------------------------------------------------------------------ */

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

static struct object *object_find(struct rrds *s, enum rrd_owner owner,
                                  const char *uuid)
{
    struct object *o = g_hash_table_lookup(s->objects, uuid);
    return o && o->rrd.owner == owner && !o->unseen ? o : NULL;
}

/* It has been sampled twice, or a counter would have no rate. */
static bool is_settled(const struct object *o)
{
    for (guint i = 0; o && i < o->rrd.ds->len; i++)
        if (!isnan(rrd_ds_at(&o->rrd, i)->latest) &&
            rrd_ds_at(&o->rrd, i)->source->kind == RRD_DERIVE)
            return true;
    return o && o->rrd.owner == RRD_SR;
}

/* With the lock; NULL when the object is not measured. */
static struct object *object_fresh(struct rrds *s, enum rrd_owner owner,
                                   const char *uuid)
{
    struct object *o = object_find(s, owner, uuid);
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
    const struct object *o = object_fresh(s, owner, uuid);
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
    const struct object *o = object_fresh(s, owner, uuid);
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
    struct object *o = object_fresh(s, owner, uuid);
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

/* ---- documents
 * -------------------------------------------------------------------- */

struct targets {
    GArray *list; /* struct rrd_target, whose texts are in `text` */
    GStringChunk *text;
};

static void add_target(struct rrds *s, struct targets *t, enum rrd_owner owner,
                       const char *uuid)
{
    g_autofree char *path = path_of(s, uuid);
    struct rrd_target one = { owner, g_string_chunk_insert(t->text, uuid),
                              g_string_chunk_insert(t->text, path) };
    g_array_append_val(t->list, one);
}

static gint by_uuid(gconstpointer a, gconstpointer b)
{
    const struct rrd_target *x = a, *y = b;
    return strcmp(x->uuid, y->uuid);
}

/* Those of one kind that are measured now, by their uuids. */
static void add_all(struct rrds *s, struct targets *t, enum rrd_owner owner)
{
    guint before = t->list->len;
    GHashTableIter it;
    void *o;
    g_hash_table_iter_init(&it, s->objects);
    while (g_hash_table_iter_next(&it, NULL, &o))
        if (((struct object *)o)->rrd.owner == owner)
            add_target(s, t, owner, ((struct object *)o)->uuid);
    if (t->list->len > before + 1)
        qsort(&g_array_index(t->list, struct rrd_target, before),
              t->list->len - before, sizeof(struct rrd_target), by_uuid);
}

/* Nothing, all or one; of one, the file is what counts: a VM that is halted has
 * figures of the time it ran. */
static int add_which(struct rrds *s, struct targets *t, enum rrd_owner owner,
                     const char *which, struct err *err)
{
    if (!strcmp(which, "none"))
        return 0;
    if (!strcmp(which, "all")) {
        add_all(s, t, owner);
        return 0;
    }
    g_autofree char *path = path_of(s, which);
    if (access(path, F_OK) < 0)
        return err_set(err, ERR_NOENT, "nothing was measured of %s %s",
                       owner == RRD_VM ? "VM" : "SR", which);
    add_target(s, t, owner, which);
    return 0;
}

int rrds_updates(struct rrds *s, const struct rrd_ask *ask, rrd_sink_fn *sink,
                 void *user, struct err *err)
{
    struct targets t = { g_array_new(FALSE, FALSE, sizeof(struct rrd_target)),
                         g_string_chunk_new(4096) };
    struct rrd_query q = ask->query;
    g_mutex_lock(&s->lock);
    q.last = s->time;
    if (ask->host)
        add_all(s, &t, RRD_HOST);
    int r = add_which(s, &t, RRD_VM, ask->vm, err) ||
                    add_which(s, &t, RRD_SR, ask->sr, err)
                ? -1
                : 0;
    g_mutex_unlock(&s->lock);
    if (r == 0)
        r = rrd_updates(&q, (const struct rrd_target *)(void *)t.list->data,
                        t.list->len, &s->lock, sink, user);
    g_array_unref(t.list);
    g_string_chunk_free(t.text);
    return r;
}

static int append(void *user, const char *text, size_t len)
{
    g_string_append_len(user, text, (gssize)len);
    return 0;
}

GString *rrds_dump(struct rrds *s, enum rrd_owner owner, const char *uuid,
                   bool json)
{
    GString *out = NULL;
    g_autofree char *path = path_of(s, uuid);
    struct object *read = NULL;
    g_mutex_lock(&s->lock);
    struct object *o = g_hash_table_lookup(s->objects, uuid);
    if (!o && access(path, F_OK) == 0)
        o = read = object_new(s, owner, uuid);
    struct rrd_file *f =
        o && o->rrd.owner == owner ? rrd_file_open(path) : NULL;
    if (f && rrd_file_columns(f) == rrd_columns(&o->rrd)) {
        out = g_string_new(NULL);
        rrd_dump(&o->rrd, f, json, append, out);
    }
    rrd_file_close(f);
    g_mutex_unlock(&s->lock);
    if (read)
        object_free(read);
    return out;
}

GString *rrds_metrics(struct rrds *s)
{
    GString *out = g_string_new(NULL);
    g_mutex_lock(&s->lock);
    rrd_gather_metrics(s->gather, out);
    g_mutex_unlock(&s->lock);
    return out;
}
