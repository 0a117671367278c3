/* Disks for those who use them: VDIs through the driver of their SR. Private to
 * class/. */
#ifndef XAPI_STORAGE_H
#define XAPI_STORAGE_H

#include "class/handler.h"
#include "driver/driver.h"

/* What a driver needs to know of an SR; borrowed from the records given here
 * except device_config. */
struct sr_parts {
    struct sr_spec spec;
    const struct sr_driver *driver;
    struct value *device_config, *sm_config;
};
/* SR_UNKNOWN_DRIVER, SR_HAS_NO_PBDS or, when plugged is asked for,
 * SR_NOT_ATTACHED. The snapshot must outlive the parts. */
int sr_parts_build(const struct snapshot *s, const char *sr, bool plugged,
                   struct sr_parts *out, struct fault *f);
void sr_parts_dispose(struct sr_parts *p);
void vdi_spec_of(const struct record *vdi, struct vdi_spec *out);
/* The driver's failure as SR_BACKEND_FAILURE; returns -1. */
int sr_failed(const struct sr_parts *p, struct err *err, struct fault *f);
/* SR_OPERATION_NOT_SUPPORTED; returns -1. */
int sr_cannot(const char *sr, struct fault *f);

int vdi_attach(struct xapi *x, const char *vdi, bool writable,
               struct vdi_attached *out, struct fault *f);
void vdi_detach(struct xapi *x, const char *vdi);

#endif
