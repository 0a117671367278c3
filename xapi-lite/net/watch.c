/* Tells when links of this host come, go or change, by a thread that listens
 * to the kernel (way B). */
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "net/internal.h"

enum { SETTLE_MS = 300 }; /* one change seldom comes alone */

struct net_watch {
    struct nl_sock *nl;
    int stop; /* eventfd */
    GThread *thread;
    void (*fn)(void *user);
    void *user;
};

static int ignore(struct nl_msg *m, void *user)
{
    (void)m;
    (void)user;
    return NL_OK;
}

/* Waits for a change (forever) or for quiet (ms). False: it is the end. */
static bool wait_for(struct net_watch *w, int ms, bool *change_out)
{
    struct pollfd p[2] = { { .fd = nl_socket_get_fd(w->nl), .events = POLLIN },
                           { .fd = w->stop, .events = POLLIN } };
    *change_out = poll(p, 2, ms) > 0 && p[0].revents;
    if (*change_out)
        nl_recvmsgs_default(w->nl);
    return !p[1].revents;
}

static void *run(void *user)
{
    struct net_watch *w = user;
    bool change;
    while (wait_for(w, -1, &change)) {
        if (!change)
            continue;
        gint64 end = g_get_monotonic_time() + 5 * G_USEC_PER_SEC;
        while (change && g_get_monotonic_time() < end)
            if (!wait_for(w, SETTLE_MS, &change))
                return NULL;
        w->fn(w->user);
    }
    return NULL;
}

struct net_watch *net_watch_open(void (*fn)(void *user), void *user)
{
    struct nl_sock *nl = net_nl_open(NULL);
    if (!nl)
        return NULL;
    nl_socket_disable_seq_check(nl);
    nl_socket_modify_cb(nl, NL_CB_VALID, NL_CB_CUSTOM, ignore, NULL);
    nl_socket_set_nonblocking(nl);
    if (nl_socket_add_memberships(nl, RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, 0) <
        0) {
        nl_socket_free(nl);
        return NULL;
    }
    struct net_watch *w = g_new0(struct net_watch, 1);
    *w = (struct net_watch){ nl, eventfd(0, EFD_CLOEXEC), NULL, fn, user };
    w->thread = g_thread_new("networks", run, w);
    return w;
}

void net_watch_close(struct net_watch *w)
{
    uint64_t one = 1;
    if (!w)
        return;
    if (write(w->stop, &one, sizeof one) == sizeof one)
        g_thread_join(w->thread);
    close(w->stop);
    nl_socket_free(w->nl);
    g_free(w);
}
