/* Rules between the fields of a VM. Private to class/. */
#ifndef XAPI_VM_CHECKS_H
#define XAPI_VM_CHECKS_H

#include "store/store.h"

int vm_check_memory(const struct record *vm, struct fault *f);
int vm_check_vcpus(const struct record *vm, struct fault *f);
void vm_settle_type(struct txn *t, const char *vm);

#endif
