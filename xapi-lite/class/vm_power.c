/* XenAPI VM: start, stop and all between (way B). */
#include <string.h>
#include <unistd.h>

#include "class/vm.h"

enum {
    /* the guest has this long to shut down */
    SHUTDOWN_S = 1200,
    /* and this long to come up again as a new domain */
    REBOOT_S = 1200,
};

static uint32_t domid_of(struct xapi *x, const char *vm)
{
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *r = snapshot_find(s, CLASS_VM, vm);
    return r ? (uint32_t)record_int(r, F_VM_domid) : 0;
}

static int power_state(struct xapi *x, const char *vm)
{
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *r = snapshot_find(s, CLASS_VM, vm);
    return r ? record_word(r, F_VM_power_state) : STATE_HALTED;
}

static int set_state(struct ctx *c, const char *vm, const char *state)
{
    struct txn *t = store_begin(c->x->store);
    if (txn_find(t, CLASS_VM, vm))
        store_set_str(t, vm, F_VM_power_state, state);
    return ctx_commit(c, t);
}

/* ---- start
 * ---------------------------------------------------------------------- */

static int start(struct ctx *c, const char *vm, bool paused, enum power_op op)
{
    if (vm_begin(c, vm, op) < 0)
        return -1;
    int r = vm_build(c->x, vm, NULL, paused, c->fault);
    vm_end(c, vm);
    return r;
}

int handle_VM_start(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return start(c, arg_str(c, 0), arg_bool(c, 1), OP_start);
}

int handle_VM_start_on(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return start(c, arg_str(c, 0), arg_bool(c, 2), OP_start_on);
}

static int driver_step(struct ctx *c, const char *vm, enum power_op op,
                       int (*step)(struct driver *d, uint32_t domid,
                                   struct err *err),
                       const char *state)
{
    ERR_AUTO err = { 0 };
    if (vm_begin(c, vm, op) < 0)
        return -1;
    int r = step(c->x->driver, domid_of(c->x, vm), &err);
    r = r < 0 ? ctx_err(c, &err) : set_state(c, vm, state);
    vm_end(c, vm);
    return r;
}

int handle_VM_pause(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return driver_step(c, arg_str(c, 0), OP_pause, driver_vm_pause, "Paused");
}

int handle_VM_unpause(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return driver_step(c, arg_str(c, 0), OP_unpause, driver_vm_unpause,
                       "Running");
}

/* ---- stop
 * ----------------------------------------------------------------------- */

static int hard_shutdown(struct ctx *c, const char *vm)
{
    if (vm_begin(c, vm, OP_hard_shutdown) < 0)
        return -1;
    int r = vm_destroy_domain(c->x, vm, c->fault);
    vm_end(c, vm);
    return r;
}

int handle_VM_hard_shutdown(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return hard_shutdown(c, arg_str(c, 0));
}

static bool is_down(const struct record *vm, void *arg)
{
    (void)arg;
    return !vm || !vm_is_active(vm);
}

static bool is_new(const struct record *vm, void *arg)
{
    uint32_t *old = arg;
    return !vm || (vm_is_active(vm) && record_int(vm, F_VM_domid) != *old);
}

/* How the waiting ended, as a fault unless it ended well. */
static int waited(struct ctx *c, const char *vm, int how, unsigned timeout_s)
{
    char text[16];
    if (how == 0)
        return 0;
    if (how == 2)
        return ctx_fault(c, "TASK_CANCELLED", task_ref(c->task));
    g_snprintf(text, sizeof text, "%u", timeout_s);
    return ctx_fault(c, "VM_SHUTDOWN_TIMEOUT", vm, text);
}

/* Why the guest could not be asked. */
static int not_asked(struct ctx *c, const char *vm, struct err *err)
{
    if (err->id != ERR_UNSUPPORTED)
        return ctx_err(c, err);
    err_dispose(err);
    return ctx_fault(c, "VM_LACKS_FEATURE", vm);
}

/* The watcher does what follows the guest's end; here it is only waited for. */
static int clean_shutdown(struct ctx *c, const char *vm)
{
    ERR_AUTO err = { 0 };
    if (vm_begin(c, vm, OP_clean_shutdown) < 0)
        return -1;
    int r = driver_vm_shutdown(c->x->driver, domid_of(c->x, vm), &err);
    r = r < 0 ? not_asked(c, vm, &err)
              : waited(c, vm,
                       vms_wait(c->x, vm, c->task, SHUTDOWN_S, is_down, NULL),
                       SHUTDOWN_S);
    vm_end(c, vm);
    return r;
}

int handle_VM_clean_shutdown(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return clean_shutdown(c, arg_str(c, 0));
}

/* Cleanly if the guest can and does, else hard. */
int handle_VM_shutdown(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    FAULT_AUTO clean = { 0 };
    struct fault *real = c->fault;
    bool runs = power_state(c->x, arg_str(c, 0)) == STATE_RUNNING;
    c->fault = &clean;
    int r = runs ? clean_shutdown(c, arg_str(c, 0)) : -1;
    c->fault = real;
    if (r == 0)
        return 0;
    return task_cancelled(c->task) ? (fault_move(real, &clean), -1)
                                   : hard_shutdown(c, arg_str(c, 0));
}

