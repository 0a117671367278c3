/* Between the libxl files of driver/. */
#ifndef XAPI_VM_LIBXL_H
#define XAPI_VM_LIBXL_H

#include <xenstore.h>

#include "driver/driver.h"
#include "xen/ctx.h"

struct driver {
    struct xen xen;
    libxl_ctx *ctx; /* xen.ctx */
    /* told by watch.c's thread */
    driver_event_fn *fn;
    void *user;
    struct watcher *watcher; /* NULL until driver_watch */
};

struct watcher *watcher_open(struct driver *d);
void watcher_close(struct watcher *w);

#endif
