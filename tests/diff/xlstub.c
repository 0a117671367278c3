/* Preload library: lets a real `xl` read configs on a machine without Xen.
 * Answers the few calls made before a config is printed; XLSTUB_CPUS and
 * XLSTUB_NODES choose the host. Repeatable: uuids are fixed.
 * With XLSTUB_LIST=FILE the program becomes a server: for each path in the
 * file it forks once and runs `xl create -q -n PATH`, which saves the start of
 * the process; output goes to PATH.out and PATH.err, "STATUS PATH" to stdout.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <libxl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xenctrl.h>
#include <xenstore.h>

static int fake_handle;

static unsigned env_number(const char *name, unsigned otherwise)
{
    const char *text = getenv(name);
    return text ? (unsigned)strtoul(text, NULL, 10) : otherwise;
}
#define CPUS env_number("XLSTUB_CPUS", 8)
#define NODES env_number("XLSTUB_NODES", 2)

xc_interface *xc_interface_open(xentoollog_logger *log,
                                xentoollog_logger *dombuild_log,
                                unsigned open_flags)
{
    (void)log, (void)dombuild_log, (void)open_flags;
    return (xc_interface *)&fake_handle;
}

int xc_interface_close(xc_interface *xch)
{
    (void)xch;
    return 0;
}

struct xs_handle *xs_open(unsigned long flags)
{
    (void)flags;
    return (struct xs_handle *)&fake_handle;
}

struct xs_handle *xs_daemon_open(void)
{
    return xs_open(0);
}

void xs_close(struct xs_handle *xsh)
{
    (void)xsh;
}

void xs_daemon_close(struct xs_handle *xsh)
{
    xs_close(xsh);
}

int xc_get_max_cpus(xc_interface *xch)
{
    (void)xch;
    return (int)CPUS;
}

int xc_get_max_nodes(xc_interface *xch)
{
    (void)xch;
    return (int)NODES;
}

int xc_get_online_cpus(xc_interface *xch)
{
    return xc_get_max_cpus(xch);
}

int xc_cputopoinfo(xc_interface *xch, unsigned *max_cpus, xc_cputopo_t *topo)
{
    (void)xch;
    for (unsigned i = 0; topo && i < *max_cpus && i < CPUS; i++)
        topo[i] = (xc_cputopo_t){ .core = i, .node = i * NODES / CPUS };
    *max_cpus = CPUS;
    return 0;
}

int libxl_get_physinfo(libxl_ctx *ctx, libxl_physinfo *info)
{
    (void)ctx;
    libxl_physinfo_init(info);
    info->nr_cpus = info->max_cpu_id = CPUS;
    info->max_cpu_id--;
    info->nr_nodes = NODES;
    info->cap_hvm = info->cap_pv = info->cap_hap = true;
    info->cap_hvm_directio = env_number("XLSTUB_IOMMU", 1);
    return 0;
}

const libxl_version_info *libxl_get_version_info(libxl_ctx *ctx)
{
    static libxl_version_info info = { .xen_version_major = 4,
                                       .xen_version_minor = 17,
                                       .xen_version_extra = (char *)".0",
                                       .commandline = (char *)"" };
    (void)ctx;
    return &info;
}

void libxl_uuid_generate(libxl_uuid *uuid)
{
    memset(uuid->uuid, 0x55, sizeof(uuid->uuid));
}

int libxl_ms_vm_genid_generate(libxl_ctx *ctx, libxl_ms_vm_genid *id)
{
    (void)ctx;
    for (unsigned i = 0; i < sizeof(id->bytes); i++)
        id->bytes[i] = (uint8_t)(i + 1);
    return 0;
}

typedef int main_fn(int argc, char **argv, char **envp);

static main_fn *real_main;

static void redirect(const char *path, const char *suffix, int fd)
{
    char name[4096];
    snprintf(name, sizeof(name), "%s%s", path, suffix);
    int file = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || dup2(file, fd) < 0)
        _exit(126);
    close(file);
}

static int run_one(char *path, char **envp)
{
    int status;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        char *argv[] = { (char *)"xl", (char *)"create",
                         (char *)"-q", (char *)"-n",
                         path,         NULL };
        alarm(10);
        redirect(path, ".out", 1);
        redirect(path, ".err", 2);
        exit(real_main(5, argv, envp));
    }
    if (pid < 0 || waitpid(pid, &status, 0) < 0)
        return 127;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static int serve(int argc, char **argv, char **envp)
{
    const char *list = getenv("XLSTUB_LIST");
    if (!list)
        return real_main(argc, argv, envp);
    /* the whole list first: the children share the file's position */
    static char paths[1 << 20];
    FILE *f = fopen(list, "r");
    size_t len = f ? fread(paths, 1, sizeof(paths) - 1, f) : 0;
    if (!f || fclose(f) || len == sizeof(paths) - 1)
        return 1;
    char *next = paths;
    for (char *path; (path = strsep(&next, "\n")) && *path;)
        printf("%d %s\n", run_one(path, envp), path);
    return 0;
}

/* What every program's start calls with its main (glibc). */
int __libc_start_main(main_fn *fn, int argc, char **argv, void (*init)(void),
                      void (*fini)(void), void (*rtld_fini)(void), void *end);
int __libc_start_main(main_fn *fn, int argc, char **argv, void (*init)(void),
                      void (*fini)(void), void (*rtld_fini)(void), void *end)
{
    real_main = fn;
    __typeof__(__libc_start_main) *next =
        (__typeof__(__libc_start_main) *)dlsym(RTLD_NEXT, "__libc_start_main");
    return next(serve, argc, argv, init, fini, rtld_fini, end);
}
