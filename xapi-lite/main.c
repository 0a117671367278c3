/* xapi-lite: XenAPI on this host. Opens the parts, waits for a signal, closes
 * them (way B starts in http/). */
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "class/certificate.h"
#include "daemon/notify.h"
#include "daemon/settings.h"
#include "daemon/tls.h"
#include "driver/driver.h"
#include "http/http.h"
#include "xapi.h"

#ifndef VERSION
#define VERSION "0.1"
#endif

/* Threads that are many and short-lived must not have a heap each. */
/* Replies of some MiB go back to the system when they are sent. */
enum { HEAPS_MAX = 2, LARGE = 1 << 20 };

static GLogWriterOutput write_log(GLogLevelFlags level, const GLogField *fields,
                                  gsize n, gpointer debug)
{
    const char *text = "";
    if (level & G_LOG_LEVEL_DEBUG && !debug)
        return G_LOG_WRITER_HANDLED;
    if (g_log_writer_is_journald(STDERR_FILENO))
        return g_log_writer_journald(level, fields, n, NULL);
    for (gsize i = 0; i < n; i++)
        if (!strcmp(fields[i].key, "MESSAGE"))
            text = fields[i].value;
    fprintf(stderr, "xapi-lite: %s\n", text);
    return G_LOG_WRITER_HANDLED;
}

/* A database that pool-restore-database has left takes the place of ours. */
static int take_restored(const struct settings *s, struct err *err)
{
    g_autofree char *next = g_build_filename(s->state_dir, "restore.db", NULL);
    g_autofree char *db = g_build_filename(s->state_dir, "state.db", NULL);
    g_autofree char *wal = g_strconcat(db, "-wal", NULL);
    g_autofree char *shm = g_strconcat(db, "-shm", NULL);
    if (!g_file_test(next, G_FILE_TEST_EXISTS))
        return 0;
    /* what belongs to the old database must not be applied to the new one */
    unlink(wal);
    unlink(shm);
    if (rename(next, db) < 0)
        return err_errno(err, ERR_IO, errno, "cannot restore %s", db);
    g_message("the database was restored");
    return 0;
}

static struct http *open_http(const struct settings *s, struct xapi *x,
                              struct err *err)
{
    g_autofree char *guarded = tls_socket_path(s);
    struct http_config config = {
        .consoles = driver_consoles,
        .socket_path = *s->socket ? s->socket : NULL,
        .guarded_path = s->tls_port ? guarded : NULL,
        .tcp_port = s->tcp_port,
        .www_dir = *s->www_dir ? s->www_dir : NULL,
        .connections_max = (unsigned)s->connections,
    };
    return http_open(x, &config, err);
}

static struct xapi *open_xapi(const struct settings *s, struct err *err)
{
    bool templates = g_file_test(s->templates, G_FILE_TEST_EXISTS);
    struct xapi_config config = {
        .state_dir = s->state_dir,
        .templates_file = templates ? s->templates : NULL,
        .certificate_file = s->tls_port ? s->tls_certificate : NULL,
        .address = *s->address ? s->address : NULL,
        .network_backend = s->network_backend,
        .login_delay_ms = s->login_delay ? (unsigned)s->login_delay * 1000 : 1,
        .session_idle_s = (unsigned)s->session_idle,
        .workers = (unsigned)s->workers,
        .no_xen = s->no_xen,
    };
    return xapi_open(&config, err);
}

/* Serves until a signal comes; returns it, or -1. */
static int serve(const struct settings *s, const sigset_t *signals,
                 struct err *err)
{
    int sig = -1;
    if (take_restored(s, err))
        return -1;
    struct xapi *x = open_xapi(s, err);
    struct http *h = x ? open_http(s, x, err) : NULL;
    struct tls *t = h && s->tls_port ? tls_open(s, err) : NULL;
    if (h && (t || !s->tls_port)) {
        certificate_refresh(x);
        g_message("ready at %s%s", s->socket,
                  s->no_xen ? ", without a hypervisor" : "");
        daemon_notify("READY=1");
        sigwait(signals, &sig);
        daemon_notify(sig == SIGHUP ? "RELOADING=1" : "STOPPING=1");
    }
    tls_close(t);
    if (h)
        http_close(h);
    xapi_close(x);
    return sig;
}

static int run(const struct settings *s, struct err *err)
{
    sigset_t signals;
    int sig;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    mallopt(M_ARENA_MAX, HEAPS_MAX);
    mallopt(M_MMAP_THRESHOLD, LARGE);
    do { /* SIGHUP: anew with the database as it is now */
        sig = serve(s, &signals, err);
    } while (sig == SIGHUP);
    return sig < 0 ? -1 : 0;
}

static int go(struct settings *s, struct err *err)
{
    if (s->show_help) {
        settings_usage();
        return 0;
    }
    if (s->show_version) {
        puts("xapi-lite " VERSION);
        return 0;
    }
    if (s->check) {
        puts("The settings are correct.");
        return 0;
    }
    g_log_set_writer_func(write_log, s->debug ? s : NULL, NULL);
    return run(s, err);
}

int main(int argc, char **argv)
{
    struct settings s;
    ERR_AUTO err = { 0 };
    int bad = settings_read(&s, argc, argv, &err) || go(&s, &err);
    if (bad)
        err_print(stderr, "xapi-lite", &err);
    settings_dispose(&s);
    return bad ? err_exit_code(&err) : 0;
}
