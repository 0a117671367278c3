/* The thread that keeps what XenStore knows (way C, input). It alone talks to
 * xenstored; the sampler only reads its table. */
#include "top/store.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "top/nodes.h"

enum part { PART_NAME = 1, PART_DETAIL = 2, PART_DEVICES = 4 };
enum { PARTS = PART_NAME | PART_DETAIL | PART_DEVICES };
enum { ASK_AFTER_US = 3000000, ANSWER_WITHIN_US = 2000000 };
enum { RETRY_MS = 1000, DRAIN_PAUSE_US = 200000 };

/* A domain in the table; all of it is guarded by the store's lock. */
struct entry {
    struct store_domain d;
    char uuid[37];
    unsigned stale; /* parts to be read (again) */
    bool live;
};

struct store {
    unsigned want;
    GMutex lock; /* guards all below but the thread's own part */
    GCond settled;
    GHashTable *entries; /* domid -> struct entry */
    bool down, quit, ended;
    unsigned busy;    /* parts of a domain that are being read */
    bool names_known; /* no name is stale: told to the waiting sampler */
    int wake;         /* eventfd: something is stale, or quit */
    GThread *thread;
    uint64_t progress; /* domains that were read */
    /* A xenstored that hangs is silent like one with nothing to tell: now and
     * then it is asked something. Monotonic us. */
    gint64 heard; /* last answer */
    gint64 asked; /* question without an answer yet; 0: none */
    /* The thread's own. Watches have a connection of their own, because
     * libxenstore reads one with watches in a further thread: two switches of
     * threads for each answer. */
    struct nodes nodes;
    struct xs_handle *watcher;
    GHashTable *qdisks; /* domids with disks of QEMU; NULL: to be read */
};

static void entry_free(gpointer data)
{
    struct entry *e = data;
    nodes_dispose(&e->d);
    g_free(e);
}

static unsigned wanted_parts(const struct store *s)
{
    return s->want & STORE_DETAIL ? PARTS : PART_NAME | PART_DEVICES;
}

static struct store_domain unknown(uint32_t id)
{
    return (struct store_domain){
        .id = id,
        .start_time = -1,
        .target_kib = -1,
        .static_max_kib = -1,
        .videoram_kib = -1,
        .dm_pid = -1,
        .agent_total_kib = -1,
        .agent_free_kib = -1,
    };
}

/* Reads the stale parts into `fresh`. Called without the lock. */
static void read_parts(struct store *s, struct store_domain *fresh,
                       const char *uuid, unsigned parts)
{
    if (parts & PART_NAME)
        nodes_name(&s->nodes, fresh);
    if (parts & PART_DETAIL)
        nodes_detail(&s->nodes, fresh, uuid);
    if (!(parts & PART_DEVICES))
        return;
    fresh->nets = g_array_new(FALSE, TRUE, sizeof(struct store_net));
    fresh->vbds = g_array_new(FALSE, TRUE, sizeof(struct store_vbd));
    if (s->want & STORE_DETAIL) {
        nodes_devices(&s->nodes, fresh);
        return;
    }
    if (!s->qdisks) {
        s->qdisks = g_hash_table_new(NULL, NULL);
        nodes_qdisk_domains(&s->nodes, s->qdisks);
    }
    if (g_hash_table_contains(s->qdisks, GUINT_TO_POINTER(fresh->id)))
        nodes_qdisks(&s->nodes, fresh);
}

/* Moves the parts that were read into the entry; what they replace goes to
 * `fresh`, which the caller disposes. */
