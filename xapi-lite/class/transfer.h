/* Contents of disks in and out: for vdi-import, vdi-export and XVA archives. */
#ifndef XAPI_TRANSFER_H
#define XAPI_TRANSFER_H

#include "model/fault.h"
#include "task/task.h"
#include "xapi.h"

/* ---- one disk ----------------------------------------------------------- */

struct transfer;
/* Opens the contents of a VDI (reference or UUID), attached for this time.
 * NULL with HANDLE_INVALID, VDI_IN_USE [ref, what] while a guest writes to it,
 * VDI_READONLY when it shall be written, SR_BACKEND_FAILURE_*. */
struct transfer *transfer_open(struct xapi *x, const char *vdi, bool writable,
                               struct fault *f);
uint64_t transfer_size(const struct transfer *t);
int transfer_read(struct transfer *t, uint64_t offset, void *buf, size_t len,
                  struct fault *f);
/* VDI_TOO_SMALL behind the disk's end. Zeros take no room. */
int transfer_write(struct transfer *t, uint64_t offset, const void *buf,
                   size_t len, struct fault *f);
int transfer_zero(struct transfer *t, uint64_t offset, uint64_t len,
                  struct fault *f);
/* The first byte from offset on that may be no zero, or the size. */
uint64_t transfer_next(struct transfer *t, uint64_t offset);
/* On disk when 0 is returned. Frees, always. */
int transfer_close(struct transfer *t, struct fault *f);
/* Whether all bytes are zeros. */
bool transfer_is_zero(const void *buf, size_t len);
/* TASK_CANCELLED [task] when it was; else 0. The task may be NULL. */
int transfer_check(const struct task *task, struct fault *f);

/* ---- image files ----------------------------------------------------------
 */

/* Raw, vhd and qcow2; INVALID_VALUE for other words. */
int transfer_format_check(const char *format, struct fault *f);
/* A name for a file that does not exist yet, below the state folder. Caller
 * frees, and removes the file. */
char *transfer_scratch(struct xapi *x);
/* Removes what an earlier run of the daemon has left there. */
void transfer_clean(struct xapi *x);
/* The disk's contents into a new image file. The task (or NULL) goes from
 * `from` to `to`; cancelling it ends the work. */
int transfer_to_file(struct transfer *t, const char *format, const char *path,
                     struct task *task, double from, double to,
                     struct fault *f);
/* An image's contents into the disk, which must be large enough; one that
 * stands on another file is refused. */
int transfer_from_file(struct transfer *t, const char *format, const char *path,
                       struct task *task, double from, double to,
                       struct fault *f);

#endif
