/* The watcher's parts: what ended, what the list shows, what guests tell.
 * Private to class/vm_*.c. */
#ifndef XAPI_VM_WATCH_H
#define XAPI_VM_WATCH_H

#include "class/setup.h"
#include "class/vm.h"

enum {
    VMS_GONE_S = 5, /* a guest of xl that reboots comes back in this time */
};

struct vms {
    struct xapi *x;
    GThread *thread;
    GThreadPool *enders;
    GMutex lock;
    GCond changed;      /* notes came, or records changed */
    GQueue notes;       /* struct note * */
    GHashTable *ending; /* refs of VMs that an ender works on */
    GHashTable *gone;   /* VM ref -> when it was seen gone (microseconds) */
    GHashTable *kept;   /* domids that have ended and are left as they are */
    bool starting;      /* the first look, before anything else runs */
    bool unfinished;    /* some domain could not be described yet */
    uint64_t wakes;
    bool stop;
};

/* An operation that changes the domain by itself is at work. */
bool vms_is_managed(const struct record *vm);

/* ---- guests that ended (vm_ended.c) ---------------------------------------
 */

/* Does what the record says, in a worker; once for each end. */
void vms_guest_ended(struct vms *v, const struct vm_info *info,
                     const struct record *vm);
/* A worker does so for this VM. */
bool vms_is_ending(struct vms *v, const struct record *vm);
/* The worker's function; data is its own, user the struct vms. */
void vms_ender(void *data, void *user);

/* ---- the list of domains (vm_list.c) --------------------------------------
 */

/* Brings the records in line with the domains; the list (caller frees), or
 * NULL. */
GArray *vms_see_list(struct vms *v);
/* Records of guests of xl go some seconds after the guest. */
void vms_forget_gone(struct vms *v);

/* ---- figures and what guests tell (vm_figures.c) --------------------------
 */

void vms_see_figures(struct vms *v, const GArray *list);
void vms_see_guest(struct vms *v, uint32_t domid);
void vms_see_all_guests(struct vms *v);

#endif