static void take_parts(struct store_domain *d, struct store_domain *fresh,
                       unsigned parts)
{
    struct store_domain old = *d;
    if (parts & PART_DETAIL) {
        *d = *fresh;
        d->name = old.name;
        d->nets = old.nets;
        d->vbds = old.vbds;
        fresh->console = old.console;
        fresh->control = old.control;
    }
    if (parts & PART_NAME) {
        d->name = fresh->name;
        fresh->name = old.name;
    } else if (parts & PART_DETAIL) {
        fresh->name = NULL;
    }
    GArray *nets = fresh->nets, *vbds = fresh->vbds;
    fresh->nets = fresh->vbds = NULL;
    if (parts & PART_DEVICES) {
        d->nets = nets;
        d->vbds = vbds;
        fresh->nets = old.nets;
        fresh->vbds = old.vbds;
    }
}

/* Names first: a screen can show them while the rest is being read. */
static struct entry *next_stale(struct store *s, unsigned *parts)
{
    GHashTableIter it;
    gpointer value;
    struct entry *found = NULL;
    g_hash_table_iter_init(&it, s->entries);
    while (g_hash_table_iter_next(&it, NULL, &value)) {
        struct entry *e = value;
        if (e->stale & PART_NAME) {
            *parts = PART_NAME;
            return e;
        }
        if (e->stale && !found) {
            *parts = e->stale;
            found = e;
        }
    }
    return found;
}

/* Reads one stale domain. Called with the lock, which it gives up meanwhile.
 * False when nothing is stale. */
static bool refresh_one(struct store *s)
{
    unsigned parts;
    struct entry *e = next_stale(s, &parts);
    if (!e)
        return false;
    if (parts != PART_NAME && !s->names_known) {
        s->names_known = true;
        g_cond_broadcast(&s->settled);
    }
    s->busy = parts;
    struct store_domain fresh = unknown(e->d.id);
    char uuid[37];
    memcpy(uuid, e->uuid, sizeof uuid);
    e->stale &= ~parts;
    g_mutex_unlock(&s->lock);

    read_parts(s, &fresh, uuid, parts);

    g_mutex_lock(&s->lock);
    s->busy = 0;
    s->progress++;
    s->heard = g_get_monotonic_time();
    g_cond_broadcast(&s->settled);
    e = g_hash_table_lookup(s->entries, GUINT_TO_POINTER(fresh.id));
    if (s->nodes.lost && e)
        e->stale |= parts;
    else if (e && !memcmp(uuid, e->uuid, sizeof uuid))
        take_parts(&e->d, &fresh, parts);
    nodes_dispose(&fresh);
    return !s->nodes.lost;
}

static void event(struct store *s, const char *path)
{
    static const unsigned parts[] = { [NODES_NAME] = PART_NAME,
                                      [NODES_DETAIL] = PART_DETAIL,
                                      [NODES_DEVICES] = PART_DEVICES };
    uint32_t id;
    enum nodes_topic topic;
    if (!nodes_event_parse(path, &id, &topic))
        return;
    if (topic == NODES_DEVICES)
        g_clear_pointer(&s->qdisks, g_hash_table_unref);
    struct entry *e = g_hash_table_lookup(s->entries, GUINT_TO_POINTER(id));
    if (e)
        e->stale |= parts[topic] & wanted_parts(s);
}

static void drain(struct store *s)
{
    char **e;
    while (s->watcher && (e = xs_check_watch(s->watcher))) {
        event(s, e[XS_WATCH_PATH]);
        free(e);
    }
}

/* Called with the lock, which it gives up meanwhile. */
static void say_something(struct store *s)
{
    g_mutex_unlock(&s->lock);
    bool there = nodes_answer(&s->nodes);
    g_mutex_lock(&s->lock);
    if (there)
        s->heard = g_get_monotonic_time();
    s->asked = 0;
}

/* All there is to watch: a guest's writing costs the parsing of a path. */
static bool watch(struct store *s)
{
    s->watcher = xs_open(0);
    return s->watcher && xs_watch(s->watcher, "/local/domain", "domain") &&
           (!(s->want & STORE_DETAIL) ||
            xs_watch(s->watcher, "/libxl", "libxl"));
}

