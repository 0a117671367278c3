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
    int lock;    /* 0: not held, else its descriptor + 1 */
    char *guard; /* file that programs at work in the SR have locked */
    const char *guard_before;
    GHashTable *in_use;
};
/* SR_UNKNOWN_DRIVER, SR_HAS_NO_PBDS or, when plugged is asked for,
 * SR_NOT_ATTACHED. The snapshot must outlive the parts. */
int sr_parts_build(const struct snapshot *s, const char *sr, bool plugged,
                   struct sr_parts *out, struct fault *f);
void sr_parts_dispose(struct sr_parts *p);
#define SR_PARTS_AUTO __attribute__((cleanup(sr_parts_dispose))) struct sr_parts
/* Nobody else changes what is in this SR, nor opens a disk for a guest, until
 * the parts are disposed. Held while records are written, too: a scan sees both
 * or neither. Fills spec.in_use. */
void sr_parts_lock(struct xapi *x, struct sr_parts *p);
/* Around the making of a disk under the lock: a disk of this UUID that no
 * record names when the service starts again was not finished. */
int sr_intent_begin(struct xapi *x, const struct sr_parts *p, const char *uuid,
                    struct fault *f);
void sr_intent_end(struct xapi *x, const struct sr_parts *p);
bool sr_intent_is_left(struct xapi *x, const struct sr_parts *p);
/* Removes such a disk, from what was found, too. */
void sr_intent_settle(struct xapi *x, const struct sr_parts *p,
                      const struct snapshot *s, GArray *found);
/* sm_config is the caller's to free. */
void vdi_spec_of(const struct snapshot *s, const struct record *vdi,
                 struct vdi_spec *out);
/* The driver's failure as SR_BACKEND_FAILURE; returns -1. */
int sr_failed(const struct sr_parts *p, struct err *err, struct fault *f);
/* SR_OPERATION_NOT_SUPPORTED; returns -1. */
int sr_cannot(const char *sr, struct fault *f);

/* Plugs or unplugs; nothing happens when it is so already. */
int pbd_plug(struct xapi *x, const char *pbd, bool on, struct fault *f);
/* Writes what is really there into the records: sizes, new VDIs, gone ones. */
int sr_scan(struct xapi *x, const char *sr, struct fault *f);
/* Only the figures. */
void sr_refresh(struct xapi *x, const char *sr);
/* SM records; PBDs plugged that were plugged before; disks removed that were
 * not finished. */
int sr_start(struct xapi *x, struct err *err);
/* sm_config key of a VDI whose data are not complete. */
#define VDI_UNFINISHED "unfinished"
/* Location, sizes and format as the driver has found them. */
void vdi_set_found(struct txn *t, const char *vdi,
                   const struct vdi_found *found);

int vdi_attach(struct xapi *x, const char *vdi, bool writable,
               struct vdi_attached *out, struct fault *f);
void vdi_detach(struct xapi *x, const char *vdi);

#endif
