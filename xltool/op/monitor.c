/* The process that stays behind a domain (way A, after creation). */
#include "op/monitor.h"

#include <libxl_event.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "op/ready.h"
#include "op/slim.h"
#include "op/sweep.h"
#include "xen/wait.h"

#define DUMP_DIR "/var/lib/xen/dump"
#define GONE_MS 10000

struct monitor {
    struct xen *x;
    struct load *l;
    uint32_t domid;
    libxl_evgen_domain_death *death;
    libxl_evgen_disk_eject **ejects; /* one per disk, NULL where none */
    int nr_ejects;
    char *name; /* the name it had at first: rename-restart gives it back */
};

/* What to do after an event. */
enum next { NEXT_WAIT, NEXT_END, NEXT_RESTART, NEXT_SOFT_RESET, NEXT_FAIL };

__attribute__((format(printf, 2, 3))) static void note(const struct monitor *m,
                                                       const char *fmt, ...)
{
    char stamp[32];
    time_t now = time(NULL);
    struct tm tm;
    va_list ap;
    va_start(ap, fmt);
    localtime_r(&now, &tm);
    strftime(stamp, sizeof(stamp), "%Y-%m-%d %H:%M:%S", &tm);
    g_autofree char *text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    fprintf(stderr, "%s domain %u: %s\n", stamp, m->domid, text);
}

static int watch(struct monitor *m, struct err *err)
{
    int rc = libxl_evenable_domain_death(m->x->ctx, m->domid, 0, &m->death);
    if (rc)
        return xen_fail(m->x, err, rc, "cannot watch domain %u", m->domid);
    m->nr_ejects = m->l->config.num_disks;
    m->ejects = g_new0(libxl_evgen_disk_eject *, m->nr_ejects + 1);
    for (int i = 0; i < m->nr_ejects; i++) {
        const libxl_device_disk *d = &m->l->config.disks[i];
        if (d->removable && libxl_evenable_disk_eject(
                                m->x->ctx, m->domid, d->vdev, 0, &m->ejects[i]))
            note(m, "ejecting %s will not be noticed", d->vdev);
    }
    return 0;
}

/* libxl tells of one shutdown per watch. The new one is there before the old
 * one goes: the first watch of all would tell of the suspended domain again. */
static enum next watch_on(struct monitor *m)
{
    libxl_evgen_domain_death *fresh = NULL;
    int rc = libxl_evenable_domain_death(m->x->ctx, m->domid, 0, &fresh);
    if (rc) {
        note(m, "it cannot be watched any more: %s", err_libxl_words(rc));
        return NEXT_END;
    }
    libxl_evdisable_domain_death(m->x->ctx, m->death);
    m->death = fresh;
    return NEXT_WAIT;
}

static void unwatch(struct monitor *m)
{
    libxl_event *event;
    if (m->death)
        libxl_evdisable_domain_death(m->x->ctx, m->death);
    m->death = NULL;
    for (int i = 0; i < m->nr_ejects; i++)
        if (m->ejects[i])
            libxl_evdisable_disk_eject(m->x->ctx, m->ejects[i]);
    g_free(m->ejects);
    m->ejects = NULL;
    m->nr_ejects = 0;
    /* what came meanwhile speaks of a domain that no longer matters */
    while (libxl_event_check(m->x->ctx, &event, LIBXL_EVENTMASK_ALL, NULL,
                             NULL) == 0)
        libxl_event_free(m->x->ctx, event);
}

static libxl_action_on_shutdown action_for(struct monitor *m,
                                           libxl_shutdown_reason reason)
{
    const libxl_domain_config *c = &m->l->config;
    switch (reason) {
    case LIBXL_SHUTDOWN_REASON_POWEROFF:
        return c->on_poweroff;
    case LIBXL_SHUTDOWN_REASON_REBOOT:
        return c->on_reboot;
    case LIBXL_SHUTDOWN_REASON_CRASH:
        return c->on_crash;
    case LIBXL_SHUTDOWN_REASON_WATCHDOG:
        return c->on_watchdog;
    case LIBXL_SHUTDOWN_REASON_SOFT_RESET:
        return c->on_soft_reset;
    default:
        note(m, "unknown shutdown reason %d", (int)reason);
        return LIBXL_ACTION_ON_SHUTDOWN_DESTROY;
    }
}

