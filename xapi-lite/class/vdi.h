/* Disks, for those who copy VMs. Private to class/. */
#ifndef XAPI_VDI_H
#define XAPI_VDI_H

#include "class/handler.h"

/* A new VDI in the same SR: snapshot or clone; its ref (caller frees), or NULL
 * with the call's fault. Unless finished it has the mark VDI_UNFINISHED, until
 * its user takes it away. */
char *vdi_duplicate(struct ctx *c, const char *vdi, bool snapshot,
                    bool finished);
/* A full copy in this SR (null ref: the same). */
char *vdi_copy(struct ctx *c, const char *vdi, const char *sr, bool finished);
/* A new empty one. */
char *vdi_create(struct ctx *c, const char *sr, const char *name,
                 const char *description, int64_t size, const char *type,
                 const struct value *sm_config);
/* Whether it goes back to one state whenever its guest starts. */
bool vdi_resets(const struct record *vdi);
/* Disks of the VM that do that go back now. */
int vdi_reset_all(struct xapi *x, const char *vm, struct fault *f);
/* Removes the data and the record. */
int vdi_remove(struct xapi *x, const char *vdi, struct fault *f);
/* Whether a guest that is up has it. */
bool vdi_is_plugged(const struct snapshot *s, const struct record *vdi);

#endif