int handle_VM_power_state_reset(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    const char *vm = arg_str(c, 0);
    struct txn *t = store_begin(c->x->store);
    if (vm_check(c, t, vm, OP_power_state_reset) < 0) {
        store_rollback(t);
        return -1;
    }
    VALUE_AUTO *none = value_object();
    vm_set_halted(t, vm);
    store_set(t, vm, model_field(c->x->model, F_VM_current_operations), none);
    return ctx_commit(c, t);
}

/* ---- reboot
 * ------------------------------------------------------------------------ */

static bool is_foreign(struct xapi *x, const char *vm)
{
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *r = snapshot_find(s, CLASS_VM, vm);
    return r && record_map_get(r, F_VM_other_config, VM_STARTED_BY);
}

int handle_VM_hard_reboot(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    const char *vm = arg_str(c, 0);
    if (is_foreign(c->x, vm))
        return ctx_fault(c, "OPERATION_NOT_ALLOWED",
                         "this guest was started by xl, which alone can "
                         "start it again; use clean_reboot");
    if (vm_begin(c, vm, OP_hard_reboot) < 0)
        return -1;
    int r = vm_destroy_domain(c->x, vm, c->fault);
    if (r == 0)
        r = vm_build(c->x, vm, NULL, false, c->fault);
    vm_end(c, vm);
    return r;
}

int handle_VM_clean_reboot(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    ERR_AUTO err = { 0 };
    const char *vm = arg_str(c, 0);
    uint32_t domid = domid_of(c->x, vm);
    if (vm_begin(c, vm, OP_clean_reboot) < 0)
        return -1;
    int r = driver_vm_reboot(c->x->driver, domid, &err);
    r = r < 0 ? not_asked(c, vm, &err)
              : waited(c, vm,
                       vms_wait(c->x, vm, c->task, REBOOT_S, is_new, &domid),
                       REBOOT_S);
    vm_end(c, vm);
    return r;
}

/* ---- suspend and resume
 * -------------------------------------------------------------- */

static int suspend(struct ctx *c, const char *vm)
{
    ERR_AUTO err = { 0 };
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = snapshot_find(s, CLASS_VM, vm);
    g_autofree char *path = vm_saved_path(c->x, record_str(r, F_VM_uuid));
    unlink(path); /* a checkpoint may share the old one */
    if (driver_vm_suspend(c->x->driver, (uint32_t)record_int(r, F_VM_domid),
                          path, &err) < 0)
        return ctx_err(c, &err);
    vm_detach_all(c->x, vm);
    struct txn *t = store_begin(c->x->store);
    if (txn_find(t, CLASS_VM, vm))
        vm_set_suspended(t, vm);
    return ctx_commit(c, t);
}

int handle_VM_suspend(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    if (vm_begin(c, arg_str(c, 0), OP_suspend) < 0)
        return -1;
    int r = suspend(c, arg_str(c, 0));
    vm_end(c, arg_str(c, 0));
    return r;
}

static int resume(struct ctx *c, const char *vm, bool paused, enum power_op op)
{
    g_autofree char *path = NULL;
    if (vm_begin(c, vm, op) < 0)
        return -1;
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = snapshot_find(s, CLASS_VM, vm);
    path = vm_saved_path(c->x, record_str(r, F_VM_uuid));
    int rc = vm_build(c->x, vm, path, paused, c->fault);
    if (rc == 0)
        unlink(path);
    vm_end(c, vm);
    return rc;
}

int handle_VM_resume(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return resume(c, arg_str(c, 0), arg_bool(c, 1), OP_resume);
}

int handle_VM_resume_on(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return resume(c, arg_str(c, 0), arg_bool(c, 2), OP_resume_on);
}

/* ---- keys and triggers
 * ---------------------------------------------------------------- */

static int check_running(struct ctx *c, enum power_op op)
{
    if (!c->x->driver)
        return ctx_fault(c, "HOST_OFFLINE", c->x->host_ref);
    struct txn *t = store_begin(c->x->store);
    int r = vm_check(c, t, arg_str(c, 0), op);
    store_rollback(t);
    return r;
}

int handle_VM_send_sysrq(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    ERR_AUTO err = { 0 };
    if (check_running(c, OP_send_sysrq) < 0)
        return -1;
    if (strlen(arg_str(c, 1)) != 1)
        return ctx_fault(c, "INVALID_VALUE", "key", arg_str(c, 1));
    return driver_vm_sysrq(c->x->driver, domid_of(c->x, arg_str(c, 0)),
                           arg_str(c, 1)[0], &err) < 0
               ? ctx_err(c, &err)
               : 0;
}

int handle_VM_send_trigger(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    ERR_AUTO err = { 0 };
    if (check_running(c, OP_send_trigger) < 0)
        return -1;
    return driver_vm_trigger(c->x->driver, domid_of(c->x, arg_str(c, 0)),
                             arg_str(c, 1), &err) < 0
               ? ctx_err(c, &err)
               : 0;
}