static void dump_core(struct monitor *m)
{
    g_autofree char *file =
        g_strdup_printf(DUMP_DIR "/%s", m->l->config.c_info.name);
    mkdir(DUMP_DIR, 0700);
    note(m, "dumping its memory to %s", file);
    int rc = libxl_domain_core_dump(m->x->ctx, m->domid, file, NULL);
    if (rc)
        note(m, "the dump failed: %s", err_libxl_words(rc));
}

/* The hypervisor frees a destroyed domain's memory by and by; a new one is
 * built only after that. */
static void wait_gone(struct monitor *m, uint32_t domid)
{
    int64_t end = wait_now_ms() + GONE_MS;
    while (wait_now_ms() < end &&
           libxl_domain_info(m->x->ctx, NULL, domid) == 0)
        usleep(50000);
    xen_log_clear(m->x->log);
}

static void destroy(struct monitor *m)
{
    note(m, "destroying it");
    int rc = libxl_domain_destroy(m->x->ctx, m->domid, NULL);
    if (rc)
        note(m, "destroying failed: %s", err_libxl_words(rc));
    wait_gone(m, m->domid);
}

/* The settings for the next start: those of `xl config-update` when there are
 * any, else what libxl knows of the domain now (attached devices included). */
static void refresh_config(struct monitor *m)
{
    uint8_t *text = NULL;
    int len = 0;
    ERR_AUTO err = { 0 };
    if (libxl_userdata_retrieve(m->x->ctx, m->domid, "xl", &text, &len) == 0 &&
        len > 0) {
        note(m, "taking the configuration of config-update");
        if (load_replace(m->x, m->l, "<updated>", (char *)text, (size_t)len,
                         &err))
            err_print(stderr, "xl", &err);
        libxl_userdata_unlink(m->x->ctx, m->domid, "xl");
        free(text);
        return;
    }
    free(text);
    libxl_domain_config now;
    libxl_domain_config_init(&now);
    int rc =
        libxl_retrieve_domain_configuration(m->x->ctx, m->domid, &now, NULL);
    if (rc) {
        note(m, "its present configuration cannot be read; using the first");
        libxl_domain_config_dispose(&now);
        return;
    }
    libxl_domain_config_dispose(&m->l->config);
    m->l->config = now;
}

/* The old domain stays for inspection under NAME-DATE and a new UUID. */
static int preserve_renamed(struct monitor *m)
{
    char suffix[24];
    time_t now = time(NULL);
    struct tm tm;
    libxl_uuid uuid;
    gmtime_r(&now, &tm);
    strftime(suffix, sizeof(suffix), "-%Y%m%dT%H%MZ", &tm);
    libxl_uuid_generate(&uuid);
    int rc = libxl_domain_preserve(m->x->ctx, m->domid, &m->l->config.c_info,
                                   suffix, uuid);
    if (rc)
        note(m, "it cannot be renamed: %s", err_libxl_words(rc));
    else
        note(m, "kept as %s%s", m->name, suffix);
    return rc;
}

