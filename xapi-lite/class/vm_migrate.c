/* XenAPI VM: a guest that runs on in a new domain of this host (way B). */
#include <string.h>
#include <unistd.h>

#include "class/vm.h"

/* Memory to a file and back: a new domain, with a new device model. When it
 * cannot be built the guest is not lost, but suspended. */
static int renew(struct ctx *c, const char *vm)
{
    ERR_AUTO err = { 0 };
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = snapshot_find(s, CLASS_VM, vm);
    g_autofree char *path = vm_saved_path(c->x, record_str(r, F_VM_uuid));
    if (driver_vm_suspend(c->x->driver, (uint32_t)record_int(r, F_VM_domid),
                          path, &err) < 0)
        return ctx_err(c, &err);
    vm_detach_all(c->x, vm);
    if (vm_build(c->x, vm, path, false, c->fault) == 0) {
        unlink(path);
        return 0;
    }
    struct txn *t = store_begin(c->x->store);
    if (txn_find(t, CLASS_VM, vm))
        vm_set_suspended(t, vm);
    store_commit(t, NULL);
    return -1;
}

static int renew_checked(struct ctx *c, const char *vm)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = ctx_find(c, s, CLASS_VM, vm);
    if (!r)
        return -1;
    if (record_map_get(r, F_VM_other_config, VM_STARTED_BY))
        return ctx_fault(c, "OPERATION_NOT_ALLOWED",
                         "this guest was started by xl, which alone can "
                         "build it again");
    if (vm_begin(c, vm, OP_pool_migrate) < 0)
        return -1;
    int rc = renew(c, vm);
    vm_end(c, vm);
    return rc;
}

/* The pool has one host, so that every migration within it ends where it
 * began, as a localhost migration. */
int handle_VM_pool_migrate(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return renew_checked(c, arg_str(c, 0));
}

int handle_VM_restart_device_models(struct ctx *c, struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = ctx_find(c, s, CLASS_VM, arg_str(c, 0));
    (void)result_out;
    if (!r)
        return -1;
    if (record_word(r, F_VM_power_state) == STATE_PAUSED)
        return ctx_fault(c, "CANNOT_RESTART_DEVICE_MODEL", arg_str(c, 0));
    if (strcmp(record_str(r, F_VM_domain_type), "hvm"))
        return ctx_fault(c, "FEATURE_REQUIRES_HVM",
                         "only HVM guests have a device model");
    return renew_checked(c, arg_str(c, 0));
}

/* ---- what guests of this service do not offer
 * -------------------------------- */

static int runs(struct ctx *c, enum power_op op)
{
    struct txn *t = store_begin(c->x->store);
    int r = vm_check(c, t, arg_str(c, 0), op);
    store_rollback(t);
    return r;
}

/* Functions inside the guest need an agent that nobody has written for it. */
int handle_VM_call_plugin(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return runs(c, OP_call_plugin) < 0
               ? -1
               : ctx_fault(c, "VM_LACKS_FEATURE", arg_str(c, 0));
}

int handle_VM_query_services(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return runs(c, OP_query_services) < 0
               ? -1
               : ctx_fault(c, "NOT_SYSTEM_DOMAIN", arg_str(c, 0));
}
