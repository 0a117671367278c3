/* Watches over a domain while it changes hosts (way A). */
#include "op/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "xen/child.h"

/* The migrating process is gone: name and run the domain again. */
static void take_back(struct xen *x, uint32_t domid, const char *name)
{
    libxl_dominfo info;
    libxl_dominfo_init(&info);
    int rc = libxl_domain_info(x->ctx, &info, domid);
    char *now = rc ? NULL : libxl_domid_to_name(x->ctx, domid);
    if (now && strcmp(now, name))
        libxl_domain_rename(x->ctx, domid, now, name);
    if (rc == 0 && info.shutdown &&
        info.shutdown_reason == LIBXL_SHUTDOWN_REASON_SUSPEND)
        libxl_domain_resume(x->ctx, domid, 1, NULL);
    free(now);
    libxl_dominfo_dispose(&info);
}

static void remove_named(struct xen *x, const char *name)
{
    uint32_t domid;
    if (libxl_name_to_domid(x->ctx, name, &domid) == 0 && domid != 0)
        libxl_domain_destroy(x->ctx, domid, NULL);
}

static void watch(int fd, enum guard_duty duty, uint32_t domid,
                  const char *name)
{
    struct xen own = { 0 };
    ERR_AUTO err = { 0 };
    char word;
    ssize_t n;
    while ((n = read(fd, &word, 1)) < 0 && errno == EINTR)
        ;
    if (n == 0 && xen_open(&own, 0, &err) == 0) {
        if (duty == GUARD_TAKE_BACK)
            take_back(&own, domid, name);
        else
            remove_named(&own, name);
    }
    xen_close(&own);
    _exit(0);
}

int guard_start(struct xen *x, enum guard_duty duty, uint32_t domid,
                const char *name, struct guard *g_out, struct err *err)
{
    int ends[2];
    *g_out = (struct guard){ .fd = -1 };
    if (pipe2(ends, O_CLOEXEC))
        return err_errno(err, ERR_FAIL, errno, "cannot make a pipe");
    g_out->pid = fork();
    if (g_out->pid == 0) {
        libxl_postfork_child_noexec(x->ctx);
        setsid(); /* what kills the terminal's processes spares it */
        close(ends[1]);
        watch(ends[0], duty, domid, name);
    }
    close(ends[0]);
    g_out->fd = ends[1];
    if (g_out->pid < 0)
        return err_errno(err, ERR_FAIL, errno, "cannot start a guard process");
    return 0;
}

void guard_dismiss(struct guard *g)
{
    if (g->fd < 0)
        return;
    if (write(g->fd, "k", 1) != 1)
        errno = 0; /* it is gone already */
    close(g->fd);
    g->fd = -1;
    if (g->pid > 0)
        child_wait(g->pid, 5000);
}
