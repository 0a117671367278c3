/* Who waits for events, and the one thread that answers them all (way B). */
#include "event/event.h"

#include <string.h>

#include "event/batch.h"

struct event_wait {
    struct events *events;
    char *session;
    struct filter filter; /* event.from; event.next uses the session's */
    bool next;
    uint64_t since;
    gint64 deadline; /* monotonic microseconds */
    event_done *done;
    void *user;
    bool waiting; /* in events->waits */
};

/* What a session registered for event.next. */
struct registration {
    struct filter filter;
    uint64_t since;
};

struct events {
    struct store *store;
    GMutex lock;
    GCond wake;     /* something changed, or a new wait, or the end */
    GCond finished; /* a done() has returned */
    GThread *thread;
    GPtrArray *waits;           /* struct event_wait * */
    GHashTable *sessions;       /* session -> struct registration * */
    GHashTable *ended;          /* sessions whose waits must end */
    struct event_wait *running; /* whose done() runs now */
    bool stop, changed;
};

static void registration_free(void *p)
{
    struct registration *r = p;
    filter_dispose(&r->filter);
    g_free(r);
}

static void wait_free(struct event_wait *w)
{
    filter_dispose(&w->filter);
    g_free(w->session);
    g_free(w);
}

/* ---- answering ----------------------------------------------------------- */

static void fail(struct event_wait *w, const char *code, const char *param)
{
    FAULT_AUTO f = { 0 };
    fault_set(&f, code, param, NULL);
    w->done(w->user, NULL, &f);
}

/* Collects under the lock. NULL: nothing yet. */
static struct batch *collect(struct event_wait *w, bool *lost)
{
    struct registration *reg =
        w->next ? g_hash_table_lookup(w->events->sessions, w->session) : NULL;
    const struct filter *f = reg ? &reg->filter : &w->filter;
    bool late = !w->next && g_get_monotonic_time() >= w->deadline;
    struct batch *b = batch_collect(w->events->store, f,
                                    reg ? reg->since : w->since, late, lost);
    if (b && reg)
        reg->since = batch_generation(b);
    return b;
}

/* Answers the wait if there is something to say; the lock is held on entry and
 * on return but not while done() runs. Returns whether it is over. */
static bool answer(struct event_wait *w)
{
    struct events *e = w->events;
    bool lost = false;
    bool ended = g_hash_table_contains(e->ended, w->session);
    struct batch *b = ended ? NULL : collect(w, &lost);
    if (!b && !ended && !lost)
        return false;
    if (w->waiting)
        g_ptr_array_remove_fast(e->waits, w);
    w->waiting = false;
    struct event_wait *outer = e->running;
    e->running = w;
    g_mutex_unlock(&e->lock);
    struct reply *reply = !b || ended || lost ? NULL
                          : w->next           ? batch_reply_next(b)
                                              : batch_reply_from(b);
    if (reply)
        w->done(w->user, reply, NULL);
    else if (ended)
        fail(w, "SESSION_INVALID", w->session);
    else
        fail(w, "EVENTS_LOST", NULL);
    if (b && !reply)
        reply_free(batch_reply_from(b));
    g_mutex_lock(&e->lock);
    e->running = outer;
    g_cond_broadcast(&e->finished);
    return true;
}

static gint64 next_deadline(const struct events *e)
{
    gint64 first = G_MAXINT64;
    for (guint i = 0; i < e->waits->len; i++) {
        const struct event_wait *w = e->waits->pdata[i];
        first = MIN(first, w->deadline);
    }
    return first;
}

/* One look at each wait that was there when it began. */
static void answer_all(struct events *e)
{
    g_autoptr(GPtrArray) now = g_ptr_array_new();
    for (guint i = 0; i < e->waits->len; i++)
        g_ptr_array_add(now, e->waits->pdata[i]);
    for (guint i = 0; i < now->len; i++)
        if (g_ptr_array_find(e->waits, now->pdata[i], NULL))
            answer(now->pdata[i]);
    g_hash_table_remove_all(e->ended);
}

static void *dispatcher(void *data)
{
    struct events *e = data;
    g_mutex_lock(&e->lock);
    while (!e->stop) {
        gint64 until = next_deadline(e);
        if (!e->changed && until > g_get_monotonic_time()) {
            if (until == G_MAXINT64)
                g_cond_wait(&e->wake, &e->lock);
            else
                g_cond_wait_until(&e->wake, &e->lock, until);
        }
        e->changed = false;
        answer_all(e);
    }
    g_mutex_unlock(&e->lock);
    return NULL;
}

static void wake(struct events *e)
{
    e->changed = true;
    g_cond_signal(&e->wake);
}

static void committed(void *user, uint64_t generation, const struct change *c,
                      size_t n)
{
    struct events *e = user;
    (void)generation, (void)c, (void)n;
    g_mutex_lock(&e->lock);
    if (e->waits->len)
        wake(e);
    g_mutex_unlock(&e->lock);
}

/* ---- life ---------------------------------------------------------------- */

struct events *events_open(struct store *s)
{
    struct events *e = g_new0(struct events, 1);
    e->store = s;
    g_mutex_init(&e->lock);
    g_cond_init(&e->wake);
    g_cond_init(&e->finished);
    e->waits = g_ptr_array_new();
    e->sessions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                        registration_free);
    e->ended = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    store_observe(s, committed, e);
    e->thread = g_thread_new("events", dispatcher, e);
    return e;
}