/* Called without the lock. */
static bool connect_xenstored(struct store *s)
{
    if (s->nodes.xs)
        return true;
    s->nodes.xs = xs_open(0);
    s->nodes.lost = false;
    return s->nodes.xs && (!(s->want & STORE_WATCH) || watch(s));
}

static void disconnect(struct store *s)
{
    if (s->nodes.xs)
        xs_close(s->nodes.xs);
    s->nodes.xs = NULL;
    if (s->watcher)
        xs_close(s->watcher);
    s->watcher = NULL;
    g_clear_pointer(&s->qdisks, g_hash_table_unref);
}

/* After a lost connection everything has to be read and watched again. */
static void all_stale(struct store *s)
{
    GHashTableIter it;
    gpointer value;
    g_hash_table_iter_init(&it, s->entries);
    while (g_hash_table_iter_next(&it, NULL, &value)) {
        struct entry *e = value;
        e->stale = wanted_parts(s);
    }
}

static void wait_for_work(struct store *s, int timeout_ms)
{
    bool watching = s->watcher;
    struct pollfd fds[2] = { { .fd = s->wake, .events = POLLIN } };
    if (watching)
        fds[1] =
            (struct pollfd){ .fd = xs_fileno(s->watcher), .events = POLLIN };
    poll(fds, watching ? 2 : 1, timeout_ms);
    uint64_t n;
    if (fds[0].revents & POLLIN && read(s->wake, &n, sizeof n) < 0)
        return;
    if (watching && fds[1].revents & (POLLHUP | POLLERR | POLLNVAL))
        s->nodes.lost = true;
    /* A guest that writes all the time wakes us five times a second, no more.
     */
    if (watching && fds[1].revents && !(fds[0].revents & POLLIN))
        g_usleep(DRAIN_PAUSE_US);
}

static void lost(struct store *s)
{
    s->down = true;
    g_cond_broadcast(&s->settled);
    g_mutex_unlock(&s->lock);
    disconnect(s);
    wait_for_work(s, RETRY_MS);
    g_mutex_lock(&s->lock);
    all_stale(s);
}

static gpointer run(gpointer data)
{
    struct store *s = data;
    g_mutex_lock(&s->lock);
    while (!s->quit) {
        g_mutex_unlock(&s->lock);
        bool there = connect_xenstored(s);
        g_mutex_lock(&s->lock);
        if (there)
            drain(s);
        if (there && s->asked)
            say_something(s);
        while (there && !s->quit && refresh_one(s))
            s->down = false;
        if (!there || s->nodes.lost) {
            lost(s);
            continue;
        }
        s->down = false;
        g_cond_broadcast(&s->settled);
        g_mutex_unlock(&s->lock);
        wait_for_work(s, -1);
        g_mutex_lock(&s->lock);
    }
    g_mutex_unlock(&s->lock);
    disconnect(s);
    g_mutex_lock(&s->lock);
    s->ended = true;
    g_cond_broadcast(&s->settled);
    g_mutex_unlock(&s->lock);
    return NULL;
}

/* Where a xenstored has its socket, libxenstore shall try only that: when it
 * has ended, the kernel's device leads nowhere, and a process that asks it
 * cannot even be killed. XS_OPEN_SOCKETONLY has no effect any more. */
static void prefer_socket(void)
{
    const char *path = xs_daemon_socket();
    if (!access(path, F_OK))
        setenv("XENSTORED_PATH", path, 0);
}

struct store *top_store_open(unsigned want)
{
    struct store *s = g_new0(struct store, 1);
    prefer_socket();
    s->want = want;
    g_mutex_init(&s->lock);
    g_cond_init(&s->settled);
    s->entries = g_hash_table_new_full(NULL, NULL, NULL, entry_free);
    s->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    /* Signals belong to main's thread. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    s->thread = g_thread_new("xenstore", run, s);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return s;
}

static void wake(struct store *s)
{
    uint64_t one = 1;
    if (write(s->wake, &one, sizeof one) < 0)
        return; /* full: it is awake already */
}

