/* The table of operations and power states (way B). */
#include "class/power.h"

#include <string.h>

enum {
    P_TEMPLATE = 1,
    P_SNAPSHOT = 2,
    P_DOM0 = 4,
    P_HIDDEN = 8,
    P_GUEST = 16,
    P_OVER = 32,
    P_ALWAYS = 64,
};

static const struct {
    const char *name, *states;
    unsigned flags;
} rows[] = {
#define POWER(op, states, flags) { #op, states, flags },
#include "class/power.def"
#undef POWER
};

const char *power_op_name(enum power_op op)
{
    return rows[op].name;
}

static const char *const state_names[] = { "halted", "paused", "running",
                                           "suspended" };

static bool state_fits(const struct record *vm, enum power_op op)
{
    bool snapshot = record_bool(vm, F_VM_is_a_snapshot);
    int state = record_word(vm, F_VM_power_state);
    /* Domain-0 always runs; its limits may be changed all the same */
    if (record_bool(vm, F_VM_is_control_domain) && (rows[op].flags & P_DOM0))
        return true;
    /* snapshots with memory look suspended */
    if (snapshot && state == STATE_SUSPENDED &&
        (op == OP_clone || op == OP_copy))
        return true;
    return strchr(rows[op].states, "HPRS"[state]);
}

static int bad_state(const struct record *vm, enum power_op op, struct fault *f)
{
    g_autoptr(GString) wanted = g_string_new(NULL);
    for (int i = 0; i < 4; i++)
        if (strchr(rows[op].states, "HPRS"[i]))
            g_string_append_printf(wanted, "%s%s", wanted->len ? ", " : "",
                                   state_names[i]);
    return fault_set(f, "VM_BAD_POWER_STATE", record_ref(vm), wanted->str,
                     state_names[record_word(vm, F_VM_power_state)], NULL);
}

/* The current operation that stands in the way, or -1. */
static int in_the_way(const struct record *vm, enum power_op op)
{
    size_t n = record_count(vm, F_VM_current_operations);
    if (rows[op].flags & P_ALWAYS)
        return -1;
    for (size_t i = 0; i < n; i++) {
        const char *cur = record_map_item(vm, F_VM_current_operations, i);
        bool clean =
            g_str_has_prefix(cur, "clean_") || !strcmp(cur, "shutdown");
        if (!(clean && (rows[op].flags & P_OVER)))
            return (int)i;
    }
    return -1;
}

static int check_kind(const struct record *vm, enum power_op op,
                      struct fault *f)
{
    const char *ref = record_ref(vm);
    bool snapshot = record_bool(vm, F_VM_is_a_snapshot);
    bool template = record_bool(vm, F_VM_is_a_template);
    unsigned flags = rows[op].flags;
    if (snapshot && !(flags & P_SNAPSHOT))
        return fault_set(f, "VM_IS_SNAPSHOT", ref, rows[op].name, NULL);
    if (template && !snapshot && !(flags & P_TEMPLATE))
        return fault_set(f, "VM_IS_TEMPLATE", ref, rows[op].name, NULL);
    if (op == OP_provision && !template)
        return fault_set(f, "PROVISION_ONLY_ALLOWED_ON_TEMPLATE", NULL);
    if (op == OP_revert && !snapshot)
        return fault_set(f, "REVERT_ONLY_ALLOWED_ON_SNAPSHOT", NULL);
    if (op == OP_destroy && record_bool(vm, F_VM_is_default_template))
        return fault_set(f, "VM_CANNOT_DELETE_DEFAULT_TEMPLATE", ref, NULL);
    if (record_bool(vm, F_VM_is_control_domain) && !(flags & P_DOM0))
        return fault_set(f, "OPERATION_NOT_ALLOWED",
                         "this operation is not for the control domain", NULL);
    return 0;
}

/* An HVM guest acts on requests only with drivers that say so. */
static bool listens(const struct record *vm, const struct record *guest)
{
    bool hvm = !strcmp(record_str(vm, F_VM_domain_type), "hvm") ||
               (!strcmp(record_str(vm, F_VM_domain_type), "unspecified") &&
                *record_str(vm, F_VM_HVM_boot_policy));
    return !hvm || (guest &&
                    record_bool(guest, F_VM_guest_metrics_PV_drivers_detected));
}

/* The guest goes on elsewhere, or later: a device cannot go with it. */
static bool moves_memory(enum power_op op)
{
    return op == OP_suspend || op == OP_checkpoint || op == OP_pool_migrate;
}

int power_check(const struct record *vm, const struct record *guest,
                enum power_op op, bool strict, struct fault *f)
{
    const char *ref = record_ref(vm);
    const char *why =
        record_map_get(vm, F_VM_blocked_operations, rows[op].name);
    if (why)
        return fault_set(f, "OPERATION_BLOCKED", ref, why, NULL);
    if (!state_fits(vm, op))
        return bad_state(vm, op, f);
    int other = in_the_way(vm, op);
    if (other >= 0)
        return fault_set(
            f, "OTHER_OPERATION_IN_PROGRESS", "VM", ref,
            record_map_item(vm, F_VM_current_operations, (size_t)other),
            record_map_key(vm, F_VM_current_operations, (size_t)other), NULL);
    if (check_kind(vm, op, f) < 0)
        return -1;
    if (moves_memory(op) && record_count(vm, F_VM_attached_PCIs))
        return fault_set(f, "VM_HAS_PCI_ATTACHED", ref, NULL);
    if (strict && (rows[op].flags & P_GUEST) &&
        record_word(vm, F_VM_power_state) == STATE_RUNNING &&
        !listens(vm, guest))
        return fault_set(f, "VM_LACKS_FEATURE", ref, NULL);
    return 0;
}

uint64_t power_allowed(const struct record *vm, const struct record *guest)
{
    uint64_t mask = 0;
    for (int op = 0; op < OP_COUNT; op++)
        if (!(rows[op].flags & P_HIDDEN) &&
            power_check(vm, guest, op, true, NULL) == 0)
            mask |= (uint64_t)1 << op;
    return mask;
}
