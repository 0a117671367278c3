/* XenAPI VGPU, VGPU_type and what PGPU and GPU_group tell of them: a whole
 * graphics card for a guest (way B). */
#include <string.h>

#include "class/vgpu.h"
#include "class/vm.h"
#include "class/vm_pci.h"

/* The one type there is: the card itself. */
static const char *passthrough(struct txn *t)
{
    const struct snapshot *s = txn_snapshot(t);
    if (snapshot_count(s, CLASS_VGPU_type))
        return record_ref(snapshot_at(s, CLASS_VGPU_type, 0));
    const char *type = store_create(t, CLASS_VGPU_type, NULL, NULL);
    store_set_str(t, type, F_VGPU_type_model_name, "passthrough");
    store_set_str(t, type, F_VGPU_type_implementation, "passthrough");
    store_set_str(t, type, F_VGPU_type_identifier, "passthrough");
    return type;
}

/* A card seen for the first time offers itself. */
static void settle_card(struct txn *t, const char *pgpu, const char *type)
{
    const struct record *r = txn_find(t, CLASS_PGPU, pgpu);
    if (!r || record_count(r, F_PGPU_supported_VGPU_types))
        return;
    VALUE_AUTO *most = value_object();
    value_set(most, type, value_int(1));
    store_set(t, pgpu,
              model_field(snapshot_model(txn_snapshot(t)),
                          F_PGPU_supported_VGPU_max_capacities),
              most);
    store_set_add(t, pgpu, F_PGPU_supported_VGPU_types, type);
    store_set_add(t, pgpu, F_PGPU_enabled_VGPU_types, type);
    store_set_add(t, type, F_VGPU_type_supported_on_PGPUs, pgpu);
    store_set_add(t, type, F_VGPU_type_enabled_on_PGPUs, pgpu);
}

/* Whether a card of the group has the type in this set. */
static bool some_card_has(struct txn *t, const struct record *group,
                          enum field_id set)
{
    for (size_t i = 0; i < record_count(group, F_GPU_group_PGPUs); i++)
        if (record_count(txn_find(t, CLASS_PGPU,
                                  record_item(group, F_GPU_group_PGPUs, i)),
                         set))
            return true;
    return false;
}

/* Brings one set of the group and the type's in line. */
static void settle_set(struct txn *t, const char *group, const char *type,
                       bool on, enum field_id types, enum field_id groups)
{
    if (on) {
        store_set_add(t, group, types, type);
        store_set_add(t, type, groups, group);
    } else {
        store_set_remove(t, group, types, type);
        store_set_remove(t, type, groups, group);
    }
}

void vgpu_settle(struct txn *t)
{
    const struct snapshot *s = txn_snapshot(t);
    g_autofree char *type = g_strdup(passthrough(t));
    for (size_t i = 0; i < snapshot_count(s, CLASS_PGPU); i++)
        settle_card(t, record_ref(snapshot_at(s, CLASS_PGPU, i)), type);
    for (size_t i = 0; i < snapshot_count(s, CLASS_GPU_group); i++) {
        const char *ref = record_ref(snapshot_at(s, CLASS_GPU_group, i));
        const struct record *group = txn_find(t, CLASS_GPU_group, ref);
        if (!group)
            continue;
        bool supported = some_card_has(t, group, F_PGPU_supported_VGPU_types);
        bool enabled = some_card_has(t, group, F_PGPU_enabled_VGPU_types);
        settle_set(t, ref, type, supported, F_GPU_group_supported_VGPU_types,
                   F_VGPU_type_supported_on_GPU_groups);
        settle_set(t, ref, type, enabled, F_GPU_group_enabled_VGPU_types,
                   F_VGPU_type_enabled_on_GPU_groups);
    }
}

/* ---- VGPU
 * ---------------------------------------------------------------------- */

static bool device_is_taken(struct txn *t, const struct record *vm,
                            const char *device)
{
    for (size_t i = 0; i < record_count(vm, F_VM_VGPUs); i++)
        if (!strcmp(record_str(
                        txn_find(t, CLASS_VGPU, record_item(vm, F_VM_VGPUs, i)),
                        F_VGPU_device),
                    device))
            return true;
    return false;
}

static int check_new(struct ctx *c, struct txn *t, const char *device)
{
    const struct record *vm = ctx_txn_find(c, t, CLASS_VM, arg_str(c, 0));
    const struct record *group =
        vm ? ctx_txn_find(c, t, CLASS_GPU_group, arg_str(c, 1)) : NULL;
    if (!group)
        return -1;
    if (record_word(vm, F_VM_power_state) != STATE_HALTED)
        return ctx_fault(c, "VM_BAD_POWER_STATE", arg_str(c, 0), "halted",
                         record_str(vm, F_VM_power_state));
    if (!record_count(group, F_GPU_group_PGPUs))
        return ctx_fault(c, "GPU_GROUP_CONTAINS_NO_PGPUS", arg_str(c, 1));
    if (!record_count(group, F_GPU_group_enabled_VGPU_types))
        return ctx_fault(c, "VGPU_TYPE_NOT_ENABLED", arg_str(c, 4), "");
    if (device_is_taken(t, vm, device))
        return ctx_fault(c, "DEVICE_ALREADY_EXISTS", device);
    return 0;
}

