/* What clients get of the figures: updates, whole archives, metrics (beside way
 * B). */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "rrd/restore.h"
#include "rrd/service.h"

struct targets {
    GArray *list; /* struct rrd_target, whose texts are in `text` */
    GStringChunk *text;
};

static void add_target(struct rrds *s, struct targets *t, enum rrd_owner owner,
                       const char *uuid)
{
    g_autofree char *path = rrd_object_path(s, uuid);
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
        if (((struct rrd_object *)o)->rrd.owner == owner)
            add_target(s, t, owner, ((struct rrd_object *)o)->uuid);
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
    g_autofree char *path = rrd_object_path(s, which);
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
    g_autofree char *path = rrd_object_path(s, uuid);
    struct rrd_object *read = NULL;
    g_mutex_lock(&s->lock);
    struct rrd_object *o = g_hash_table_lookup(s->objects, uuid);
    if (!o && access(path, F_OK) == 0)
        o = read = rrd_object_new(s, owner, uuid);
    struct rrd_file *f =
        o && o->rrd.owner == owner ? rrd_file_open(path) : NULL;
    if (f && rrd_file_columns(f) == rrd_columns(&o->rrd)) {
        out = g_string_new(NULL);
        rrd_dump(&o->rrd, f, json, append, out);
    }
    rrd_file_close(f);
    g_mutex_unlock(&s->lock);
    if (read)
        rrd_object_free(read);
    return out;
}

/* The old file stands until the new one is whole. An object that is measured
 * now goes on from it with the next sample. */
static int replace_file(struct rrds *s, const char *uuid, const struct rrd *r,
                        const struct rrd_rows *rows, struct err *err)
{
    g_autofree char *path = rrd_object_path(s, uuid);
    g_autofree char *made = g_strconcat(path, ".put", NULL);
    int bad = rrd_file_make(made, r, err) || rrd_file_put(made, r, rows, err);
    if (!bad && rename(made, path) < 0)
        bad = err_errno(err, ERR_IO, errno, "cannot make %s", path);
    if (bad)
        unlink(made);
    else
        g_hash_table_remove(s->objects, uuid);
    return bad ? -1 : 0;
}

int rrds_put(struct rrds *s, enum rrd_owner owner, const char *uuid,
             const char *xml, size_t len, struct err *err)
{
    struct rrd r;
    struct rrd_rows rows;
    rrd_init(&r, owner);
    rrd_rows_init(&rows);
    int bad = rrd_restore(xml, len, &r, &rows, err);
    if (!bad) {
        g_mutex_lock(&s->lock);
        bad = replace_file(s, uuid, &r, &rows, err);
        g_mutex_unlock(&s->lock);
    }
    rrd_rows_dispose(&rows);
    rrd_dispose(&r);
    return bad ? -1 : 0;
}

GString *rrds_metrics(struct rrds *s)
{
    GString *out = g_string_new(NULL);
    g_mutex_lock(&s->lock);
    rrd_gather_metrics(s->gather, out);
    g_mutex_unlock(&s->lock);
    return out;
}
