/* Asking domains to shut down or reboot, and waiting for it (way A). */
#include "op/shutdown.h"

#include <libxl_event.h>

#include "xen/wait.h"

static int ask(struct xen *x, uint32_t domid, const struct shutdown_how *how,
               struct err *err)
{
    const char *what = how->reboot ? "reboot" : "shut down";
    fprintf(stderr, "%s domain %u\n",
            how->reboot ? "Rebooting" : "Shutting down", domid);
    int rc = how->reboot ? libxl_domain_reboot(x->ctx, domid, NULL)
                         : libxl_domain_shutdown(x->ctx, domid, NULL);
    if (rc == ERROR_NOPARAVIRT && how->acpi) {
        fprintf(stderr,
                "PV control interface not available: pressing the ACPI %s "
                "button\n",
                how->reboot ? "reset" : "power");
        rc = libxl_send_trigger(
            x->ctx, domid,
            how->reboot ? LIBXL_TRIGGER_RESET : LIBXL_TRIGGER_POWER, 0, NULL);
    } else if (rc == ERROR_NOPARAVIRT) {
        xen_log_clear(x->log);
        err_libxl(err, rc, "domain %u cannot be asked to %s", domid, what);
        return err_hint(err, "-F presses its ACPI %s button instead.",
                        how->reboot ? "reset" : "power");
    }
    return rc ? xen_fail(x, err, rc, "cannot %s domain %u", what, domid) : 0;
}

struct waiting {
    uint32_t domid;
    libxl_evgen_domain_death *gen;
    bool done;
};

static void say_end(const libxl_event *e)
{
    if (e->type == LIBXL_EVENT_TYPE_DOMAIN_DEATH)
        fprintf(stderr, "Domain %u has been destroyed\n", e->domid);
    else
        fprintf(stderr, "Domain %u has been shut down, reason code %d\n",
                e->domid, e->u.domain_shutdown.shutdown_reason);
}

static int wait_ends(struct xen *x, struct waiting *w, int nr, unsigned seconds,
                     struct err *err)
{
    int64_t end = wait_now_ms() + (int64_t)seconds * 1000;
    int left = nr;
    fprintf(stderr, "Waiting for %d domain%s\n", nr, nr == 1 ? "" : "s");
    while (left) {
        libxl_event *e;
        int64_t still = end - wait_now_ms();
        int rc =
            wait_event(x, seconds ? (int)CLAMP(still, 0, G_MAXINT) : -1, &e);
        if (rc == ERROR_TIMEDOUT)
            return err_set(err, ERR_TIMEOUT,
                           "%d of %d domains did not end within %u seconds",
                           left, nr, seconds);
        if (rc)
            return xen_fail(x, err, rc, "cannot wait for the domains");
        struct waiting *of = &w[e->for_user];
        if (e->type == LIBXL_EVENT_TYPE_DOMAIN_DEATH ||
            e->type == LIBXL_EVENT_TYPE_DOMAIN_SHUTDOWN) {
            say_end(e);
            left -= !of->done;
            of->done = true;
            if (of->gen)
                libxl_evdisable_domain_death(x->ctx, of->gen);
            of->gen = NULL;
        }
        libxl_event_free(x->ctx, e);
    }
    return 0;
}

/* Watches are set before anything is asked, so that a quick end is seen. */
static int ask_and_wait(struct xen *x, struct waiting *w, int nr,
                        const struct shutdown_how *how, struct err *err)
{
    int r = 0, asked = 0;
    for (int i = 0; i < nr && r == 0; i++) {
        if (how->wait) {
            int rc = libxl_evenable_domain_death(x->ctx, w[i].domid,
                                                 (libxl_ev_user)i, &w[i].gen);
            if (rc)
                r = xen_fail(x, err, rc, "cannot watch domain %u", w[i].domid);
        }
        if (r == 0)
            r = ask(x, w[i].domid, how, err);
        asked += r == 0;
    }
    if (how->wait && r == 0 && asked)
        r = wait_ends(x, w, asked, how->seconds, err);
    for (int i = 0; i < nr; i++)
        if (w[i].gen)
            libxl_evdisable_domain_death(x->ctx, w[i].gen);
    return r;
}

int shutdown_one(struct xen *x, uint32_t domid, const struct shutdown_how *how,
                 struct err *err)
{
    struct waiting w = { .domid = domid };
    return ask_and_wait(x, &w, 1, how, err);
}

int shutdown_all(struct xen *x, const struct shutdown_how *how, struct err *err)
{
    int nr = 0, n = 0;
    libxl_dominfo *infos = libxl_list_domain(x->ctx, &nr);
    if (!infos)
        return xen_fail(x, err, ERROR_FAIL, "cannot list the domains");
    g_autofree struct waiting *w = g_new0(struct waiting, nr + 1);
    for (int i = 0; i < nr; i++)
        if (infos[i].domid != 0)
            w[n++].domid = infos[i].domid;
    libxl_dominfo_list_free(infos, nr);
    return ask_and_wait(x, w, n, how, err);
}