int handle_VGPU_create(struct ctx *c, struct value **result_out)
{
    const char *device = *arg_str(c, 2) ? arg_str(c, 2) : "0";
    struct txn *t = store_begin(c->x->store);
    if (check_new(c, t, device) < 0) {
        store_rollback(t);
        return -1;
    }
    g_autofree char *type = g_strdup(passthrough(t));
    g_autofree char *ref = g_strdup(store_create(t, CLASS_VGPU, NULL, NULL));
    store_set_str(t, ref, F_VGPU_VM, arg_str(c, 0));
    store_set_str(t, ref, F_VGPU_GPU_group, arg_str(c, 1));
    store_set_str(t, ref, F_VGPU_device, device);
    store_set(t, ref, model_field(c->x->model, F_VGPU_other_config), arg(c, 3));
    store_set_str(t, ref, F_VGPU_type, type);
    *result_out = value_string(ref);
    return ctx_commit(c, t);
}

int handle_VGPU_destroy(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    struct txn *t = store_begin(c->x->store);
    const struct record *r = ctx_txn_find(c, t, CLASS_VGPU, arg_str(c, 0));
    if (r && record_bool(r, F_VGPU_currently_attached))
        ctx_fault(c, "OPERATION_NOT_ALLOWED", "the guest has the card now");
    if (c->fault->code) {
        store_rollback(t);
        return -1;
    }
    store_delete(t, CLASS_VGPU, arg_str(c, 0));
    return ctx_commit(c, t);
}

/* ---- how many more
 * ------------------------------------------------------------- */

static int64_t left_on(const struct snapshot *s, const struct record *pgpu)
{
    return record_count(pgpu, F_PGPU_enabled_VGPU_types) &&
           pgpu_is_free(s, pgpu);
}

int handle_PGPU_get_remaining_capacity(struct ctx *c, struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = ctx_find(c, s, CLASS_PGPU, arg_str(c, 0));
    if (!r || !ctx_find(c, s, CLASS_VGPU_type, arg_str(c, 1)))
        return -1;
    *result_out = value_int(left_on(s, r));
    return 0;
}

int handle_GPU_group_get_remaining_capacity(struct ctx *c,
                                            struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = ctx_find(c, s, CLASS_GPU_group, arg_str(c, 0));
    int64_t n = 0;
    if (!r || !ctx_find(c, s, CLASS_VGPU_type, arg_str(c, 1)))
        return -1;
    for (size_t i = 0; i < record_count(r, F_GPU_group_PGPUs); i++)
        n += left_on(s, snapshot_find(s, CLASS_PGPU,
                                      record_item(r, F_GPU_group_PGPUs, i)));
    *result_out = value_int(n);
    return 0;
}

/* ---- which types a card offers
 * ------------------------------------------------- */

static int enable(struct ctx *c, bool on, const char *type)
{
    const char *pgpu = arg_str(c, 0);
    struct txn *t = store_begin(c->x->store);
    const struct record *r = ctx_txn_find(c, t, CLASS_PGPU, pgpu);
    if (r && on && !ctx_txn_find(c, t, CLASS_VGPU_type, type))
        ;
    else if (r && !on && record_count(r, F_PGPU_resident_VGPUs))
        ctx_fault(c, "PGPU_IN_USE_BY_VM",
                  record_item(r, F_PGPU_resident_VGPUs, 0));
    if (c->fault->code) {
        store_rollback(t);
        return -1;
    }
    settle_set(t, pgpu, type, on, F_PGPU_enabled_VGPU_types,
               F_VGPU_type_enabled_on_PGPUs);
    vgpu_settle(t);
    return ctx_commit(c, t);
}

int handle_PGPU_add_enabled_VGPU_types(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return enable(c, true, arg_str(c, 1));
}

int handle_PGPU_remove_enabled_VGPU_types(struct ctx *c,
                                          struct value **result_out)
{
    (void)result_out;
    return enable(c, false, arg_str(c, 1));
}

/* There is one type: the set has it or is empty. */
int handle_PGPU_set_enabled_VGPU_types(struct ctx *c, struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = ctx_find(c, s, CLASS_PGPU, arg_str(c, 0));
    (void)result_out;
    if (!r)
        return -1;
    if (value_count(arg(c, 1)))
        return enable(c, true, value_get_string(value_at(arg(c, 1), 0)));
    return record_count(r, F_PGPU_enabled_VGPU_types)
               ? enable(c, false, record_item(r, F_PGPU_enabled_VGPU_types, 0))
               : 0;
}
