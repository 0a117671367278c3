/* The way to libxenlight, and why it is barred when it is (ways A, B, C). */
#include "xen/ctx.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static bool runs_on_xen(void)
{
    g_autofree char *type = NULL;
    if (g_file_get_contents("/sys/hypervisor/type", &type, NULL, NULL))
        return g_str_has_prefix(type, "xen");
    return access("/proc/xen/capabilities", F_OK) == 0;
}

static bool is_control_domain(void)
{
    g_autofree char *caps = NULL;
    return !g_file_get_contents("/proc/xen/capabilities", &caps, NULL, NULL) ||
           strstr(caps, "control_d");
}

/* 0, or the errno of opening privcmd where both libxencall places fail. */
static int privcmd_errno(void)
{
    static const char *const places[] = { "/dev/xen/privcmd",
                                          "/proc/xen/privcmd" };
    int why = ENOENT;
    for (unsigned i = 0; i < G_N_ELEMENTS(places); i++) {
        int fd = open(places[i], O_RDWR | O_CLOEXEC);
        if (fd >= 0) {
            close(fd);
            return 0;
        }
        if (errno != ENOENT)
            why = errno;
    }
    return why;
}

static int no_privcmd(struct err *err, int why)
{
    if (why == EACCES || why == EPERM) {
        err_set(err, ERR_PERM, "only root may talk to Xen");
        return err_hint(err, "Run it as root, for instance with sudo.");
    }
    if (!runs_on_xen()) {
        err_set(err, ERR_NOXEN,
                "this machine does not run under Xen, so there is nothing to "
                "control");
        return err_hint(err, "Boot the entry \"with Xen hypervisor\" of the "
                             "boot menu (Debian: package "
                             "xen-system-amd64).");
    }
    err_errno(err, ERR_NOXEN, why,
              "Xen runs here, but its control device /dev/xen/privcmd cannot "
              "be opened");
    return err_hint(err, "Load it with `modprobe xen-privcmd`, and mount "
                         "xenfs on /proc/xen.");
}

static int why_barred(struct err *err, const struct xen_log *log)
{
    int why = privcmd_errno();
    if (why)
        return no_privcmd(err, why);
    if (!is_control_domain()) {
        err_set(err, ERR_NOXEN,
                "this is a Xen guest, not the control domain (Dom0)");
        return err_hint(err, "Run it in Dom0.");
    }
    if (xen_log_find(log, "xenstore")) {
        err_set(err, ERR_NOXEN,
                "xenstored does not answer, so libxenlight cannot work");
        return err_hint(err, "Start it: `systemctl start xenstored` (Debian: "
                             "`service xen start`), then look at its log.");
    }
    const char *said = xen_log_find(log, NULL);
    return err_set(err, ERR_NOXEN, "libxenlight cannot be opened: %s",
                   said ? said : "it does not say why");
}

static int alloc(struct xen *x, struct err *err)
{
    if (libxl_ctx_alloc(&x->ctx, LIBXL_VERSION, 0, &x->log->vtable) == 0)
        return 0;
    x->ctx = NULL;
    why_barred(err, x->log);
    xen_log_clear(x->log);
    return -1;
}

int xen_open(struct xen *x, unsigned verbosity, struct err *err)
{
    if (x->ctx)
        return 0;
    if (!x->log)
        x->log = xen_log_new(stderr, verbosity);
    return alloc(x, err);
}

void xen_close(struct xen *x)
{
    if (x->ctx)
        libxl_ctx_free(x->ctx);
    xen_log_free(x->log);
    *x = (struct xen){ 0 };
}

int xen_reopen_after_fork(struct xen *x, struct err *err)
{
    libxl_postfork_child_noexec(x->ctx);
    x->ctx = NULL; /* may not even be freed from here on */
    return alloc(x, err);
}

int xen_fail(struct xen *x, struct err *err, int rc, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    g_autofree char *text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    const char *said = xen_log_find(x->log, NULL);
    if (said) {
        err_set(err, ERR_LIBXL, "%s: %s", text, said);
        if (err)
            err->rc = rc;
    } else {
        err_libxl(err, rc, "%s", text);
    }
    xen_log_clear(x->log);
    return -1;
}
