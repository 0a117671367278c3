/* The records of an imported archive. Private to class/. */
#ifndef XAPI_ARCHIVE_RECORDS_H
#define XAPI_ARCHIVE_RECORDS_H

#include "class/archive_plan.h"
#include "class/handler.h"

/* Makes VMs, VBDs, VIFs in the transaction and describes the disks, whose VDIs
 * are in the plan. *vms_out: array of references. -1 with the fault when a
 * field of the archive does not fit: roll back. */
int archive_records_make(struct ctx *c, struct txn *t,
                         const struct archive_plan *p,
                         const struct archive_import *opts,
                         struct value **vms_out);

#endif
