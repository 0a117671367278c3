/* This host, as Xen and the kernel describe it (way B). */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "driver/fork_locks.h"
#include "driver/vm_libxl.h"

/* The daemon blocks signals in all its threads; what libxl starts (device
 * models above all, which libxl ends with SIGHUP) must not inherit that. */
static void unblock_in_child(void)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void watch_forks(void)
{
    pthread_atfork(NULL, NULL, unblock_in_child);
    fork_locks_guard();
}

struct driver *driver_open(struct err *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, watch_forks);
    struct driver *d = g_new0(struct driver, 1);
    if (xen_open(&d->xen, 0, err) < 0) {
        g_free(d);
        return NULL;
    }
    d->ctx = d->xen.ctx;
    g_mutex_init(&d->names_lock);
    d->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    /* other parts of the daemon start children of their own */
    static const libxl_childproc_hooks hooks = {
        .chldowner = libxl_sigchld_owner_libxl_always_selective_reap,
    };
    libxl_childproc_setmode(d->ctx, &hooks, NULL);
    return d;
}

void driver_close(struct driver *d)
{
    if (!d)
        return;
    driver_unwatch(d);
    xen_close(&d->xen);
    g_hash_table_destroy(d->names);
    g_mutex_clear(&d->names_lock);
    g_free(d);
}

/* ---- /proc and /sys ---------------------------------------------------------
 */

static char *read_line(const char *path)
{
    char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return g_strdup("");
    return g_strstrip(text);
}

/* Value of the first line "key\t: value". Caller frees. */
static char *cpuinfo(const char *text, const char *key)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", 64);
    for (int i = 0; lines[i]; i++) {
        char *colon = strchr(lines[i], ':');
        if (!colon || !g_str_has_prefix(lines[i], key))
            continue;
        size_t n = strlen(key);
        n += strspn(lines[i] + n, " \t");
        if (lines[i] + n == colon)
            return g_strdup(g_strstrip(colon + 1));
    }
    return g_strdup("");
}

static unsigned cpuinfo_number(const char *text, const char *key)
{
    g_autofree char *s = cpuinfo(text, key);
    return (unsigned)strtoul(s, NULL, 10);
}

static void read_cpu(struct host_info *out)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents("/proc/cpuinfo", &text, NULL, NULL))
        text = g_strdup("");
    out->cpu_vendor = cpuinfo(text, "vendor_id");
    out->cpu_model = cpuinfo(text, "model name");
    out->cpu_flags = cpuinfo(text, "flags");
    out->cpu_family = cpuinfo_number(text, "cpu family");
    out->cpu_model_id = cpuinfo_number(text, "model");
    out->cpu_stepping = cpuinfo_number(text, "stepping");
}

static void read_dmi(struct host_info *out)
{
    out->bios_vendor = read_line("/sys/class/dmi/id/bios_vendor");
    out->bios_version = read_line("/sys/class/dmi/id/bios_version");
    out->system_manufacturer = read_line("/sys/class/dmi/id/sys_vendor");
    out->system_product = read_line("/sys/class/dmi/id/product_name");
}

static uint64_t boot_time(void)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents("/proc/stat", &text, NULL, NULL))
        return 0;
    const char *line = strstr(text, "\nbtime ");
    return line ? strtoull(line + 7, NULL, 10) : 0;
}

/* ---- Xen
 * ---------------------------------------------------------------------- */

static void read_version(struct driver *d, struct host_info *out)
{
    const libxl_version_info *v = libxl_get_version_info(d->ctx);
    int sched = libxl_get_scheduler(d->ctx);
    out->xen_version =
        v ? g_strdup_printf("%d.%d%s", v->xen_version_major,
                            v->xen_version_minor, v->xen_version_extra)
          : g_strdup("");
    out->xen_cmdline = g_strdup(v ? v->commandline : "");
    out->xen_caps = g_strdup(v ? v->capabilities : "");
    out->xen_scheduler =
        g_strdup(sched < 0 ? "" : libxl_scheduler_to_string(sched));
}

int driver_host_info(struct driver *d, struct host_info *out, struct err *err)
{
    libxl_physinfo p;
    libxl_physinfo_init(&p);
    *out = (struct host_info){ 0 };
    int rc = libxl_get_physinfo(d->ctx, &p);
    if (rc)
        return xen_fail(&d->xen, err, rc, "cannot read the host's figures");
    struct utsname u;
    uname(&u);
    const uint64_t page = 4096;
    out->hostname = g_strdup(u.nodename);
    out->kernel = g_strdup(u.release);
    out->cpu_count = p.nr_cpus;
    out->cpu_mhz = p.cpu_khz / 1000;
    out->threads_per_core = p.threads_per_core;
    out->sockets =
        p.threads_per_core && p.cores_per_socket
            ? MAX(1, p.nr_cpus / (p.threads_per_core * p.cores_per_socket))
            : 1;
    out->memory_total = p.total_pages * page;
    out->memory_free = p.free_pages * page;
    out->hvm = p.cap_hvm;
    out->boot_time = boot_time();
    read_version(d, out);
    read_cpu(out);
    read_dmi(out);
    libxl_physinfo_dispose(&p);
    return 0;
}

/* ---- hypervisor console
 * -------------------------------------------------------- */

int driver_host_dmesg(struct driver *d, bool clear, char **text_out,
                      struct err *err)
{
    libxl_xen_console_reader *r =
        libxl_xen_console_read_start(d->ctx, clear ? 1 : 0);
    if (!r)
        return xen_fail(&d->xen, err, ERROR_FAIL,
                        "cannot read the hypervisor's messages");
    g_autoptr(GString) s = g_string_new(NULL);
    char *line;
    while (libxl_xen_console_read_line(d->ctx, r, &line) > 0)
        g_string_append(s, line);
    libxl_xen_console_read_finish(d->ctx, r);
    *text_out = g_strdup(s->str);
    return 0;
}

int driver_host_debug_keys(struct driver *d, const char *keys, struct err *err)
{
    int rc = libxl_send_debug_keys(d->ctx, (char *)keys);
    return rc ? xen_fail(&d->xen, err, rc, "sending debug keys %s", keys) : 0;
}
