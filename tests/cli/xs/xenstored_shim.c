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

/* Same names as in libxenctrl, libxenevtchn and libxengnttab; the handles are
 * opaque to xenstored, so that any address does. */
void *xc_interface_open(void *log, void *dombuild_log, unsigned flags);
int xc_interface_close(void *xch);
int xc_domain_getinfo(void *xch, uint32_t first, unsigned max, void *info);
void *xenevtchn_open(void *log, unsigned flags);
void *xenevtchn_fdopen(void *log, int fd, unsigned flags);
int xenevtchn_fd(void *xce);
int xenevtchn_bind_virq(void *xce, unsigned virq);
int xenevtchn_bind_interdomain(void *xce, uint32_t domid, uint32_t port);
int xenevtchn_pending(void *xce);
int xenevtchn_unmask(void *xce, uint32_t port);
int xenevtchn_notify(void *xce, uint32_t port);
int xenevtchn_unbind(void *xce, uint32_t port);
void *xengnttab_open(void *log, unsigned flags);
int xengnttab_close(void *xgt);
int xengnttab_set_max_grants(void *xgt, uint32_t n);
void *xengnttab_map_grant_ref(void *xgt, uint32_t dom, uint32_t ref, int prot);
int xengnttab_unmap(void *xgt, void *addr, uint32_t n);

static int handle;

void *xc_interface_open(void *log, void *dombuild_log, unsigned flags)
{
    (void)log, (void)dombuild_log, (void)flags;
    return &handle;
}

int xc_interface_close(void *xch)
{
    (void)xch;
    return 0;
}

/* No domain is known. */
int xc_domain_getinfo(void *xch, uint32_t first, unsigned max, void *info)
{
    (void)xch, (void)first, (void)max, (void)info;
    return 0;
}

void *xenevtchn_open(void *log, unsigned flags)
{
    (void)log, (void)flags;
    return &handle;
}

void *xenevtchn_fdopen(void *log, int fd, unsigned flags)
{
    (void)log, (void)fd, (void)flags;
    return &handle;
}

int xenevtchn_fd(void *xce)
{
    static int fd = -1;

    (void)xce;
    if (fd < 0)
        fd = eventfd(0, EFD_NONBLOCK);
    return fd;
}

int xenevtchn_bind_virq(void *xce, unsigned virq)
{
    (void)xce, (void)virq;
    return 1;
}

int xenevtchn_bind_interdomain(void *xce, uint32_t domid, uint32_t port)
{
    (void)xce, (void)domid;
    return (int)port + 1;
}

int xenevtchn_pending(void *xce)
{
    (void)xce;
    return -1;
}

int xenevtchn_unmask(void *xce, uint32_t port)
{
    (void)xce, (void)port;
    return 0;
}

int xenevtchn_notify(void *xce, uint32_t port)
{
    (void)xce, (void)port;
    return 0;
}

int xenevtchn_unbind(void *xce, uint32_t port)
{
    (void)xce, (void)port;
    return 0;
}

void *xengnttab_open(void *log, unsigned flags)
{
    (void)log, (void)flags;
    return &handle;
}

int xengnttab_close(void *xgt)
{
    (void)xgt;
    return 0;
}

int xengnttab_set_max_grants(void *xgt, uint32_t n)
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

void *xengnttab_map_grant_ref(void *xgt, uint32_t dom, uint32_t ref, int prot)
{
    (void)xgt, (void)dom, (void)ref, (void)prot;
    return page();
}

int xengnttab_unmap(void *xgt, void *addr, uint32_t n)
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
