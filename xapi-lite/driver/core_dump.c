/* The memory of a domain as a file (way B). libxl cannot be interrupted while
 * it writes a core, which takes minutes for a guest with wide holes in its
 * addresses: so that the service can end meanwhile, xl does it. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver/driver.h"

enum { LIMIT_S = 600, POLL_MS = 100 };

/* The daemon's threads block signals; a program must not. */
static void in_child(gpointer data)
{
    sigset_t none;
    (void)data;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Waits for its end; a stopped or late one is killed. Its wait status. */
static int wait_for(pid_t pid, bool (*stopped)(void *arg), void *arg)
{
    gint64 end = g_get_monotonic_time() + LIMIT_S * G_TIME_SPAN_SECOND;
    int status = 0;
    bool killed = false;
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (!killed && (stopped(arg) || g_get_monotonic_time() > end)) {
            kill(pid, SIGKILL);
            killed = true;
        }
        g_usleep(POLL_MS * 1000);
    }
    return status;
}

int driver_core_dump(uint32_t domid, const char *path,
                     bool (*stopped)(void *arg), void *arg, struct err *err)
{
    g_autoptr(GError) e = NULL;
    g_autofree char *id = g_strdup_printf("%u", domid);
    GPid pid;
    const char *argv[] = { "xl", "dump-core", id, path, NULL };
    if (!g_spawn_async(NULL, (char **)argv, NULL,
                       G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD |
                           G_SPAWN_STDOUT_TO_DEV_NULL |
                           G_SPAWN_STDERR_TO_DEV_NULL,
                       in_child, NULL, &pid, &e))
        return err_set(err, ERR_IO, "xl cannot be run: %s", e->message);
    int status = wait_for(pid, stopped, arg);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    return err_set(err, ERR_FAIL, "xl dump-core %u %s", domid,
                   WIFEXITED(status) ? "failed" : "was ended");
}
