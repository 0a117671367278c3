/* Copies of VMs: clone, copy, snapshot share their steps. Private to class/. */
#ifndef XAPI_VM_COPY_H
#define XAPI_VM_COPY_H

#include "class/vm.h"

enum copy_how { BY_CLONE, BY_COPY, BY_SNAPSHOT };

/* A disk of the copy: the new VDI, or the old one where it is shared. */
struct copied {
    char *vbd, *vdi;
};

/* Array of struct copied. */
GArray *vm_copy_list(void);
/* Copies the disks of the VM, with no transaction held; not those of `skip`, an
 * array of VDI refs or NULL. Until vm_copy_vbds gives them to a VM they are
 * marked as unfinished: a service that starts again removes them. */
int vm_copy_disks(struct ctx *c, const char *vm, enum copy_how how,
                  const char *sr, const struct value *skip, GArray *out);
/* Removes what vm_copy_disks made. */
void vm_copy_drop_disks(struct ctx *c, const GArray *disks);
/* VBDs and VIFs like those of the original, for another VM; its disks are
 * finished. */
void vm_copy_vbds(struct txn *t, const char *vm, const GArray *disks);
void vm_copy_vifs(struct txn *t, const struct record *from, const char *vm,
                  bool keep_mac);
/* The record itself with its devices; its ref (caller frees) or NULL. */
char *vm_copy_record(struct ctx *c, const char *from, const char *name,
                     enum copy_how how, const GArray *disks);

#endif
