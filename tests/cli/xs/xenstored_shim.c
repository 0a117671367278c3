/* Preloaded into xenstored so that it runs where there is no Xen: an event
 * channel that never fires, one ring page for Dom0 and a made-up port. Only the
 * socket is served, which is all the tools and their tests use. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <xenctrl.h>
#include <xenevtchn.h>
#include <xengnttab.h>

/* Domains that xenstored is told to exist, so that permissions can name them.
 */
enum { DOMAINS = 10 };

/* Handles are opaque to xenstored, so that any address does. */
static int handle;

xc_interface *xc_interface_open(xentoollog_logger *log,
                                xentoollog_logger *dombuild_log, unsigned flags)
{
    (void)log, (void)dombuild_log, (void)flags;
    return (void *)&handle;
}

int xc_interface_close(xc_interface *xch)
{
    (void)xch;
    return 0;
}

int xc_domain_getinfo(xc_interface *xch, uint32_t first, unsigned max,
                      xc_dominfo_t *info)
{
    (void)xch, (void)max;
    if (first >= DOMAINS)
        return 0;
    memset(info, 0, sizeof(*info));
    info->domid = first;
    return 1;
}

xenevtchn_handle *xenevtchn_open(xentoollog_logger *log, unsigned flags)
{
    (void)log, (void)flags;
    return (void *)&handle;
}

xenevtchn_handle *xenevtchn_fdopen(xentoollog_logger *log, int fd,
                                   unsigned flags)
{
    (void)log, (void)fd, (void)flags;
    return (void *)&handle;
}

int xenevtchn_fd(xenevtchn_handle *xce)
{
    static int fd = -1;

    (void)xce;
    if (fd < 0)
        fd = eventfd(0, EFD_NONBLOCK);
    return fd;
}

xenevtchn_port_or_error_t xenevtchn_bind_virq(xenevtchn_handle *xce,
                                              unsigned virq)
{
    (void)xce, (void)virq;
    return 1;
}

xenevtchn_port_or_error_t xenevtchn_bind_interdomain(xenevtchn_handle *xce,
                                                     uint32_t domid,
                                                     evtchn_port_t port)
{
    (void)xce, (void)domid;
    return (int)port + 1;
}

xenevtchn_port_or_error_t xenevtchn_pending(xenevtchn_handle *xce)
{
    (void)xce;
    return -1;
}

int xenevtchn_unmask(xenevtchn_handle *xce, evtchn_port_t port)
{
    (void)xce, (void)port;
    return 0;
}

int xenevtchn_notify(xenevtchn_handle *xce, evtchn_port_t port)
{
    (void)xce, (void)port;
    return 0;
}

int xenevtchn_unbind(xenevtchn_handle *xce, evtchn_port_t port)
{
    (void)xce, (void)port;
    return 0;
}

xengnttab_handle *xengnttab_open(xentoollog_logger *log, unsigned flags)
{
    (void)log, (void)flags;
    return (void *)&handle;
}

int xengnttab_close(xengnttab_handle *xgt)
{
    (void)xgt;
    return 0;
}

int xengnttab_set_max_grants(xengnttab_handle *xgt, uint32_t n)
{
    (void)xgt, (void)n;
    return 0;
}

/* One zeroed page: a ring without requests. */
static void *page(void)
{
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

void *xengnttab_map_grant_ref(xengnttab_handle *xgt, uint32_t dom, uint32_t ref,
                              int prot)
{
    (void)xgt, (void)dom, (void)ref, (void)prot;
    return page();
}

int xengnttab_unmap(xengnttab_handle *xgt, void *addr, uint32_t n)
{
    (void)xgt;
    return munmap(addr, n * 4096UL);
}

/* A file in memory: the port number as text, or the ring page. */
static int memory_file(const char *text)
{
    int fd = memfd_create("xenstored", 0);

    if (fd < 0 || ftruncate(fd, text ? 0 : 4096) < 0)
        return -1;
    if (text && (write(fd, text, strlen(text)) < 0 || lseek(fd, 0, SEEK_SET)))
        return -1;
    return fd;
}

/* The two files of /proc/xen that xenstored opens to reach Dom0's kernel. */
int open(const char *path, int flags, ...)
{
    va_list ap;
    mode_t mode;

    va_start(ap, flags);
    mode = va_arg(ap, mode_t);
    va_end(ap);
    if (!strcmp(path, "/proc/xen/xsd_port"))
        return memory_file("1\n");
    if (!strcmp(path, "/proc/xen/xsd_kva"))
        return memory_file(NULL);
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}
