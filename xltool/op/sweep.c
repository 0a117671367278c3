/* Removing what is left of a domain that is gone (way A, after a failed
 * creation). */
#include "op/sweep.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include <xenstore.h>

#include "xen/child.h"
#include "xen/wait.h"

#define BACKENDS "/local/domain/0/backend"
#define GONE_MS 5000
#define PATIENCE_MS 15000
#define SCRIPT_MS 20000

bool sweep_is_gone(struct xen *x, uint32_t domid)
{
    libxl_dominfo info;
    libxl_dominfo_init(&info);
    int rc = libxl_domain_info(x->ctx, &info, domid);
    bool gone = rc == ERROR_DOMAIN_NOTFOUND || (rc == 0 && info.dying);
    libxl_dominfo_dispose(&info);
    return gone;
}

/* Whether a command line, its words ended by NULs, is of the domain's QEMU. */
static bool is_model(const char *words, size_t len, const char *domid)
{
    bool option = false;
    for (const char *w = words; w < words + len; w += strlen(w) + 1) {
        if (option && strcmp(w, domid) == 0)
            return true;
        option = strcmp(w, "-xen-domid") == 0;
    }
    return false;
}

/* Sends the signal (0: none) to the domain's device models; how many they are.
 */
static int signal_models(uint32_t domid, int signo)
{
    int n = 0;
    g_autoptr(GDir) proc = g_dir_open("/proc", 0, NULL);
    g_autofree char *number = g_strdup_printf("%u", domid);
    const char *pid;
    while (proc && (pid = g_dir_read_name(proc))) {
        g_autofree char *path = g_strdup_printf("/proc/%s/cmdline", pid);
        g_autofree char *words = NULL;
        gsize len = 0;
        if (g_ascii_isdigit(*pid) &&
            g_file_get_contents(path, &words, &len, NULL) &&
            is_model(words, len, number))
            n += kill((pid_t)atoi(pid), signo) == 0;
    }
    return n;
}

/* The hypervisor keeps a dying domain until nobody maps its memory. */
static void wait_dead(struct xen *x, uint32_t domid)
{
    int64_t end = wait_now_ms() + GONE_MS;
    while (wait_now_ms() < end &&
           libxl_domain_info(x->ctx, NULL, domid) != ERROR_DOMAIN_NOTFOUND)
        usleep(50000);
}

/* How a hotplug script is told that a device goes
 * (/etc/xen/scripts/{block,vif-bridge}). */
static const struct goodbye {
    const char *type, *words[2];
} goodbyes[] = {
    { "vbd", { "remove", NULL } },
    { "vif", { "offline", "type_if=vif" } },
};

static void run_script(const struct goodbye *g, char *script, uint32_t domid,
                       const char *dev)
{
    char *argv[] = { script, (char *)g->words[0], (char *)g->words[1], NULL };
    g_autofree char *path =
        g_strdup_printf("backend/%s/%u/%s", g->type, domid, dev);
    g_autofree char *vif = g_strdup_printf("vif%u.%s", domid, dev);
    g_auto(GStrv) env = g_get_environ();
    GPid pid;
    env = g_environ_setenv(env, "script", script, TRUE);
    env = g_environ_setenv(env, "XENBUS_TYPE", g->type, TRUE);
    env = g_environ_setenv(env, "XENBUS_PATH", path, TRUE);
    env = g_environ_setenv(env, "XENBUS_BASE_PATH", "backend", TRUE);
    if (strcmp(g->type, "vif") == 0)
        env = g_environ_setenv(env, "vif", vif, TRUE);
    if (g_spawn_async(NULL, argv, env,
                      G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL |
                          G_SPAWN_STDERR_TO_DEV_NULL,
                      NULL, NULL, &pid, NULL) &&
        child_wait(pid, SCRIPT_MS) == -1) {
        kill(pid, SIGKILL);
        child_wait(pid, -1);
    }
}

static void say_goodbye(struct xs_handle *xs, uint32_t domid,
                        const struct goodbye *g)
{
    unsigned n = 0;
    g_autofree char *folder =
        g_strdup_printf(BACKENDS "/%s/%u", g->type, domid);
    char **devs = xs_directory(xs, XBT_NULL, folder, &n);
    for (unsigned i = 0; devs && i < n; i++) {
        g_autofree char *node =
            g_strdup_printf("%s/%s/script", folder, devs[i]);
        char *script = xs_read(xs, XBT_NULL, node, NULL);
        if (script && *script)
            run_script(g, script, domid, devs[i]);
        free(script);
    }
    free(devs);
}

/* Its folders among the back ends; removes them or counts only. */
static int each_backend(struct xs_handle *xs, uint32_t domid, bool rm)
{
    unsigned n = 0;
    int found = 0;
    char **types = xs_directory(xs, XBT_NULL, BACKENDS, &n);
    for (unsigned i = 0; types && i < n; i++) {
        g_autofree char *path =
            g_strdup_printf(BACKENDS "/%s/%u", types[i], domid);
        char *value = xs_read(xs, XBT_NULL, path, NULL);
        found += value != NULL;
        free(value);
        if (rm)
            xs_rm(xs, XBT_NULL, path);
    }
    free(types);
    return found;
}

static void remove_nodes(struct xs_handle *xs, uint32_t domid,
                         const libxl_uuid *uuid)
{
    static const char *const places[] = { "/local/domain", "/libxl",
                                          "/local/domain/0/device-model" };
    each_backend(xs, domid, true);
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autofree char *path = g_strdup_printf("%s/%u", places[i], domid);
        xs_rm(xs, XBT_NULL, path);
    }
    g_autofree char *vm =
        g_strdup_printf("/vm/" LIBXL_UUID_FMT, LIBXL_UUID_BYTES(*uuid));
    xs_rm(xs, XBT_NULL, vm);
}

void sweep_gone(struct xen *x, uint32_t domid, const libxl_uuid *uuid)
{
    if (!libxl_domid_valid_guest(domid) || !sweep_is_gone(x, domid))
        return;
    signal_models(domid, SIGKILL);
    struct xs_handle *xs = xs_open(0);
    for (size_t i = 0; xs && i < G_N_ELEMENTS(goodbyes); i++)
        say_goodbye(xs, domid, &goodbyes[i]);
    if (xs)
        remove_nodes(xs, domid, uuid);
    xs_close(xs);
    wait_dead(x, domid);
}

static bool something_left(uint32_t domid)
{
    struct xs_handle *xs = xs_open(0);
    bool left =
        signal_models(domid, 0) || (xs && each_backend(xs, domid, false));
    xs_close(xs);
    return left;
}

void sweep_after_other(struct xen *x, uint32_t domid, const libxl_uuid *uuid)
{
    int64_t end = wait_now_ms() + PATIENCE_MS;
    while (something_left(domid) && wait_now_ms() < end)
        usleep(250000);
    if (something_left(domid))
        sweep_gone(x, domid, uuid);
}
