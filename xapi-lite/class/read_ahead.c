/* Reading a disk ahead of what is done with it. */
#include <string.h>

#include "class/disk_ahead.h"

enum { DEPTH = 4 };

struct buffer {
    struct ahead_piece piece;
    int state; /* as read_ahead_next returns it */
    struct fault fault;
    uint8_t *bytes;
};

struct read_ahead {
    struct contents *t;
    size_t piece;
    GThread *thread;
    GAsyncQueue *empty, *full; /* of struct buffer */
    struct buffer buffers[DEPTH];
    struct buffer *shown; /* the caller has it */
    int stop;             /* atomic */
};

static void fill(struct read_ahead *a, struct buffer *b, uint64_t at)
{
    uint64_t size = contents_size(a->t);
    b->piece = (struct ahead_piece){ .offset = at, .data = b->bytes };
    b->state = at < size;
    if (!b->state)
        return;
    b->piece.len = (size_t)MIN(size - at, a->piece);
    b->piece.hole = contents_next(a->t, at) >= at + b->piece.len;
    if (b->piece.hole)
        memset(b->bytes, 0, b->piece.len);
    else if (contents_read(a->t, at, b->bytes, b->piece.len, &b->fault) < 0)
        b->state = -1;
}

static void *work(void *data)
{
    struct read_ahead *a = data;
    uint64_t at = 0;
    int state = 1;
    while (state == 1) {
        struct buffer *b = g_async_queue_pop(a->empty);
        if (g_atomic_int_get(&a->stop))
            return NULL;
        fill(a, b, at);
        at += b->piece.len;
        state = b->state;
        g_async_queue_push(a->full, b);
    }
    return NULL;
}

struct read_ahead *read_ahead_open(struct contents *t, size_t piece)
{
    struct read_ahead *a = g_new0(struct read_ahead, 1);
    a->t = t;
    a->piece = piece;
    a->empty = g_async_queue_new();
    a->full = g_async_queue_new();
    for (int i = 0; i < DEPTH; i++) {
        a->buffers[i].bytes = g_malloc(piece);
        g_async_queue_push(a->empty, &a->buffers[i]);
    }
    a->thread = g_thread_new("disk", work, a);
    return a;
}

int read_ahead_next(struct read_ahead *a, struct ahead_piece *out,
                    struct fault *f)
{
    if (a->shown)
        g_async_queue_push(a->empty, a->shown);
    a->shown = g_async_queue_pop(a->full);
    *out = a->shown->piece;
    if (a->shown->state < 0)
        fault_move(f, &a->shown->fault);
    return a->shown->state;
}

void read_ahead_close(struct read_ahead *a)
{
    g_atomic_int_set(&a->stop, 1);
    g_async_queue_push(a->empty, &a->buffers[0]); /* it may wait for one */
    g_thread_join(a->thread);
    for (int i = 0; i < DEPTH; i++) {
        fault_dispose(&a->buffers[i].fault);
        g_free(a->buffers[i].bytes);
    }
    g_async_queue_unref(a->empty);
    g_async_queue_unref(a->full);
    g_free(a);
}
