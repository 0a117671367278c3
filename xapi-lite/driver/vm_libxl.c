/* The life of guests through libxenlight (way B). Each operation has a context
 * of its own, so that a slow one holds up nobody. */
#include "driver/vm_libxl.h"
#include "driver/qdisk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver/vm_config.h"

static void close_op(struct xen *x)
{
    xen_close(x);
}
#define XEN_AUTO __attribute__((cleanup(close_op))) struct xen

int vm_op_open(struct xen *x, struct err *err)
{
    static const libxl_childproc_hooks hooks = {
        .chldowner = libxl_sigchld_owner_libxl_always_selective_reap,
    };
    if (xen_open(x, 0, err) < 0)
        return -1;
    libxl_childproc_setmode(x->ctx, &hooks, NULL);
    return 0;
}

static int done(struct xen *x, int rc, struct err *err, const char *what,
                uint32_t domid)
{
    if (!rc)
        return 0;
    return xen_fail(x, err, rc, "cannot %s domain %u", what, domid);
}

/* ---- names ------------------------------------------------------------------
 */

/* Names of XenAPI may be alike, those of Xen may not; nor may those of guests
 * that are being built right now. */
static void take_name(struct driver *d, struct xen *x, libxl_domain_config *c)
{
    uint32_t domid;
    char *name;
    const uint8_t *u = libxl_uuid_bytearray_const(&c->c_info.uuid);
    g_mutex_lock(&d->names_lock);
    bool taken = g_hash_table_contains(d->names, c->c_info.name) ||
                 !libxl_name_to_domid(x->ctx, c->c_info.name, &domid);
    if (taken && asprintf(&name, "%s (%02x%02x%02x%02x)", c->c_info.name, u[0],
                          u[1], u[2], u[3]) > 0) {
        free(c->c_info.name);
        c->c_info.name = name;
    }
    g_hash_table_add(d->names, g_strdup(c->c_info.name));
    g_mutex_unlock(&d->names_lock);
}

static void give_name(struct driver *d, const libxl_domain_config *c)
{
    g_mutex_lock(&d->names_lock);
    if (c->c_info.name)
        g_hash_table_remove(d->names, c->c_info.name);
    g_mutex_unlock(&d->names_lock);
}

/* ---- start
 * ---------------------------------------------------------------------- */

static int check_memory(struct xen *x, libxl_domain_config *c, struct err *err)
{
    uint64_t need = 0, have = 0;
    if (libxl_domain_need_memory(x->ctx, c, ~0u, &need) ||
        libxl_get_free_memory(x->ctx, &have) || need <= have)
        return 0;
    return err_set(err, ERR_NOMEM,
                   "the guest needs %" G_GUINT64_FORMAT
                   " KiB of memory, %" G_GUINT64_FORMAT " KiB are free",
                   need, have);
}

static int finish_start(struct xen *x, uint32_t domid, bool paused,
                        struct err *err)
{
    int rc = paused ? 0 : libxl_domain_unpause(x->ctx, domid, NULL);
    if (!rc)
        return 0;
    xen_fail(x, err, rc, "the guest was built but cannot be started");
    libxl_domain_destroy(x->ctx, domid, NULL);
    return -1;
}

static int build(struct driver *d, const struct vm_spec *spec,
                 libxl_domain_config *c, struct xen *x, struct err *err)
{
    if (vm_config_build(spec, c, err) < 0 || vm_pci_prepare(spec, err) < 0 ||
        vm_op_open(x, err) < 0) {
        free(c->c_info.name);
        c->c_info.name = NULL; /* not taken: not to be given back */
        return -1;
    }
    take_name(d, x, c);
    return check_memory(x, c, err);
}

int driver_vm_start(struct driver *d, const struct vm_spec *spec, bool paused,
                    uint32_t *domid_out, struct err *err)
{
    XEN_AUTO x = { 0 };
    libxl_domain_config c;
    int r = build(d, spec, &c, &x, err);
    if (r == 0) {
        int rc = libxl_domain_create_new(x.ctx, &c, domid_out, NULL, NULL);
        r = rc ? xen_fail(&x, err, rc, "the guest cannot be built")
               : finish_start(&x, *domid_out, paused, err);
    }
    give_name(d, &c);
    libxl_domain_config_dispose(&c);
    return r;
}

