/* Devices of the host that guests get. Private to class/. */
#ifndef XAPI_VM_PCI_H
#define XAPI_VM_PCI_H

#include "store/store.h"

/* Adds the addresses (0000:04:01.0; the list owns them) that the VM shall have:
 * those of other_config:pci and a free card for each VGPU. -1: VM_REQUIRES_GPU,
 * or INVALID_VALUE. */
int vm_pci_wanted(const struct snapshot *s, const struct record *vm,
                  GPtrArray *addresses, struct fault *f);
/* The guest has them; it has them no more. */
void vm_pci_attached(struct txn *t, const char *vm, const GPtrArray *addresses);
void vm_pci_released(struct txn *t, const char *vm);
/* No guest has this card. */
bool pgpu_is_free(const struct snapshot *s, const struct record *pgpu);

#endif
