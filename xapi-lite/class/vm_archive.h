/* VMs to and from XVA archives, for the HTTP handlers. */
#ifndef XAPI_VM_ARCHIVE_H
#define XAPI_VM_ARCHIVE_H

#include "class/session.h"
#include "task/task.h"
#include "xapi.h"
#include "xva/xva.h"

struct archive_export {
    const char *vm; /* reference or UUID; NULL: all VMs (metadata only) */
    enum xva_pack pack;
    enum xva_sum sum;
    bool metadata_only, snapshots, control_domain;
    const char *excluded; /* device types left out: "vif,vbd", or NULL */
};

/* Writes the VM with its disks; nothing is written before the VM and its state
 * have been checked. The VM must be halted or suspended (metadata: any state)
 * and cannot be started meanwhile. */
int archive_export(struct xapi *x, const struct session_info *session,
                   struct task *task, const struct archive_export *e,
                   xva_write_fn *fn, void *user, struct fault *f);

struct archive_import {
    const char *sr; /* reference or UUID for the disks; NULL: the default SR */
    bool metadata_only; /* the disks are here already */
    bool restore;       /* UUIDs and MAC addresses are kept */
    bool force;         /* wrong checksums and missing disks are passed over */
    bool dry_run;       /* only checked */
};

/* Makes the VMs of an archive with their disks: all of it is there at once at
 * the end, or nothing. The archive may come from anywhere. *vms_out: array of
 * references, caller frees. */
int archive_import(struct xapi *x, const struct session_info *session,
                   struct task *task, const struct archive_import *i,
                   xva_read_fn *fn, void *user, struct value **vms_out,
                   struct fault *f);

#endif
