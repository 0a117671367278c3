/* May this be done to this VM now? The table of operations and power states,
 * and the order in which the reasons against it are named. Pure: looks at
 * records only. */
#ifndef XAPI_POWER_H
#define XAPI_POWER_H

#include "store/store.h"

/* OP_start, ...: the words of the enumeration vm_operations. */
enum power_op {
#define POWER(op, states, flags) OP_##op,
#include "class/power.def"
#undef POWER
    OP_COUNT
};

/* 0, or -1 with the first reason: OPERATION_BLOCKED, VM_BAD_POWER_STATE,
 * OTHER_OPERATION_IN_PROGRESS, VM_IS_TEMPLATE, VM_IS_SNAPSHOT,
 * PROVISION_ONLY_ALLOWED_ON_TEMPLATE, REVERT_ONLY_ALLOWED_ON_SNAPSHOT,
 * OPERATION_NOT_ALLOWED, VM_LACKS_FEATURE. `guest` is the VM's
 * VM_guest_metrics or NULL. strict also refuses what a guest without drivers
 * would ignore. */
int power_check(const struct record *vm, const struct record *guest,
                enum power_op op, bool strict, struct fault *f);
/* Every operation that passes (strict) and is shown, as bits 1 << op. */
uint64_t power_allowed(const struct record *vm, const struct record *guest);
const char *power_op_name(enum power_op op);
/* Position of a power state's letter in "HPRS" is that of its word in
 * vm_power_state. */
enum power_state { STATE_HALTED, STATE_PAUSED, STATE_RUNNING, STATE_SUSPENDED };

#endif