uint64_t driver_vm_need(struct driver *d, const struct vm_spec *spec)
{
    XEN_AUTO x = { 0 };
    libxl_domain_config c;
    uint64_t need = 0;
    (void)d;
    if (vm_config_build(spec, &c, NULL) == 0 && vm_op_open(&x, NULL) == 0)
        libxl_domain_need_memory(x.ctx, &c, ~0u, &need);
    libxl_domain_config_dispose(&c);
    return need * 1024;
}

/* ---- suspend and resume
 * ----------------------------------------------------------- */

/* Our file: a line that names the format, then libxl's stream. */
static const char saved_magic[] = "xapi-lite saved guest 1\n";

static int save_to(struct xen *x, uint32_t domid, int fd, struct err *err)
{
    size_t n = strlen(saved_magic);
    if (write(fd, saved_magic, n) != (ssize_t)n)
        return err_errno(err, ERR_IO, errno, "cannot write the saved guest");
    int rc = libxl_domain_suspend(x->ctx, domid, fd, 0, NULL);
    if (rc)
        return xen_fail(x, err, rc, "domain %u cannot be saved", domid);
    if (fsync(fd) < 0)
        return err_errno(err, ERR_IO, errno, "cannot write the saved guest");
    return 0;
}

int driver_vm_suspend(struct driver *d, uint32_t domid, const char *path,
                      struct err *err)
{
    XEN_AUTO x = { 0 };
    (void)d;
    if (vm_op_open(&x, err) < 0)
        return -1;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_errno(err, ERR_IO, errno, "cannot make %s", path);
    qdisk_quiet(domid);
    int r = save_to(&x, domid, fd, err);
    close(fd);
    if (r == 0)
        return done(&x, libxl_domain_destroy(x.ctx, domid, NULL), err, "remove",
                    domid);
    unlink(path);
    libxl_domain_resume(x.ctx, domid, 1, NULL);
    return -1;
}

static int open_saved(const char *path, struct err *err)
{
    char buf[sizeof saved_magic - 1];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_errno(err, ERR_NOENT, errno, "cannot open %s", path);
    if (read(fd, buf, sizeof buf) == sizeof buf &&
        !memcmp(buf, saved_magic, sizeof buf))
        return fd;
    close(fd);
    return err_set(err, ERR_FAIL, "%s is not a saved guest", path);
}

int driver_vm_resume(struct driver *d, const struct vm_spec *spec,
                     const char *path, bool paused, uint32_t *domid_out,
                     struct err *err)
{
    XEN_AUTO x = { 0 };
    libxl_domain_config c;
    libxl_domain_restore_params params;
    int fd = open_saved(path, err);
    if (fd < 0)
        return -1;
    int r = build(d, spec, &c, &x, err);
    if (r == 0) {
        libxl_domain_restore_params_init(&params);
        params.stream_version = 2;
        int rc = libxl_domain_create_restore(x.ctx, &c, domid_out, fd, -1,
                                             &params, NULL, NULL);
        libxl_domain_restore_params_dispose(&params);
        r = rc ? xen_fail(&x, err, rc, "the guest cannot be resumed")
               : finish_start(&x, *domid_out, paused, err);
    }
    close(fd);
    give_name(d, &c);
    libxl_domain_config_dispose(&c);
    return r;
}

/* ---- the small ones
 * ------------------------------------------------------------------ */

/* An operation that is one call of libxl with a context of its own. */
#define ONE_CALL(call, what)                                                   \
    XEN_AUTO x = { 0 };                                                        \
    (void)d;                                                                   \
    return vm_op_open(&x, err) < 0 ? -1 : done(&x, call, err, what, domid)

int driver_vm_destroy(struct driver *d, uint32_t domid, struct err *err)
{
    ONE_CALL(libxl_domain_destroy(x.ctx, domid, NULL), "destroy");
}

int driver_vm_pause(struct driver *d, uint32_t domid, struct err *err)
{
    ONE_CALL(libxl_domain_pause(x.ctx, domid, NULL), "pause");
}

int driver_vm_unpause(struct driver *d, uint32_t domid, struct err *err)
{
    ONE_CALL(libxl_domain_unpause(x.ctx, domid, NULL), "unpause");
}

