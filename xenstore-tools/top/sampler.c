/* Takes samples in a thread of its own, so that nothing that hangs can hold up
 * the screen (way C, beside the screen). */
#include "top/sampler.h"

#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "top/run.h"
#include "top/source.h"

struct sampler {
    struct options o;
    struct source *src;
    GThread *thread;
    int fd;
    GMutex lock; /* guards all below */
    GCond turn;
    double delay;
    bool ask, quit, ended, finished;
    struct sample *before, *now, *spare;
    struct rates *rates;
    bool primed;
    uint64_t count;
    struct err err;
};

static void tell(struct sampler *s)
{
    uint64_t one = 1;
    if (write(s->fd, &one, sizeof one) < 0)
        return; /* full: it is readable already */
}

/* The new sample becomes the shown one. Called with the lock. */
static void turn_over(struct sampler *s)
{
    struct sample *oldest = s->before;
    s->before = s->now;
    s->now = s->spare;
    s->spare = oldest;
    rate_fill(s->rates, s->primed ? s->before : NULL, s->now);
    s->primed = true;
    s->count++;
    err_dispose(&s->err);
}

/* Waits for the next turn; with the lock. */
static void rest(struct sampler *s)
{
    gint64 end = g_get_monotonic_time() + (gint64)(s->delay * G_USEC_PER_SEC);
    while (!s->quit && !s->ask) {
        if (s->finished)
            g_cond_wait(&s->turn, &s->lock);
        else if (!g_cond_wait_until(&s->turn, &s->lock, end))
            break;
    }
    s->ask = false;
}

static gpointer run(gpointer data)
{
    struct sampler *s = data;
    ERR_AUTO err = { 0 };
    s->primed = source_prime(s->src, s->now, &err) > 0;
    g_mutex_lock(&s->lock);
    while (!s->quit) {
        g_mutex_unlock(&s->lock);
        int got = s->finished ? 0 : source_next(s->src, s->spare, &err);
        g_mutex_lock(&s->lock);
        if (got > 0)
            turn_over(s);
        else if (got < 0)
            err_move(&s->err, &err);
        else
            s->finished = true;
        tell(s);
        rest(s);
    }
    s->ended = true;
    g_cond_broadcast(&s->turn);
    g_mutex_unlock(&s->lock);
    return NULL;
}

struct sampler *sampler_open(const struct options *o, struct err *err)
{
    struct source *src = source_open(o, run_want(o), err);
    if (!src)
        return NULL;
    struct sampler *s = g_new0(struct sampler, 1);
    s->o = *o;
    s->src = src;
    s->delay = o->delay;
    s->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    s->before = sample_new();
    s->now = sample_new();
    s->spare = sample_new();
    s->rates = rate_new();
    g_mutex_init(&s->lock);
    g_cond_init(&s->turn);
    /* SIGWINCH and the others belong to the screen. */
    sigset_t all, old;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    s->thread = g_thread_new("sampler", run, s);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return s;
}

int sampler_fd(const struct sampler *s)
{
    return s->fd;
}

struct sampler_state sampler_lock(struct sampler *s)
{
    uint64_t n;
    g_mutex_lock(&s->lock);
    if (read(s->fd, &n, sizeof n) < 0)
        n = 0; /* nothing new */
    return (struct sampler_state){
        .sample = s->count ? s->now : NULL,
        .rates = s->rates,
        .count = s->count,
        .message = s->err.message,
        .failed = !s->count && (s->err.id != ERR_NONE || s->finished),
    };
}

void sampler_unlock(struct sampler *s)
{
    g_mutex_unlock(&s->lock);
}

void sampler_pace(struct sampler *s, double delay, bool now)
{
    g_mutex_lock(&s->lock);
    s->delay = delay;
    s->ask = s->ask || now;
    g_cond_broadcast(&s->turn);
    g_mutex_unlock(&s->lock);
}

void sampler_close(struct sampler *s, struct err *err)
{
    gint64 end = g_get_monotonic_time() + G_USEC_PER_SEC;
    g_mutex_lock(&s->lock);
    s->quit = true;
    g_cond_broadcast(&s->turn);
    bool in_time = true;
    while (!s->ended && in_time)
        in_time = g_cond_wait_until(&s->turn, &s->lock, end);
    bool ended = s->ended;
    if (!s->count && s->finished)
        err_set(err, ERR_CONFIG, "%s has no sample", s->o.replay);
    else if (!s->count)
        err_move(err, &s->err);
    g_mutex_unlock(&s->lock);
    if (!ended)
        return; /* it waits for something that hangs; its memory is in use */
    g_thread_join(s->thread);
    source_close(s->src);
    sample_free(s->before);
    sample_free(s->now);
    sample_free(s->spare);
    rate_free(s->rates);
    err_dispose(&s->err);
    g_mutex_clear(&s->lock);
    g_cond_clear(&s->turn);
    close(s->fd);
    g_free(s);
}