static enum next after_shutdown(struct monitor *m, libxl_shutdown_reason reason)
{
    if (reason == LIBXL_SHUTDOWN_REASON_SUSPEND) {
        /* saved, moved, or asleep: it may go on here later */
        note(m, "suspended");
        return watch_on(m);
    }
    libxl_action_on_shutdown action = action_for(m, reason);
    note(m, "shut down, reason %s; action %s",
         libxl_shutdown_reason_to_string(reason),
         libxl_action_on_shutdown_to_string(action));
    switch (action) {
    case LIBXL_ACTION_ON_SHUTDOWN_PRESERVE:
        return NEXT_END;
    case LIBXL_ACTION_ON_SHUTDOWN_COREDUMP_DESTROY:
        dump_core(m);
        destroy(m);
        return NEXT_END;
    case LIBXL_ACTION_ON_SHUTDOWN_COREDUMP_RESTART:
        dump_core(m);
        refresh_config(m);
        destroy(m);
        return NEXT_RESTART;
    case LIBXL_ACTION_ON_SHUTDOWN_RESTART:
        refresh_config(m);
        destroy(m);
        return NEXT_RESTART;
    case LIBXL_ACTION_ON_SHUTDOWN_RESTART_RENAME:
        refresh_config(m);
        return preserve_renamed(m) ? NEXT_FAIL : NEXT_RESTART;
    case LIBXL_ACTION_ON_SHUTDOWN_SOFT_RESET:
        refresh_config(m);
        return NEXT_SOFT_RESET;
    default:
        destroy(m);
        return NEXT_END;
    }
}

static enum next after_event(struct monitor *m, libxl_event *event)
{
    switch (event->type) {
    case LIBXL_EVENT_TYPE_DOMAIN_SHUTDOWN:
        return after_shutdown(m, event->u.domain_shutdown.shutdown_reason);
    case LIBXL_EVENT_TYPE_DOMAIN_DEATH:
        note(m, "destroyed by someone else");
        sweep_after_other(m->x, m->domid, &m->l->config.c_info.uuid);
        return NEXT_END;
    case LIBXL_EVENT_TYPE_DISK_EJECT:
        note(m, "the guest ejected %s", event->u.disk_eject.vdev);
        libxl_cdrom_insert(m->x->ctx, m->domid, &event->u.disk_eject.disk,
                           NULL);
        return NEXT_WAIT;
    default:
        return NEXT_WAIT;
    }
}

static enum next wait_for_end(struct monitor *m)
{
    enum next next = NEXT_WAIT;
    while (next == NEXT_WAIT) {
        libxl_event *event;
        /* first what is there already; then sleep, for weeks if need be */
        int rc = wait_event(m->x, 0, &event);
        if (rc == ERROR_TIMEDOUT) {
            slim_memory();
            rc = wait_event(m->x, -1, &event);
        }
        if (rc) {
            note(m, "waiting for events failed: %s", err_libxl_words(rc));
            return NEXT_FAIL;
        }
        next = after_event(m, event);
        libxl_event_free(m->x->ctx, event);
    }
    return next;
}

/* A rename gave the config the preserved domain's name. */
static void restore_name(struct monitor *m)
{
    libxl_domain_create_info *c = &m->l->config.c_info;
    if (g_strcmp0(c->name, m->name)) {
        free(c->name);
        c->name = strdup(m->name);
    }
}

static int restart(struct monitor *m, enum next next, struct err *err)
{
    /* only the first start is from a saved state, paused, with a console */
    struct create_how how = { .restore_fd = -1, .send_back_fd = -1 };
    uint32_t reset = next == NEXT_SOFT_RESET ? m->domid : CREATE_NONE;
    restore_name(m);
    note(m, "starting it again");
    if (create_build(m->x, m->l, &how, reset, NULL, &m->domid, err))
        return err_context(err, "restarting domain \"%s\"", m->name);
    note(m, "runs");
    return 0;
}

int monitor_run(struct xen *x, struct load *l, const struct create_how *how,
                uint32_t domid, struct err *err)
{
    struct monitor m = { .x = x, .l = l, .domid = domid };
    int r = 0;
    (void)how;
    m.name = g_strdup(l->config.c_info.name);
    note(&m, "watching %s [pid %ld]", m.name, (long)getpid());
    for (;;) {
        r = watch(&m, err);
        if (r)
            break;
        ready_tell(m.domid);
        enum next next = wait_for_end(&m);
        unwatch(&m);
        if (next == NEXT_FAIL)
            r = err_set(err, ERR_FAIL, "domain %u is left as it is", m.domid);
        if (next == NEXT_FAIL || next == NEXT_END)
            break;
        r = restart(&m, next, err);
        if (r)
            break;
    }
    note(&m, "done");
    g_free(m.name);
    return r;
}
