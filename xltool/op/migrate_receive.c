/* The receiving end of a migration (way A, from a stream to a running domain).
 * The sender owns the domain until it has said GO. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "op/guard.h"
#include "op/migrate.h"
#include "op/transfer.h"

enum { GO_MS = 600000 };

static void say(const char *what)
{
    fprintf(stderr, "migration target: %s\n", what);
}

/* Permission has come: the final name, and off. */
static int start(struct xen *x, uint32_t domid, const char *incoming,
                 const char *name, bool paused, struct err *err)
{
    int rc = libxl_domain_rename(x->ctx, domid, incoming, name);
    if (rc)
        return xen_fail(x, err, rc, "cannot name the domain \"%s\"", name);
    if (!paused && (rc = libxl_domain_unpause(x->ctx, domid, NULL)))
        return xen_fail(x, err, rc, "cannot start \"%s\"", name);
    return 0;
}

/* Our copy goes; the sender may have its domain back once it is gone. */
static int give_back(struct xen *x, const struct migrate_receive_how *how,
                     uint32_t domid, struct err *err)
{
    static const char result[] = MIGRATE_REPORT "\0\1";
    transfer_write_all(how->out_fd, result, sizeof(MIGRATE_REPORT) + 1,
                       "the sender", NULL);
    say("the domain did not start; removing it here.");
    int rc = libxl_domain_destroy(x->ctx, domid, NULL);
    if (rc) {
        ERR_AUTO second = { 0 };
        xen_fail(x, &second, rc, "it cannot be removed");
        return err_context(err, "removing it: %s", second.message);
    }
    transfer_write_all(how->out_fd, MIGRATE_GO, sizeof(MIGRATE_GO),
                       "the sender", NULL);
    return -1;
}

static int finish(struct xen *x, const struct migrate_receive_how *how,
                  uint32_t domid, const char *incoming, const char *name,
                  struct err *err)
{
    static const char done[] = MIGRATE_REPORT "\0\0";
    say("the domain is complete; asking for permission to start it.");
    if (transfer_write_all(how->out_fd, MIGRATE_READY, sizeof(MIGRATE_READY),
                           "the sender", err) ||
        migrate_expect(how->in_fd, MIGRATE_GO, sizeof(MIGRATE_GO), GO_MS,
                       "the sender", err)) {
        /* never told to start it: it is the sender's still */
        libxl_domain_destroy(x->ctx, domid, NULL);
        return err_hint(err, "\"%s\" was removed here.", name);
    }
    if (start(x, domid, incoming, name, how->paused, err))
        return give_back(x, how, domid, err);
    say("permission given, the domain has started.");
    /* it runs here now, whatever becomes of the sender */
    transfer_write_all(how->out_fd, done, sizeof(MIGRATE_REPORT) + 1,
                       "the sender", NULL);
    return 0;
}

/* The stream of checkpoints has ended: this copy is the domain now. */
static int take_over(struct xen *x, const struct migrate_receive_how *how,
                     uint32_t domid, const char *incoming, const char *name,
                     struct err *err)
{
    bool colo = how->standby == LIBXL_CHECKPOINTED_STREAM_COLO;
    fprintf(stderr, "migration target: %s Failover for domain %u\n",
            colo ? "COLO" : "Remus", domid);
    /* under COLO it runs already; a name that is taken must not stop it */
    ERR_AUTO unnamed = { 0 };
    int rc = libxl_domain_rename(x->ctx, domid, incoming, name);
    if (rc) {
        xen_fail(x, &unnamed, rc, "it keeps the name \"%s\"", incoming);
        err_print(stderr, "xl", &unnamed);
    }
    rc = colo ? 0 : libxl_domain_unpause(x->ctx, domid, NULL);
    return rc ? xen_fail(x, err, rc, "cannot start \"%s\"", name) : 0;
}

static void set_standby(const struct migrate_receive_how *how,
                        libxl_domain_restore_params *params,
                        struct create_how *create)
{
    params->checkpointed_stream = (int)how->standby;
    if (how->standby == LIBXL_CHECKPOINTED_STREAM_NONE)
        return;
    create->send_back_fd = how->out_fd;
    params->colo_proxy_script =
        how->colo_script ? strdup(how->colo_script) : NULL;
    libxl_defbool_set(&params->userspace_colo_proxy, how->userspace_proxy);
}

int migrate_receive(struct xen *x, const struct migrate_receive_how *how,
                    struct err *err)
{
    libxl_domain_restore_params params;
    struct load l;
    uint32_t domid = CREATE_NONE;
    struct guard guard = { .fd = -1 };
    struct create_how create = {
        .paused = true,
        .monitor = !how->no_monitor,
        .daemonize = !how->foreground && !how->no_monitor,
        .restore_fd = how->in_fd,
        .send_back_fd = -1,
        .restore_params = &params,
    };
    signal(SIGPIPE, SIG_IGN);
    say("ready to receive a domain.");
    if (transfer_write_all(how->out_fd, MIGRATE_BANNER,
                           sizeof(MIGRATE_BANNER) - 1, "the sender", err))
        return -1;
    int r = transfer_load(x, how->in_fd, "the incoming stream", NULL, &l,
                          &params, err);
    if (r == 0) {
        g_autofree char *name = g_strdup(l.config.c_info.name);
        g_autofree char *incoming = g_strdup_printf("%s--incoming", name);
        free(l.config.c_info.name);
        l.config.c_info.name = strdup(incoming);
        set_standby(how, &params, &create);
        r = guard_start(x, GUARD_REMOVE, domid, incoming, &guard, err);
        if (r == 0)
            r = create_domain(x, &l, &create, &domid, err);
        if (r == 0)
            r = how->standby ? take_over(x, how, domid, incoming, name, err)
                             : finish(x, how, domid, incoming, name, err);
        guard_dismiss(&guard);
    }
    load_dispose(&l);
    libxl_domain_restore_params_dispose(&params);
    return r;
}
