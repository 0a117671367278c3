/* Writing a disk behind what comes for it. */
#include <string.h>

#include "class/disk_ahead.h"

enum { DEPTH = 4 };

struct job {
    uint64_t offset, len;
    uint8_t *data; /* NULL: zeros */
    bool last;
};

struct write_behind {
    struct contents *t;
    GThread *thread;
    GMutex lock;
    GCond changed;
    GQueue jobs; /* of struct job, at most DEPTH */
    int r;       /* -1 since a piece has failed: later ones are dropped */
    struct fault fault;
};

static int write_job(struct write_behind *w, const struct job *j)
{
    if (j->data)
        return contents_write(w->t, j->offset, j->data, j->len, &w->fault);
    if (contents_next(w->t, j->offset) >= j->offset + j->len)
        return 0;
    return contents_zero(w->t, j->offset, j->len, &w->fault);
}

static struct job *take(struct write_behind *w)
{
    g_mutex_lock(&w->lock);
    while (g_queue_is_empty(&w->jobs))
        g_cond_wait(&w->changed, &w->lock);
    struct job *j = g_queue_pop_head(&w->jobs);
    g_cond_broadcast(&w->changed);
    g_mutex_unlock(&w->lock);
    return j;
}

static void *work(void *data)
{
    struct write_behind *w = data;
    bool last;
    int r = 0;
    do {
        struct job *j = take(w);
        last = j->last;
        if (r == 0 && !last && (r = write_job(w, j)) < 0) {
            g_mutex_lock(&w->lock);
            w->r = r;
            g_mutex_unlock(&w->lock);
        }
        g_free(j->data);
        g_free(j);
    } while (!last);
    return NULL;
}

struct write_behind *write_behind_open(struct contents *t)
{
    struct write_behind *w = g_new0(struct write_behind, 1);
    w->t = t;
    g_mutex_init(&w->lock);
    g_cond_init(&w->changed);
    g_queue_init(&w->jobs);
    w->thread = g_thread_new("disk", work, w);
    return w;
}

static int give(struct write_behind *w, const struct job *j, struct fault *f)
{
    g_mutex_lock(&w->lock);
    while (g_queue_get_length(&w->jobs) >= DEPTH)
        g_cond_wait(&w->changed, &w->lock);
    int r = w->r;
    if (r == 0)
        g_queue_push_tail(&w->jobs, g_memdup2(j, sizeof *j));
    else
        fault_move(f, &w->fault);
    g_cond_broadcast(&w->changed);
    g_mutex_unlock(&w->lock);
    return r;
}

int write_behind_put(struct write_behind *w, uint64_t offset, const void *data,
                     size_t len, struct fault *f)
{
    struct job j = { offset, len, g_memdup2(data, len), false };
    int r = len ? give(w, &j, f) : 0;
    if (r < 0)
        g_free(j.data);
    return r;
}

int write_behind_zero(struct write_behind *w, uint64_t offset, uint64_t len,
                      struct fault *f)
{
    struct job j = { offset, len, NULL, false };
    return len ? give(w, &j, f) : 0;
}

int write_behind_close(struct write_behind *w, struct fault *f)
{
    if (!w)
        return 0;
    g_mutex_lock(&w->lock);
    g_queue_push_tail(
        &w->jobs, g_memdup2(&(struct job){ .last = true }, sizeof(struct job)));
    g_cond_broadcast(&w->changed);
    g_mutex_unlock(&w->lock);
    g_thread_join(w->thread);
    int r = w->r;
    if (f && w->fault.code) /* else the caller has it */
        fault_move(f, &w->fault);
    fault_dispose(&w->fault);
    g_mutex_clear(&w->lock);
    g_cond_clear(&w->changed);
    g_free(w);
    return r;
}
