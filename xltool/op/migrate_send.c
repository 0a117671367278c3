/* The sending end of a migration (way A, from a running domain to words and a
 * stream for another host). */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "op/guard.h"
#include "op/migrate.h"
#include "op/peer.h"
#include "op/signals.h"
#include "op/transfer.h"
#include "xen/find.h"

enum {
    BANNER_MS = 60000, /* the other host may ask for a password first */
    WORD_MS = 600000,  /* building there */
};

/* One migration under way. */
struct sending {
    struct xen *x;
    const struct migrate_how *how;
    uint32_t domid;
    char *name, *away; /* NAME and NAME--migratedaway */
    struct peer peer;
    struct guard guard;
    struct signals signals; /* Ctrl-C ends it in order */
};

/* Xen without shadow paging cannot follow what a PV guest writes: then it has
 * to stand still while its memory goes over. */
static int live_flag(struct sending *s)
{
    libxl_physinfo host;
    libxl_dominfo info;
    libxl_physinfo_init(&host);
    libxl_dominfo_init(&info);
    bool still = libxl_get_physinfo(s->x->ctx, &host) == 0 &&
                 libxl_domain_info(s->x->ctx, &info, s->domid) == 0 &&
                 info.domain_type == LIBXL_DOMAIN_TYPE_PV && !host.cap_shadow;
    libxl_dominfo_dispose(&info);
    libxl_physinfo_dispose(&host);
    if (!still)
        return LIBXL_SUSPEND_LIVE;
    fprintf(stderr,
            "xl: this Xen has no shadow paging, which moving a running PV "
            "guest needs;\n  \"%s\" stands still until it has arrived\n",
            s->name);
    return 0;
}

static int rename_to(struct sending *s, const char *from, const char *to,
                     struct err *err)
{
    int rc = libxl_domain_rename(s->x->ctx, s->domid, from, to);
    if (rc)
        return xen_fail(s->x, err, rc, "cannot rename \"%s\"", from);
    return 0;
}

/* Our copy goes on. err keeps the cause. */
static int keep_here(struct sending *s, struct err *err)
{
    ERR_AUTO second = { 0 };
    char *now = libxl_domid_to_name(s->x->ctx, s->domid);
    if (now && strcmp(now, s->name))
        rename_to(s, now, s->name, NULL);
    free(now);
    xen_log_clear(s->x->log);
    int r = transfer_resume(s->x, s->domid, &second);
    guard_dismiss(&s->guard);
    if (r == 0)
        return err_hint(err, "\"%s\" goes on running here.", s->name);
    err_context(err, "resuming it here: %s", second.message);
    return err_hint(err, "\"%s\" is still here but stands still.", s->name);
}

/* The other host was told to start it and did not say whether it did. */
static int find_out(struct sending *s, struct err *err)
{
    int there = peer_has_domain(s->how, s->name);
    if (there == 0)
        return keep_here(s, err);
    if (there == 1) {
        err_hint(err,
                 "\"%s\" runs on %s: it was asked. The copy here was "
                 "destroyed.",
                 s->name, s->how->host);
        libxl_domain_destroy(s->x->ctx, s->domid, NULL);
        guard_dismiss(&s->guard);
        return -1;
    }
    guard_dismiss(&s->guard);
    return err_hint(err,
                    "It cannot be known from here whether \"%s\" runs on %s. "
                    "The copy here stands still as \"%s\": destroy it when the "
                    "other runs, else rename it back and `xl unpause` it. "
                    "Never let both run.",
                    s->name, s->how->host, s->away);
}

/* READY has come: hands the domain over. */
static int hand_over(struct sending *s, struct err *err)
{
    char result = 0;
    if (rename_to(s, s->name, s->away, err) ||
        transfer_write_all(s->peer.send_fd, MIGRATE_GO, sizeof(MIGRATE_GO),
                           "the receiver", err))
        return keep_here(s, err);
    if (migrate_expect(s->peer.recv_fd, MIGRATE_REPORT, sizeof(MIGRATE_REPORT),
                       WORD_MS, "the receiver", err) ||
        read(s->peer.recv_fd, &result, 1) != 1) {
        if (err && err->id == ERR_NONE)
            err_set(err, ERR_IO, "the receiver has gone away");
        return find_out(s, err);
    }
    if (result == 0)
        return 0;
    err_set(err, ERR_FAIL, "%s could not start the domain (its code %d)",
            s->how->host, result);
    ERR_AUTO ignored = { 0 };
    if (migrate_expect(s->peer.recv_fd, MIGRATE_GO, sizeof(MIGRATE_GO), WORD_MS,
                       "the receiver", &ignored))
        return find_out(s, err);
    return keep_here(s, err);
}

