/* Contents of disks in and out: for vdi-import, vdi-export and XVA archives. */
#ifndef XAPI_CONTENTS_H
#define XAPI_CONTENTS_H

#include "model/fault.h"
#include "task/task.h"
#include "xapi.h"

/* ---- one disk ----------------------------------------------------------- */

struct contents;
/* Opens the contents of a VDI (reference or UUID), attached for this time.
 * NULL with HANDLE_INVALID, VDI_IN_USE [ref, what] while a guest writes to it,
 * VDI_READONLY when it shall be written, SR_BACKEND_FAILURE_*. */
struct contents *contents_open(struct xapi *x, const char *vdi, bool writable,
                               struct fault *f);
uint64_t contents_size(const struct contents *t);
int contents_read(struct contents *t, uint64_t offset, void *buf, size_t len,
                  struct fault *f);
/* VDI_TOO_SMALL behind the disk's end. Zeros take no room. */
int contents_write(struct contents *t, uint64_t offset, const void *buf,
                   size_t len, struct fault *f);
int contents_zero(struct contents *t, uint64_t offset, uint64_t len,
                  struct fault *f);
/* The first byte from offset on that may be no zero, or the size. */
uint64_t contents_next(struct contents *t, uint64_t offset);
/* On disk when 0 is returned. Frees, always. */
int contents_close(struct contents *t, struct fault *f);
/* Whether all bytes are zeros. */
bool contents_is_zero(const void *buf, size_t len);
/* TASK_CANCELLED [task] when it was; else 0. The task may be NULL. */
int contents_check(const struct task *task, struct fault *f);

/* ---- image files ----------------------------------------------------------
 */

/* Raw, vhd and qcow2; INVALID_VALUE for other words. */
int contents_format_check(const char *format, struct fault *f);
/* A name for a file that does not exist yet, below the state folder. Caller
 * frees, and removes the file. */
char *contents_scratch(struct xapi *x);
/* Removes what an earlier run of the daemon has left there. */
void contents_clean(struct xapi *x);
/* The disk's contents into a new image file. The task goes from `from` to `to`;
 * cancelling it ends the work. Of t only contents_close is left afterwards,
 * here and for the next. */
int contents_to_file(struct contents *t, const char *format, const char *path,
                     struct task *task, double from, double to,
                     struct fault *f);
/* An image's contents into the disk, which must be large enough; one that
 * stands on another file is refused. */
int contents_from_file(struct contents *t, const char *format, const char *path,
                       struct task *task, double from, double to,
                       struct fault *f);

#endif
