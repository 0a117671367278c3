/* Creating a domain: memory, lock, libxl, console, and what stays behind (way
 * A, from libxl_domain_config to a running guest). */
#include "op/create.h"

#include <stdlib.h>
#include <unistd.h>

#include "op/console.h"
#include "op/daemon.h"
#include "op/lock.h"
#include "op/memory.h"
#include "op/monitor.h"
#include "op/progress.h"
#include "op/signals.h"
#include "op/sweep.h"
#include "op/vnc.h"
#include "op/why.h"
#include "xen/child.h"
#include "xen/wait.h"

/* Starts libxl on it; the operation ends in wait_op. */
static int begin(struct xen *x, struct load *l, const struct create_how *how,
                 uint32_t soft_reset_domid, uint32_t *domid, struct wait_op *op,
                 const libxl_asyncprogress_how *console)
{
    if (soft_reset_domid != CREATE_NONE)
        return libxl_domain_soft_reset(x->ctx, &l->config, soft_reset_domid,
                                       &op->how, console);
    if (how->restore_params)
        return libxl_domain_create_restore(
            x->ctx, &l->config, domid, how->restore_fd, how->send_back_fd,
            how->restore_params, &op->how, console);
    return libxl_domain_create_new(x->ctx, &l->config, domid, &op->how,
                                   console);
}

static int failed(struct xen *x, struct load *l,
                  const struct memory_need *memory, int rc, uint32_t domid,
                  bool interrupted, struct err *err)
{
    struct why_facts facts = {
        .config = &l->config, .memory = memory, .rc = rc, .domid = domid
    };
    const char *name = l->config.c_info.name;
    if (interrupted)
        err_set(err, ERR_ABORTED,
                "interrupted; nothing of the domain \"%s\" is left", name);
    else
        why_creation_failed(x->log, &facts, err);
    if (interrupted && err)
        err->exit_code = 130;
    xen_log_clear(x->log);
    return -1;
}

/* libxl removes what it had begun; a domain that is still there goes too. */
static void remove_rest(struct xen *x, const struct load *l, uint32_t domid)
{
    if (!libxl_domid_valid_guest(domid))
        return;
    libxl_domain_destroy(x->ctx, domid, NULL);
    sweep_gone(x, domid, &l->config.c_info.uuid);
}

static int run_libxl(struct xen *x, struct load *l,
                     const struct create_how *how, uint32_t soft_reset_domid,
                     struct console *console, const struct signals *signals,
                     uint32_t *domid)
{
    struct wait_op op;
    g_autofree char *doing =
        g_strdup_printf("restoring %s", l->config.c_info.name);
    struct progress_how seen = { .what = doing,
                                 .source = PROGRESS_READ,
                                 .fd = how->restore_fd };
    struct progress *progress =
        how->restore_params && how->show ? progress_start(x->log, &seen) : NULL;
    wait_op_init(&op);
    int rc = begin(x, l, how, soft_reset_domid, domid, &op,
                   console ? &console->how : NULL);
    if (rc == 0)
        rc = wait_op(x, &op, signals->fd, -1);
    progress_end(progress, rc == 0);
    return rc;
}

/* With the lock held: memory, then libxl. */
static int build_locked(struct xen *x, struct load *l,
                        const struct create_how *how, uint32_t soft_reset_domid,
                        struct console *console, const struct signals *signals,
                        bool autoballoon, uint32_t *domid_out, struct err *err)
{
    struct memory_need memory;
    uint32_t domid = soft_reset_domid;
    memory_count(x, &l->config, &memory);
    if (autoballoon && soft_reset_domid == CREATE_NONE &&
        memory_make_room(x, &l->config, &memory, err))
        return -1;
    xen_log_clear(x->log);
    l->config.c_info.domid =
        l->conf.domid_random ? RANDOM_DOMID : INVALID_DOMID;
    int rc = run_libxl(x, l, how, soft_reset_domid, console, signals, &domid);
    if (rc == 0 && !signals_came(signals)) {
        *domid_out = domid;
        return 0;
    }
    /* what cleaning up says must not hide the cause */
    failed(x, l, &memory, rc, domid, signals_came(signals), err);
    remove_rest(x, l, domid);
    xen_log_clear(x->log);
    return -1;
}

static int start(struct xen *x, const struct load *l,
                 const struct create_how *how, struct console *console,
                 uint32_t domid, struct err *err)
{
    if (console)
        console_wait_ready(console);
    if (how->paused)
        return 0;
    int rc = libxl_domain_unpause(x->ctx, domid, NULL);
    if (rc == 0 && !sweep_is_gone(x, domid))
        return 0;
    if (rc)
        xen_fail(x, err, rc, "the domain was built but cannot be started");
    else
        err_set(err, ERR_LIBXL, "someone else destroyed the domain");
    remove_rest(x, l, domid);
    return -1;
}

int create_build(struct xen *x, struct load *l, const struct create_how *how,
                 uint32_t soft_reset_domid, struct console *console,
                 uint32_t *domid_out, struct err *err)
{
    bool autoballoon = memory_autoballoon(x, &l->conf);
    struct signals signals = { .fd = -1 };
    int lock = -1, r = 0;
    const char *lockfile = l->conf.lockfile ? l->conf.lockfile : "/var/lock/xl";

    signals_hold(&signals);
    if (autoballoon)
        r = (lock = lock_take(lockfile, signals.fd, err)) < 0 ? -1 : 0;
    if (r == 0)
        r = build_locked(x, l, how, soft_reset_domid, console, &signals,
                         autoballoon, domid_out, err);
    lock_release(lock);
    if (r == 0)
        r = start(x, l, how, console, *domid_out, err);
    signals_release(&signals);
    return r;
}

/* The process that stays: in the background it never comes back. */
static int stay(struct xen *x, struct load *l, const struct create_how *how,
                uint32_t domid, struct err *err)
{
    if (!how->monitor)
        return 0;
    if (!how->daemonize)
        return monitor_run(x, l, how, domid, err);
    g_autofree char *name = g_strdup_printf("xl-%s", l->config.c_info.name);
    /* no Ctrl-C between the guest's start and its monitor's */
    struct signals signals = { .fd = -1 };
    signals_hold(&signals);
    int r = daemon_start(x, name, err);
    signals_release(&signals);
    if (r <= 0)
        return r;
    ERR_AUTO why = { 0 };
    r = monitor_run(x, l, how, domid, &why);
    err_print(stderr, "xl", &why);
    _exit(r ? 1 : 0);
}

int create_domain(struct xen *x, struct load *l, const struct create_how *how,
                  uint32_t *domid_out, struct err *err)
{
    struct console console, *shown = how->console ? &console : NULL;
    *domid_out = CREATE_NONE;
    if (!how->no_masks && load_apply_masks(x, l, err))
        return -1;
    if (shown)
        console_init(&console, x);
    int r = create_build(x, l, how, CREATE_NONE, shown, domid_out, err);
    if (r == 0 && how->vnc && how->monitor)
        vnc_start(x, *domid_out, how->vnc_autopass);
    if (r == 0)
        r = stay(x, l, how, *domid_out, err);
    if (shown)
        console_end(&console);
    return r;
}