/* A stream that broke because nobody reads it any more: the cause is what the
 * receiver has said, not what libxl says here. */
static int blame_receiver(struct sending *s, struct err *err)
{
    struct pollfd p = { .fd = s->peer.send_fd };
    if (!err || err->id == ERR_ABORTED || poll(&p, 1, 0) < 1 ||
        !(p.revents & POLLERR))
        return -1;
    g_autofree char *hint = g_strdup(err->hint);
    err_set(err, ERR_IO, "the receiver on %s gave up; it may have said why",
            s->how->host);
    return hint ? err_hint(err, "%s", hint) : -1;
}

/* Until the receiver has it all; a signal is in time as long as it has not been
 * told to go on. */
static int wait_ready(struct sending *s, struct err *err)
{
    struct pollfd p[] = { { .fd = s->peer.recv_fd, .events = POLLIN },
                          { .fd = s->signals.fd, .events = POLLIN } };
    ERR_AUTO why = { 0 };
    int n = poll(p, 2, WORD_MS);
    if (n >= 0 && !signals_came(&s->signals) &&
        migrate_expect(s->peer.recv_fd, MIGRATE_READY, sizeof(MIGRATE_READY),
                       WORD_MS, "the receiver", &why) == 0)
        return 0;
    if (!signals_came(&s->signals)) {
        err_move(err, &why);
        return -1;
    }
    err_set(err, ERR_ABORTED, "interrupted");
    if (err)
        err->exit_code = 130;
    return -1;
}

static int transfer(struct sending *s, const char *config, struct err *err)
{
    int flags = s->how->debug ? LIBXL_SUSPEND_DEBUG : 0;
    if (migrate_expect(s->peer.recv_fd, MIGRATE_BANNER,
                       sizeof(MIGRATE_BANNER) - 1, BANNER_MS, "the receiver",
                       err)) {
        err_hint(err, "Does `%s` work, and is xl there?", s->peer.command);
        return -1;
    }
    flags |= live_flag(s);
    signals_hold(&s->signals);
    if (guard_start(s->x, GUARD_TAKE_BACK, s->domid, s->name, &s->guard, err))
        return -1;
    g_autofree char *doing =
        g_strdup_printf("moving %s to %s", s->name, s->how->host);
    if (transfer_send(s->x, s->domid, s->peer.send_fd, flags, config,
                      "the receiver", doing, err)) {
        guard_dismiss(&s->guard);
        return blame_receiver(s, err);
    }
    return wait_ready(s, err) ? keep_here(s, err) : hand_over(s, err);
}

int migrate_send(struct xen *x, uint32_t domid, const struct migrate_how *how,
                 struct err *err)
{
    struct sending s = { .x = x,
                         .how = how,
                         .domid = domid,
                         .guard = { .fd = -1 },
                         .signals = { .fd = -1 },
                         .name = find_name(x, domid) };
    g_autofree char *config =
        transfer_config(x, domid, how->config, how->keep_domid, err);
    if (!config) {
        free(s.name);
        return -1;
    }
    s.away = g_strdup_printf("%s--migratedaway", s.name);
    int r = peer_start(x, how, &s.peer, err);
    if (r == 0)
        r = transfer(&s, config, err);
    if (r == 0) {
        int rc = libxl_domain_destroy(x->ctx, domid, NULL);
        guard_dismiss(&s.guard);
        if (rc)
            r = xen_fail(x, err, rc,
                         "the domain runs on %s, but its copy here is still "
                         "there as \"%s\"",
                         how->host, s.away);
    }
    peer_end(&s.peer);
    signals_release(&s.signals);
    free(s.name);
    g_free(s.away);
    return r;
}
