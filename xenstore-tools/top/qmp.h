/* Counters of the disks that QEMU serves (qdisk), asked over QMP. */
#ifndef TOP_QMP_H
#define TOP_QMP_H

#include "base/value.h"
#include "top/sample.h"

/* A disk whose counters are wanted. */
struct qmp_disk {
    uint32_t domid;
    const char *dev;    /* as in XenStore: "xvda"; may be NULL */
    const char *params; /* "qcow2:/srv/disk"; may be NULL */
    struct vbd vbd;     /* filled; error is set when nobody told */
};

/* Asks the QEMUs of all domains in `disks` (struct qmp_disk, those of one
 * domain side by side) at the same time, through FOLDER/qmp-libxenstat-DOMID;
 * an answer later than `timeout_ms` is lost. */
void qmp_ask(const char *folder, GArray *disks, int timeout_ms);

/* The answers of one QEMU, as received: one JSON object per line. Fills the
 * disk's counters from the entries that are about it. False when none is. Pure.
 */
struct qmp_answers {
    struct value *blocks, *stats; /* either may be NULL */
};
void qmp_parse(struct qmp_answers *a, const char *text, size_t len);
bool qmp_fill(const struct qmp_answers *a, struct qmp_disk *disk);
void qmp_dispose(struct qmp_answers *a);

#endif
