/* Between the libxl files of driver/. */
#ifndef XAPI_VM_LIBXL_H
#define XAPI_VM_LIBXL_H

#include <xenstore.h>

#include "driver/driver.h"
#include "xen/ctx.h"

struct driver {
    struct xen xen;
    libxl_ctx *ctx; /* xen.ctx */
    GMutex names_lock;
    GHashTable *names; /* of guests that are being built */
    /* told by watch.c's thread */
    driver_event_fn *fn;
    void *user;
    struct watcher *watcher; /* NULL until driver_watch */
};

/* Loads the driver that holds PCI devices for guests, when the guest shall have
 * some. */
int vm_pci_prepare(const struct vm_spec *spec, struct err *err);
/* A context for one operation; close it with xen_close. */
int vm_op_open(struct xen *x, struct err *err);

struct watcher *watcher_open(struct driver *d);
void watcher_close(struct watcher *w);

#endif
