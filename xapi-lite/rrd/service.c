/* The sampling thread and what the others ask of it (beside way B). */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rrd/service.h"

enum {
    UNSEEN_MAX = 12, /* samples without an object, until it leaves memory */
    APART_MS = 250,  /* samples are not closer together */
    SWEEP_S = 3600,  /* files of objects that are no more */
    OLD_S = 86400,   /* go when they are this old */
};

void rrd_object_free(void *data)
{
    struct rrd_object *o = data;
    rrd_dispose(&o->rrd);
    g_free(o->path);
    g_free(o);
}

char *rrd_object_path(const struct rrds *s, const char *uuid)
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
struct rrd_object *rrd_object_new(struct rrds *s, enum rrd_owner owner,
                                  const char *uuid)
{
    ERR_AUTO err = { 0 };
    struct rrd_object *o = g_new0(struct rrd_object, 1);
    g_strlcpy(o->uuid, uuid, sizeof o->uuid);
    o->path = rrd_object_path(s, uuid);
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

static struct rrd_object *object_get(struct rrds *s, enum rrd_owner owner,
                                     const char *uuid)
{
    struct rrd_object *o = g_hash_table_lookup(s->objects, uuid);
    if (!o) {
        o = rrd_object_new(s, owner, uuid);
        g_hash_table_insert(s->objects, o->uuid, o);
    }
    return o;
}

static int write_object(struct rrds *s, struct rrd_object *o, struct err *err)
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
    struct rrd_object *o = object_get(s, b->owner, b->uuid);
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
    struct rrd_object *o = value;
    (void)key, (void)user;
    return ++o->unseen > UNSEEN_MAX;
}

static void sample(struct rrds *s)
{
    bool good = true;
    rrd_gather_look(s->gather);
    g_mutex_lock(&s->lock);
    s->time = rrd_gather_read(s->gather, s->batches, s->readings);
    rrd_figures_fill(s->figures, s->gather);
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
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, rrd_object_free);
    s->batches = g_array_new(FALSE, FALSE, sizeof(struct rrd_batch));
    s->readings = g_array_new(FALSE, FALSE, sizeof(struct rrd_reading));
    rrd_rows_init(&s->rows);
    s->gather = rrd_gather_open(x);
    s->figures = rrd_figures_open(x->model);
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
    rrd_figures_close(s->figures);
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
