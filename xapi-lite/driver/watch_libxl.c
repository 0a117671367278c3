/* One thread that hears of guests: domains that come and go, ends, and what
 * guests write about themselves (way B). */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "driver/vm_libxl.h"

struct watcher {
    struct driver *driver;
    struct xs_handle *xs;
    GThread *thread;
    int stop;            /* eventfd */
    GHashTable *watched; /* domid -> 1: its guest nodes are watched */
};

/* Nodes below /local/domain/N that guests write. */
static const char *const guest_nodes[] = { "attr", "data", "control",
                                           "memory" };

static void watch_guest(struct watcher *w, uint32_t domid, bool on)
{
    bool known = g_hash_table_contains(w->watched, GUINT_TO_POINTER(domid));
    if (known == on)
        return;
    for (size_t i = 0; i < G_N_ELEMENTS(guest_nodes); i++) {
        char path[64], token[24];
        g_snprintf(path, sizeof path, "/local/domain/%u/%s", domid,
                   guest_nodes[i]);
        g_snprintf(token, sizeof token, "g%u", domid);
        if (on)
            xs_watch(w->xs, path, token);
        else
            xs_unwatch(w->xs, path, token);
    }
    if (on)
        g_hash_table_add(w->watched, GUINT_TO_POINTER(domid));
    else
        g_hash_table_remove(w->watched, GUINT_TO_POINTER(domid));
}

static bool in_list(const libxl_dominfo *list, int n, uint32_t domid)
{
    for (int i = 0; i < n; i++)
        if (list[i].domid == domid)
            return true;
    return false;
}

/* Watches what is new, tells of those that have ended, forgets the gone. */
static void look_at_list(struct watcher *w)
{
    int n = 0;
    libxl_dominfo *list = libxl_list_domain(w->driver->ctx, &n);
    if (!list)
        return;
    for (int i = 0; i < n; i++) {
        if (list[i].domid == 0)
            continue;
        watch_guest(w, list[i].domid, true);
        if (list[i].shutdown)
            w->driver->fn(w->driver->user, VM_EVENT_ENDED, list[i].domid);
    }
    g_autoptr(GList) known = g_hash_table_get_keys(w->watched);
    for (GList *l = known; l; l = l->next)
        if (!in_list(list, n, GPOINTER_TO_UINT(l->data)))
            watch_guest(w, GPOINTER_TO_UINT(l->data), false);
    libxl_dominfo_list_free(list, n);
    w->driver->fn(w->driver->user, VM_EVENT_LIST, 0);
}

/* Reads all that is there, so that a burst is told once. */
static void read_watches(struct watcher *w)
{
    g_autoptr(GHashTable) guests = g_hash_table_new(NULL, NULL);
    bool list = false;
    char **v;
    while ((v = xs_check_watch(w->xs))) {
        const char *token = v[XS_WATCH_TOKEN];
        if (token[0] == 'g')
            g_hash_table_add(guests,
                             GUINT_TO_POINTER(strtoul(token + 1, NULL, 10)));
        else
            list = true;
        free(v);
    }
    if (list)
        look_at_list(w);
    GHashTableIter it;
    void *domid;
    g_hash_table_iter_init(&it, guests);
    while (g_hash_table_iter_next(&it, &domid, NULL))
        w->driver->fn(w->driver->user, VM_EVENT_GUEST, GPOINTER_TO_UINT(domid));
}

static void *watch(void *data)
{
    struct watcher *w = data;
    struct pollfd fds[] = { { xs_fileno(w->xs), POLLIN, 0 },
                            { w->stop, POLLIN, 0 } };
    for (;;) {
        int r = poll(fds, 2, -1);
        if (r < 0 && errno != EINTR)
            break;
        if (fds[1].revents)
            break;
        if (r > 0)
            read_watches(w);
    }
    return NULL;
}

struct watcher *watcher_open(struct driver *d)
{
    struct watcher *w = g_new0(struct watcher, 1);
    w->driver = d;
    w->xs = xs_open(0);
    w->stop = eventfd(0, EFD_CLOEXEC);
    w->watched = g_hash_table_new(NULL, NULL);
    if (w->xs) {
        xs_watch(w->xs, "@introduceDomain", "list");
        xs_watch(w->xs, "@releaseDomain", "list");
        w->thread = g_thread_new("guests", watch, w);
    }
    return w;
}

void watcher_close(struct watcher *w)
{
    if (!w)
        return;
    uint64_t one = 1;
    if (w->thread && write(w->stop, &one, sizeof one) == sizeof one)
        g_thread_join(w->thread);
    if (w->xs)
        xs_close(w->xs);
    close(w->stop);
    g_hash_table_destroy(w->watched);
    g_free(w);
}

void driver_watch(struct driver *d, driver_event_fn *fn, void *user)
{
    d->fn = fn;
    d->user = user;
    d->watcher = watcher_open(d);
}

void driver_unwatch(struct driver *d)
{
    watcher_close(d->watcher);
    d->watcher = NULL;
}
