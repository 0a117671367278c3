/* The stunnel4 child: configuration, certificate, restart. */
#include "daemon/tls.h"

#include <errno.h>
#include <glib.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAUSE_MIN_S = 1, PAUSE_MAX_S = 60, VALID_DAYS = 3650 };

struct tls {
    char *config; /* path */
    const char *program;
    GThread *thread;
    GMutex lock;
    GCond changed;
    pid_t pid; /* 0: not running */
    bool stop;
};

char *tls_socket_path(const struct settings *s)
{
    return g_build_filename(s->run_dir, "tls", NULL);
}

/* Runs a program to its end with output thrown away. */
static int run(char **argv, struct err *err)
{
    int status = 0;
    g_autoptr(GError) e = NULL;
    g_autofree char *said = NULL;
    if (!g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                      &said, &status, &e))
        return err_set(err, ERR_IO, "cannot run %s: %s", argv[0], e->message);
    if (status)
        return err_set(err, ERR_IO, "%s failed: %s", argv[0], g_strstrip(said));
    return 0;
}

/* A key and a certificate signed by itself, in one file for root only. */
static int make_certificate(const char *path, struct err *err)
{
    g_autofree char *dir = g_path_get_dirname(path);
    g_autofree char *key = g_strdup_printf("%s.key", path);
    g_autofree char *cert = g_strdup_printf("%s.crt", path);
    g_autofree char *subject = g_strdup_printf("/CN=%s", g_get_host_name());
    g_autofree char *names = g_strdup_printf("subjectAltName=DNS:%s,"
                                             "DNS:localhost",
                                             g_get_host_name());
    g_autofree char *days = g_strdup_printf("%d", VALID_DAYS);
    char *argv[] = { (char *)"openssl",
                     (char *)"req",
                     (char *)"-x509",
                     (char *)"-newkey",
                     (char *)"rsa:2048",
                     (char *)"-nodes",
                     (char *)"-sha256",
                     (char *)"-days",
                     days,
                     (char *)"-subj",
                     subject,
                     (char *)"-addext",
                     names,
                     (char *)"-keyout",
                     key,
                     (char *)"-out",
                     cert,
                     NULL };
    g_autofree char *a = NULL, *b = NULL;
    g_mkdir_with_parents(dir, 0700);
    mode_t before = umask(0077);
    int r = run(argv, err);
    if (!r && g_file_get_contents(key, &a, NULL, NULL) &&
        g_file_get_contents(cert, &b, NULL, NULL)) {
        g_autofree char *both = g_strconcat(a, b, NULL);
        if (!g_file_set_contents_full(path, both, -1,
                                      G_FILE_SET_CONTENTS_CONSISTENT |
                                          G_FILE_SET_CONTENTS_DURABLE,
                                      0600, NULL))
            r = err_set(err, ERR_IO, "cannot write %s", path);
    }
    umask(before);
    unlink(key);
    unlink(cert);
    return r;
}

static int write_config(struct tls *t, const struct settings *s,
                        struct err *err)
{
    g_autofree char *socket = tls_socket_path(s);
    g_autoptr(GError) e = NULL;
    g_autofree char *text = g_strdup_printf(
        "foreground = yes\npid =\nsyslog = no\ndebug = warning\n"
        "[xapi-lite]\naccept = %s%s%d\nconnect = %s\ncert = %s\n"
        "sslVersionMin = TLSv1.2\n"
        "socket = l:TCP_NODELAY=1\n",
        s->tls_listen, *s->tls_listen ? ":" : "", s->tls_port, socket,
        s->tls_certificate);
    g_mkdir_with_parents(s->run_dir, 0755);
    if (g_file_set_contents(t->config, text, -1, &e))
        return 0;
    return err_set(err, ERR_IO, "%s", e->message);
}

/* The child goes when we go, however we go. */
static void in_child(gpointer data)
{
    sigset_t none;
    (void)data;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static pid_t start(struct tls *t)
{
    GPid pid = 0;
    g_autoptr(GError) e = NULL;
    char *argv[] = { (char *)t->program, t->config, NULL };
    if (!g_spawn_async(NULL, argv, NULL,
                       G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH,
                       in_child, NULL, &pid, &e))
        g_warning("TLS: %s", e->message);
    return pid;
}

/* Waits for the child's end, or a second when none could be started. */
static void wait_end(pid_t pid)
{
    int status;
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
}

static gpointer keep_running(gpointer data)
{
    struct tls *t = data;
    gint64 pause = PAUSE_MIN_S;
    g_mutex_lock(&t->lock);
    while (!t->stop) {
        gint64 started = g_get_monotonic_time();
        pid_t pid = t->pid = start(t);
        g_mutex_unlock(&t->lock);
        wait_end(pid);
        g_mutex_lock(&t->lock);
        t->pid = 0;
        if (t->stop)
            break;
        if (g_get_monotonic_time() - started > PAUSE_MAX_S * G_TIME_SPAN_SECOND)
            pause = PAUSE_MIN_S;
        g_warning("TLS: stunnel has ended; next try in %d s", (int)pause);
        g_cond_wait_until(&t->changed, &t->lock,
                          g_get_monotonic_time() + pause * G_TIME_SPAN_SECOND);
        pause = MIN(pause * 2, PAUSE_MAX_S);
    }
    g_mutex_unlock(&t->lock);
    return NULL;
}

struct tls *tls_open(const struct settings *s, struct err *err)
{
    struct tls *t = g_new0(struct tls, 1);
    bool there = g_file_test(s->tls_certificate, G_FILE_TEST_EXISTS);
    t->config = g_build_filename(s->run_dir, "stunnel.conf", NULL);
    t->program = s->stunnel;
    g_mutex_init(&t->lock);
    g_cond_init(&t->changed);
    if ((!there && make_certificate(s->tls_certificate, err)) ||
        write_config(t, s, err)) {
        tls_close(t);
        return NULL;
    }
    t->thread = g_thread_new("tls", keep_running, t);
    return t;
}

void tls_close(struct tls *t)
{
    if (!t)
        return;
    if (t->thread) {
        g_mutex_lock(&t->lock);
        t->stop = true;
        if (t->pid)
            kill(t->pid, SIGTERM);
        g_cond_broadcast(&t->changed);
        g_mutex_unlock(&t->lock);
        g_thread_join(t->thread);
    }
    g_free(t->config);
    g_free(t);
}
