/* Writing a disk behind what comes for it. */
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
    GAsyncQueue *empty, *full; /* of struct job */
    struct job jobs[DEPTH];
    int failed; /* atomic; from then on the thread leaves the fault alone */
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

/* What comes after a failure is dropped. */
static void *work(void *data)
{
    struct write_behind *w = data;
    struct job *j;
    while (!(j = g_async_queue_pop(w->full))->last) {
        if (!g_atomic_int_get(&w->failed) && write_job(w, j) < 0)
            g_atomic_int_set(&w->failed, 1);
        g_clear_pointer(&j->data, g_free);
        g_async_queue_push(w->empty, j);
    }
    return NULL;
}

struct write_behind *write_behind_open(struct contents *t)
{
    struct write_behind *w = g_new0(struct write_behind, 1);
    w->t = t;
    w->empty = g_async_queue_new();
    w->full = g_async_queue_new();
    for (int i = 0; i < DEPTH; i++)
        g_async_queue_push(w->empty, &w->jobs[i]);
    w->thread = g_thread_new("disk", work, w);
    return w;
}

/* Waits for room; takes the data over. */
static void give(struct write_behind *w, struct job job)
{
    struct job *j = g_async_queue_pop(w->empty);
    *j = job;
    g_async_queue_push(w->full, j);
}

static int state(struct write_behind *w, struct fault *f)
{
    if (!g_atomic_int_get(&w->failed))
        return 0;
    if (f && w->fault.code) /* else the caller has it */
        fault_move(f, &w->fault);
    return -1;
}

int write_behind_put(struct write_behind *w, uint64_t offset, const void *data,
                     size_t len, struct fault *f)
{
    int r = state(w, f);
    if (r == 0 && len)
        give(w, (struct job){ offset, len, g_memdup2(data, len), false });
    return r;
}

int write_behind_zero(struct write_behind *w, uint64_t offset, uint64_t len,
                      struct fault *f)
{
    int r = state(w, f);
    if (r == 0 && len)
        give(w, (struct job){ offset, len, NULL, false });
    return r;
}

int write_behind_close(struct write_behind *w, struct fault *f)
{
    if (!w)
        return 0;
    give(w, (struct job){ .last = true });
    g_thread_join(w->thread);
    int r = state(w, f);
    fault_dispose(&w->fault);
    g_async_queue_unref(w->empty);
    g_async_queue_unref(w->full);
    g_free(w);
    return r;
}