void top_store_close(struct store *s)
{
    if (!s)
        return;
    gint64 end = g_get_monotonic_time() + G_USEC_PER_SEC;
    g_mutex_lock(&s->lock);
    s->quit = true;
    wake(s);
    bool in_time = true;
    while (!s->ended && in_time)
        in_time = g_cond_wait_until(&s->settled, &s->lock, end);
    bool ended = s->ended;
    g_mutex_unlock(&s->lock);
    if (!ended)
        return; /* it waits for xenstored, and the memory is still its own */
    g_thread_join(s->thread);
    g_hash_table_destroy(s->entries);
    g_mutex_clear(&s->lock);
    g_cond_clear(&s->settled);
    close(s->wake);
    g_free(s);
}

/* Makes the table's domains those of `live`. True when something new came. */
static bool update(struct store *s, const struct store_live *live, guint n)
{
    bool news = false;
    for (guint i = 0; i < n; i++) {
        gpointer key = GUINT_TO_POINTER(live[i].id);
        struct entry *e = g_hash_table_lookup(s->entries, key);
        if (!e || memcmp(e->uuid, live[i].uuid, sizeof e->uuid)) {
            e = g_new0(struct entry, 1);
            e->d = unknown(live[i].id);
            memcpy(e->uuid, live[i].uuid, sizeof e->uuid);
            e->stale = wanted_parts(s);
            g_hash_table_replace(s->entries, key, e);
            news = true;
        }
        e->live = true;
    }
    GHashTableIter it;
    gpointer value;
    g_hash_table_iter_init(&it, s->entries);
    while (g_hash_table_iter_next(&it, NULL, &value)) {
        struct entry *e = value;
        if (!e->live) {
            g_hash_table_iter_remove(&it);
            news = true;
            continue;
        }
        e->live = false;
    }
    return news;
}

static bool complete(struct store *s, bool all)
{
    GHashTableIter it;
    gpointer value;
    g_hash_table_iter_init(&it, s->entries);
    while (g_hash_table_iter_next(&it, NULL, &value)) {
        const struct entry *e = value;
        if (e->stale & PART_NAME || (all && e->stale))
            return false;
    }
    return true;
}

/* Whether xenstored is silent for too long; asks it when it was silent for a
 * while. With the lock. */
static bool silent(struct store *s)
{
    gint64 now = g_get_monotonic_time();
    if (!s->asked && now - s->heard > ASK_AFTER_US) {
        s->asked = now;
        wake(s);
    }
    return s->asked && now - s->asked > ANSWER_WITHIN_US;
}

bool store_sync(struct store *s, const struct store_live *live, guint n,
                bool all, int timeout_ms)
{
    const gint64 patience = timeout_ms * G_TIME_SPAN_MILLISECOND;
    gint64 end = g_get_monotonic_time() + patience;
    unsigned parts = all ? PARTS : PART_NAME;
    bool in_time = true;
    g_mutex_lock(&s->lock);
    uint64_t seen = s->progress;
    if (update(s, live, n)) {
        s->names_known = false;
        wake(s);
    }
    while (!s->down && in_time && (s->busy & parts || !complete(s, all))) {
        in_time = g_cond_wait_until(&s->settled, &s->lock, end);
        if (s->progress != seen) {
            seen = s->progress;
            end = g_get_monotonic_time() + patience;
        }
    }
    bool answered = !s->down && in_time && !silent(s);
    g_mutex_unlock(&s->lock);
    return answered;
}

void store_lock(struct store *s)
{
    g_mutex_lock(&s->lock);
}

const struct store_domain *store_find(struct store *s, uint32_t id)
{
    const struct entry *e =
        g_hash_table_lookup(s->entries, GUINT_TO_POINTER(id));
    return e ? &e->d : NULL;
}

void store_unlock(struct store *s)
{
    g_mutex_unlock(&s->lock);
}