void events_close(struct events *e)
{
    if (!e)
        return;
    store_observe(e->store, NULL, NULL);
    g_mutex_lock(&e->lock);
    e->stop = true;
    wake(e);
    g_mutex_unlock(&e->lock);
    g_thread_join(e->thread);
    g_ptr_array_free(e->waits, TRUE);
    g_hash_table_destroy(e->sessions);
    g_hash_table_destroy(e->ended);
    g_mutex_clear(&e->lock);
    g_cond_clear(&e->wake);
    g_cond_clear(&e->finished);
    g_free(e);
}

void event_session_ended(struct events *e, const char *session)
{
    g_mutex_lock(&e->lock);
    g_hash_table_remove(e->sessions, session);
    g_hash_table_add(e->ended, g_strdup(session));
    wake(e);
    g_mutex_unlock(&e->lock);
}

/* ---- waiting ----------------------------------------------------------------
 */

static struct event_wait *wait_new(struct events *e, const char *session,
                                   event_done *done, void *user)
{
    struct event_wait *w = g_new0(struct event_wait, 1);
    w->events = e;
    w->session = g_strdup(session);
    w->deadline = G_MAXINT64;
    w->done = done;
    w->user = user;
    return w;
}

/* Answers at once or joins those that wait. */
static struct event_wait *start(struct event_wait *w)
{
    struct events *e = w->events;
    g_mutex_lock(&e->lock);
    bool over = answer(w);
    if (!over) {
        w->waiting = true;
        g_ptr_array_add(e->waits, w);
        wake(e);
    }
    g_mutex_unlock(&e->lock);
    if (over)
        g_clear_pointer(&w, wait_free);
    return w;
}

/* A token of a time that has not come: of another life of this server. */
static bool is_foreign(struct events *e, uint64_t since)
{
    SNAPSHOT_AUTO *now = store_read(e->store);
    return since > snapshot_generation(now);
}

struct event_wait *event_from(struct events *e, const char *session,
                              const struct value *classes, const char *token,
                              double timeout_s, event_done *done, void *user)
{
    FAULT_AUTO f = { 0 };
    struct event_wait *w = wait_new(e, session, done, user);
    if (filter_add(&w->filter, store_model(e->store), classes, &f) == 0 &&
        !token_parse(token, &w->since))
        fault_set(&f, "EVENT_FROM_TOKEN_PARSE_FAILURE", token, NULL);
    if (!f.code && is_foreign(e, w->since))
        fault_set(&f, "EVENTS_LOST", NULL);
    if (f.code) {
        done(user, NULL, &f);
        wait_free(w);
        return NULL;
    }
    double us = CLAMP(timeout_s, 0.0, 86400.0 * 365) * 1e6;
    w->deadline = g_get_monotonic_time() + (gint64)us;
    return start(w);
}

struct event_wait *event_next(struct events *e, const char *session,
                              event_done *done, void *user)
{
    struct event_wait *w = wait_new(e, session, done, user);
    g_mutex_lock(&e->lock);
    bool registered = g_hash_table_contains(e->sessions, session);
    g_mutex_unlock(&e->lock);
    w->next = true;
    if (registered)
        return start(w);
    fail(w, "SESSION_NOT_REGISTERED", session);
    wait_free(w);
    return NULL;
}

void event_cancel(struct event_wait *w)
{
    if (!w)
        return;
    struct events *e = w->events;
    g_mutex_lock(&e->lock);
    if (w->waiting)
        g_ptr_array_remove_fast(e->waits, w);
    w->waiting = false;
    while (e->running == w)
        g_cond_wait(&e->finished, &e->lock);
    g_mutex_unlock(&e->lock);
    wait_free(w);
}

/* ---- the old way: event.register ------------------------------------------
 */

int event_register(struct events *e, const char *session,
                   const struct value *classes, struct fault *f)
{
    g_mutex_lock(&e->lock);
    struct registration *r = g_hash_table_lookup(e->sessions, session);
    if (!r) {
        SNAPSHOT_AUTO *now = store_read(e->store);
        r = g_new0(struct registration, 1);
        r->since = snapshot_generation(now);
        g_hash_table_insert(e->sessions, g_strdup(session), r);
    }
    int rc = filter_add(&r->filter, store_model(e->store), classes, f);
    g_mutex_unlock(&e->lock);
    return rc;
}

int event_unregister(struct events *e, const char *session,
                     const struct value *classes, struct fault *f)
{
    g_mutex_lock(&e->lock);
    struct registration *r = g_hash_table_lookup(e->sessions, session);
    if (r)
        filter_remove(&r->filter, store_model(e->store), classes);
    g_mutex_unlock(&e->lock);
    return r ? 0 : fault_set(f, "SESSION_NOT_REGISTERED", session, NULL);
}

int64_t event_current_id(struct events *e)
{
    SNAPSHOT_AUTO *now = store_read(e->store);
    return (int64_t)snapshot_generation(now);
}

char *event_token(struct events *e)
{
    return token_format((uint64_t)event_current_id(e));
}
