/* Contents of disks to and from files: for vdi-import and vdi-export. */
#ifndef XAPI_TRANSFER_H
#define XAPI_TRANSFER_H

#include "model/fault.h"
#include "task/task.h"
#include "xapi.h"

/* A name for a file that does not exist yet, below the state folder. Caller
 * frees, and removes the file. */
char *transfer_scratch(struct xapi *x);
/* The disk's contents into a new file; format raw, vhd or qcow2. VDI_IN_USE
 * while a guest writes to it. */
int transfer_export(struct xapi *x, const char *vdi, const char *format,
                    const char *path, struct fault *f);
/* A file's contents into a disk that is large enough and that nobody uses. */
int transfer_import(struct xapi *x, const char *vdi, const char *format,
                    const char *path, struct fault *f);

#endif