int driver_vm_wake(struct driver *d, uint32_t domid, struct err *err)
{
    ONE_CALL(libxl_domain_resume(x.ctx, domid, 1, NULL), "resume");
}

int driver_vm_memory(struct driver *d, uint32_t domid, uint64_t target_bytes,
                     struct err *err)
{
    int64_t kib = (int64_t)(target_bytes / 1024);
    ONE_CALL(libxl_set_memory_target(x.ctx, domid, kib, 0, 1),
             "change the memory of");
}

int driver_vm_rename(struct driver *d, uint32_t domid, const char *name,
                     struct err *err)
{
    ONE_CALL(libxl_domain_rename(x.ctx, domid, NULL, name), "rename");
}

int driver_vm_sysrq(struct driver *d, uint32_t domid, char key, struct err *err)
{
    ONE_CALL(libxl_send_sysrq(x.ctx, domid, key), "send a key to");
}

/* An HVM guest without PV drivers is asked through ACPI to shut down; for a
 * reboot ACPI has no button, and Xen does not reset x86 guests. */
static int ask(struct driver *d, uint32_t domid, bool reboot, struct err *err)
{
    XEN_AUTO x = { 0 };
    (void)d;
    if (vm_op_open(&x, err) < 0)
        return -1;
    int rc = reboot ? libxl_domain_reboot(x.ctx, domid, NULL)
                    : libxl_domain_shutdown(x.ctx, domid, NULL);
    if (rc == ERROR_NOPARAVIRT && reboot)
        return err_set(err, ERR_UNSUPPORTED,
                       "the guest of domain %u has no drivers that listen",
                       domid);
    if (rc == ERROR_NOPARAVIRT)
        rc = libxl_send_trigger(x.ctx, domid, LIBXL_TRIGGER_POWER, 0, NULL);
    return done(&x, rc, err, reboot ? "reboot" : "shut down", domid);
}

int driver_vm_shutdown(struct driver *d, uint32_t domid, struct err *err)
{
    return ask(d, domid, false, err);
}

int driver_vm_reboot(struct driver *d, uint32_t domid, struct err *err)
{
    return ask(d, domid, true, err);
}

int driver_vm_vcpus(struct driver *d, uint32_t domid, unsigned n,
                    struct err *err)
{
    XEN_AUTO x = { 0 };
    libxl_bitmap map;
    (void)d;
    if (vm_op_open(&x, err) < 0)
        return -1;
    libxl_bitmap_init(&map);
    int rc = libxl_cpu_bitmap_alloc(x.ctx, &map, (int)n);
    for (unsigned i = 0; !rc && i < n; i++)
        libxl_bitmap_set(&map, (int)i);
    if (!rc)
        rc = libxl_set_vcpuonline(x.ctx, domid, &map, NULL);
    libxl_bitmap_dispose(&map);
    return done(&x, rc, err, "change the processors of", domid);
}

int driver_vm_weight(struct driver *d, uint32_t domid, int weight, int cap,
                     struct err *err)
{
    XEN_AUTO x = { 0 };
    libxl_domain_sched_params p;
    (void)d;
    if (vm_op_open(&x, err) < 0)
        return -1;
    libxl_domain_sched_params_init(&p);
    int rc = libxl_domain_sched_params_get(x.ctx, domid, &p);
    if (weight >= 0)
        p.weight = weight;
    if (cap >= 0)
        p.cap = cap;
    if (!rc)
        rc = libxl_domain_sched_params_set(x.ctx, domid, &p);
    libxl_domain_sched_params_dispose(&p);
    return done(&x, rc, err, "change the scheduling of", domid);
}

int driver_vm_trigger(struct driver *d, uint32_t domid, const char *trigger,
                      struct err *err)
{
    XEN_AUTO x = { 0 };
    libxl_trigger t;
    (void)d;
    if (libxl_trigger_from_string(trigger, &t))
        return err_set(err, ERR_CONFIG, "\"%s\" is not a trigger", trigger);
    if (vm_op_open(&x, err) < 0)
        return -1;
    return done(&x, libxl_send_trigger(x.ctx, domid, t, 0, NULL), err,
                "trigger", domid);
}
