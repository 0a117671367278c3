/* Between the files about VMs. Private to class/. */
#ifndef XAPI_VM_H
#define XAPI_VM_H

#include "class/handler.h"
#include "class/power.h"
#include "driver/driver.h"

/* ---- operations --------------------------------------------------------- */

/* Checks the operation and marks it in current_operations under the call's
 * task; -1 with the reason. */
int vm_begin(struct ctx *c, const char *vm, enum power_op op);
/* Unmarks it; always, whatever came between. */
void vm_end(struct ctx *c, const char *vm);
/* power_allowed(), less what its disks do not permit. */
uint64_t vm_allowed(struct txn *t, const struct record *vm);
/* One check without marking, for quick changes inside a transaction. */
int vm_check(struct ctx *c, struct txn *t, const char *vm, enum power_op op);

/* ---- states (vm_state.c): called inside a transaction ----------------------
 */

void vm_set_running(struct xapi *x, struct txn *t, const char *vm,
                    uint32_t domid, bool paused);
void vm_set_halted(struct txn *t, const char *vm);
void vm_set_suspended(struct txn *t, const char *vm);
/* Makes VM.metrics if it is missing; its ref, valid in the transaction. */
const char *vm_metrics(struct txn *t, const char *vm);
/* Removes the VM with its devices' records (not their disks); what has grown
 * from it belongs to its parent then. */
void vm_delete(struct txn *t, const char *vm);
bool vm_is_active(const struct record *vm); /* running or paused */
/* The metrics record of the guest's agent, or NULL. */
const struct record *vm_guest(struct txn *t, const struct record *vm);

/* ---- domains ---------------------------------------------------------------
 */

/* Builds the domain of the record (from a saved file if path is given) and
 * marks it running. -1 with the fault; nothing is left then. */
int vm_build(struct xapi *x, const char *vm, const char *path, bool paused,
             struct fault *f);
/* Destroys the domain and marks the VM halted. */
int vm_destroy_domain(struct xapi *x, const char *vm, struct fault *f);
/* Where a suspended VM is kept. Caller frees. */
char *vm_saved_path(struct xapi *x, const char *uuid);
/* Looks up tty and VNC port and makes the console records. */
void vm_refresh_consoles(struct xapi *x, const char *vm);

/* The VM's devices as the driver takes them. */
struct vm_parts {
    struct vm_spec spec;
    struct value *vm;
    GArray *disks, *nics; /* struct disk_spec, struct nic_spec */
    GPtrArray *pcis;      /* addresses */
    GPtrArray *texts;     /* what they borrow */
    GPtrArray *attached;  /* refs of VDIs that were attached */
};
int vm_parts_build(struct xapi *x, const char *vm, struct vm_parts *out,
                   struct fault *f);
void vm_parts_dispose(struct vm_parts *p);
/* Undoes what vm_parts_build attached. */
void vm_parts_detach(struct xapi *x, struct vm_parts *p);
void vm_detach_all(struct xapi *x, const char *vm);
/* "xvda" for userdevice 0. */
/* Applies the VBD's qos to a disk that this guest has got; what cannot be
 * applied is told in the log, and what could be in the record. */
void vbd_qos_apply(struct xapi *x, const struct record *vbd,
                   const struct disk_spec *disk, uint32_t domid);
void vbd_qos_apply_all(struct xapi *x, const char *vm,
                       const struct vm_spec *spec, uint32_t domid);
void vbd_device_name(const char *userdevice, char out[16]);
/* One device, for hot-plugging; texts go into `texts`. */
int vbd_spec(struct xapi *x, const struct snapshot *s, const struct record *vbd,
             struct disk_spec *out, GPtrArray *texts, GPtrArray *attached,
             struct fault *f);
void vif_spec(const struct snapshot *s, const struct record *vif,
              struct nic_spec *out, GPtrArray *texts);

/* Writes the memory of a crashed domain to vm_core_path, over the one of an
 * earlier crash, when actions_after_crash asks for it. */
/* state_dir/crashdumps/UUID.core. Caller frees. */
char *vm_core_path(struct xapi *x, const char *uuid);
void vm_keep_core(struct xapi *x, const struct record *vm, uint32_t domid);

/* Makes a record for a running domain of xl; -1 when libxl cannot describe it
 * yet. */
int vm_adopt(struct xapi *x, const struct vm_info *info);

/* ---- watching (vm_watch.c)
 * --------------------------------------------------- */

struct vms *vms_open(struct xapi *x);
void vms_close(struct vms *v);
/* Waits until pred(vm record, arg) holds: 0; 1 after timeout_s; 2 when the task
 * is cancelled. pred gets NULL when the VM is gone. */
int vms_wait(struct xapi *x, const char *vm, struct task *task,
             unsigned timeout_s,
             bool (*pred)(const struct record *vm, void *arg), void *arg);
/* x is being closed: what takes long is to end. */
bool vms_stopped(void *x);
/* Something changed: those who wait look again. */
void vms_wake(struct xapi *x);

/* other_config key of records made for guests that xl started. */
#define VM_STARTED_BY "started-by"

#endif
