/* How far a long copy is, shown while another part of the program works (way
 * A, beside save, restore, migrate and dump-core). */
#include "op/progress.h"

#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BAR_MS = 250,    /* a terminal */
    LINE_MS = 10000, /* elsewhere */
    FRAME = 4096,    /* bytes a page */
    COLUMNS_IF_UNKNOWN = 80,
};

struct progress {
    struct xen_log *log;
    struct progress_how how;
    bool bar;
    int64_t begun_ms, seen_ms;
    struct progress_state state;
    uint64_t whole; /* bytes of all passes so far */
    GThread *thread;
    GMutex lock;
    GCond wake;
    bool stop;
};

static int64_t now_ms(void)
{
    return g_get_monotonic_time() / 1000;
}

/* libxenlight's count of pages; starts anew with each pass over the memory. It
 * counts the numbers of pages, 4 GiB of them for a small guest with a hole
 * below that: the share of the guest's memory is what is told. */
static uint64_t pages_done(struct progress *p, uint64_t *total)
{
    g_mutex_lock(&p->log->lock);
    uint64_t done = (uint64_t)p->log->progress_done * FRAME;
    *total = (uint64_t)p->log->progress_total * FRAME;
    g_mutex_unlock(&p->log->lock);
    if (!p->how.total || *total <= p->how.total)
        return done;
    done = (uint64_t)((double)done / (double)*total * (double)p->how.total);
    *total = p->how.total;
    return done;
}

static uint64_t look(struct progress *p, uint64_t *total)
{
    struct stat st;
    off_t at;
    *total = p->how.total;
    if (p->how.source == PROGRESS_FILE)
        return stat(p->how.path, &st) ? 0 : (uint64_t)st.st_size;
    /* who writes for us has the same descriptor, and so the same offset */
    if (fstat(p->how.fd, &st) || !S_ISREG(st.st_mode) ||
        (at = lseek(p->how.fd, 0, SEEK_CUR)) < 0)
        return pages_done(p, total);
    if (p->how.source == PROGRESS_READ)
        *total = (uint64_t)st.st_size;
    return (uint64_t)at;
}

/* The state as it is now. */
static void update(struct progress *p)
{
    struct progress_state *s = &p->state;
    int64_t ms = now_ms();
    uint64_t done = look(p, &s->total);
    /* less than before: another pass */
    uint64_t more = done >= s->done ? done - s->done : done;
    s->rate = progress_rate(s->rate, more, ms - p->seen_ms);
    s->done = done;
    p->whole += more;
    p->seen_ms = ms;
}

static int columns(struct progress *p)
{
    struct winsize size;
    if (ioctl(fileno(p->log->out), TIOCGWINSZ, &size) || !size.ws_col)
        return COLUMNS_IF_UNKNOWN;
    return size.ws_col;
}

static void show(struct progress *p)
{
    g_autoptr(GString) s = g_string_new(p->bar ? "\r" : "xl: ");
    if (p->bar)
        progress_bar(s, &p->state, columns(p) - 1);
    else
        progress_line(s, &p->state);
    if (p->bar)
        g_string_append(s, "\033[K");
    g_mutex_lock(&p->log->lock);
    fputs(s->str, p->log->out);
    fflush(p->log->out);
    p->log->progress_open = p->bar; /* a message would begin on its line */
    g_mutex_unlock(&p->log->lock);
}

static gpointer run(gpointer data)
{
    struct progress *p = data;
    gint64 turn = (p->bar ? BAR_MS : LINE_MS) * G_GINT64_CONSTANT(1000);
    g_mutex_lock(&p->lock);
    while (!p->stop) {
        gint64 end = g_get_monotonic_time() + turn;
        while (!p->stop && g_cond_wait_until(&p->wake, &p->lock, end))
            continue;
        if (p->stop)
            break;
        update(p);
        show(p);
    }
    g_mutex_unlock(&p->lock);
    return NULL;
}

struct progress *progress_start(struct xen_log *log,
                                const struct progress_how *how)
{
    if (log->live <= XTL_PROGRESS)
        return NULL;
    struct progress *p = g_new0(struct progress, 1);
    p->log = log;
    p->how = *how;
    p->state.what = how->what;
    p->bar = log->cr || isatty(fileno(log->out));
    p->begun_ms = p->seen_ms = now_ms();
    log->progress_done = log->progress_total = 0;
    g_mutex_init(&p->lock);
    g_cond_init(&p->wake);
    p->thread = g_thread_new("progress", run, p);
    return p;
}

void progress_end(struct progress *p, bool done)
{
    if (!p)
        return;
    g_mutex_lock(&p->lock);
    p->stop = true;
    g_cond_signal(&p->wake);
    g_mutex_unlock(&p->lock);
    g_thread_join(p->thread);
    g_autoptr(GString) s = g_string_new(p->bar ? "\r\033[K" : NULL);
    update(p);
    if (done) {
        g_string_append(s, "xl: ");
        progress_sum(s, p->how.what, p->whole, now_ms() - p->begun_ms);
    }
    fputs(s->str, p->log->out);
    fflush(p->log->out);
    p->log->progress_open = false;
    g_cond_clear(&p->wake);
    g_mutex_clear(&p->lock);
    g_free(p);
}
