/* XenAPI host and pool: one host, its own pool (way B). */
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "class/vm.h"
#include "driver/driver.h"

/* ---- in service or not
 * -------------------------------------------------------------- */

static int set_enabled(struct ctx *c, bool on)
{
    struct txn *t = store_begin(c->x->store);
    if (txn_find(t, CLASS_host, arg_str(c, 0)))
        store_set_bool(t, arg_str(c, 0), F_host_enabled, on);
    return ctx_commit(c, t);
}

int handle_host_enable(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return set_enabled(c, true);
}

int handle_host_disable(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return set_enabled(c, false);
}

/* Refuses while the host is in service or guests run; then the system is told.
 */
static int leave(struct ctx *c, const char *command)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *host = ctx_find(c, s, CLASS_host, arg_str(c, 0));
    if (!host)
        return -1;
    if (record_bool(host, F_host_enabled))
        return ctx_fault(c, "HOST_NOT_DISABLED");
    for (size_t i = 0; i < snapshot_count(s, CLASS_VM); i++) {
        const struct record *vm = snapshot_at(s, CLASS_VM, i);
        if (vm_is_active(vm) && !record_bool(vm, F_VM_is_control_domain))
            return ctx_fault(c, "HOST_IN_USE", arg_str(c, 0), "VM",
                             record_ref(vm));
    }
    g_autoptr(GError) e = NULL;
    const char *argv[] = { "systemctl", command, NULL };
    return g_spawn_async(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL,
                         NULL, NULL, &e)
               ? 0
               : ctx_fault(c, "INTERNAL_ERROR", e->message);
}

int handle_host_reboot(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return leave(c, "reboot");
}

int handle_host_shutdown(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return leave(c, "poweroff");
}

/* ---- messages of the hypervisor
 * ---------------------------------------------------------- */

static int dmesg(struct ctx *c, bool clear, struct value **result_out)
{
    ERR_AUTO err = { 0 };
    g_autofree char *text = NULL;
    if (!c->x->driver)
        return ctx_fault(c, "HOST_OFFLINE", arg_str(c, 0));
    if (driver_host_dmesg(c->x->driver, clear, &text, &err) < 0)
        return ctx_err(c, &err);
    *result_out = value_string(text);
    return 0;
}

int handle_host_dmesg(struct ctx *c, struct value **result_out)
{
    return dmesg(c, false, result_out);
}

int handle_host_dmesg_clear(struct ctx *c, struct value **result_out)
{
    return dmesg(c, true, result_out);
}

int handle_host_send_debug_keys(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    ERR_AUTO err = { 0 };
    if (!c->x->driver)
        return ctx_fault(c, "HOST_OFFLINE", arg_str(c, 0));
    return driver_host_debug_keys(c->x->driver, arg_str(c, 1), &err) < 0
               ? ctx_err(c, &err)
               : 0;
}

/* ---- memory and time
 * ----------------------------------------------------------------------- */

int handle_host_compute_free_memory(struct ctx *c, struct value **result_out)
{
    ERR_AUTO err = { 0 };
    struct host_info h = { 0 };
    if (!c->x->driver)
        return ctx_fault(c, "HOST_OFFLINE", arg_str(c, 0));
    if (driver_host_info(c->x->driver, &h, &err) < 0)
        return ctx_err(c, &err);
    *result_out = value_int((int64_t)h.memory_free);
    host_info_dispose(&h);
    return 0;
}

int handle_host_compute_memory_overhead(struct ctx *c,
                                        struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = ctx_find(c, s, CLASS_host, arg_str(c, 0));
    if (!r)
        return -1;
    *result_out = value_int(record_int(r, F_host_memory_overhead));
    return 0;
}

static struct value *now(bool local)
{
    time_t t = time(NULL);
    char buf[32];
    struct tm tm;
    if (!local) {
        datetime_format(buf, t);
        return value_datetime(buf);
    }
    localtime_r(&t, &tm);
    strftime(buf, sizeof buf, "%Y%m%dT%H:%M:%S", &tm);
    return value_datetime(buf);
}

int handle_host_get_servertime(struct ctx *c, struct value **result_out)
{
    (void)c;
    *result_out = now(false);
    return 0;
}

int handle_host_get_server_localtime(struct ctx *c, struct value **result_out)
{
    (void)c;
    *result_out = now(true);
    return 0;
}

int handle_host_list_methods(struct ctx *c, struct value **result_out)
{
    *result_out = dispatch_list_methods(c->x);
    return 0;
}

/* ---- evacuation: there is no other host to go to
 * --------------------------------------------- */

int handle_host_get_vms_which_prevent_evacuation(struct ctx *c,
                                                 struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    *result_out = value_object();
    for (size_t i = 0; i < snapshot_count(s, CLASS_VM); i++) {
        const struct record *vm = snapshot_at(s, CLASS_VM, i);
        if (!vm_is_active(vm) || record_bool(vm, F_VM_is_control_domain))
            continue;
        struct value *why = value_array();
        value_push(why, value_string("NO_HOSTS_AVAILABLE"));
        value_set(*result_out, record_ref(vm), why);
    }
    return 0;
}

int handle_host_assert_can_evacuate(struct ctx *c, struct value **result_out)
{
    VALUE_AUTO *vms = NULL;
    (void)result_out;
    handle_host_get_vms_which_prevent_evacuation(c, &vms);
    return value_count(vms)
               ? ctx_fault(c, "CANNOT_EVACUATE_HOST", "NO_HOSTS_AVAILABLE")
               : 0;
}

/* With nowhere to go: done when nothing runs, else the reason why not. */
int handle_host_evacuate(struct ctx *c, struct value **result_out)
{
    return handle_host_assert_can_evacuate(c, result_out);
}

int handle_host_get_uncooperative_resident_VMs(struct ctx *c,
                                               struct value **result_out)
{
    (void)c;
    *result_out = value_array();
    return 0;
}

int handle_host_get_management_interface(struct ctx *c,
                                         struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    for (size_t i = 0; i < snapshot_count(s, CLASS_PIF); i++) {
        const struct record *r = snapshot_at(s, CLASS_PIF, i);
        if (record_bool(r, F_PIF_management)) {
            *result_out = value_string(record_ref(r));
            return 0;
        }
    }
    *result_out = value_string(REF_NULL);
    return 0;
}

int handle_host_set_hostname_live(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    g_autoptr(GError) e = NULL;
    int status;
    const char *argv[] = { "hostnamectl", "set-hostname", "--", arg_str(c, 1),
                           NULL };
    if (!g_spawn_sync(NULL, (char **)argv, NULL,
                      G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
                      NULL, NULL, NULL, &status, &e))
        return ctx_fault(c, "INTERNAL_ERROR", e->message);
    if (status)
        return ctx_fault(c, "HOST_NAME_INVALID", arg_str(c, 1));
    struct txn *t = store_begin(c->x->store);
    if (txn_find(t, CLASS_host, arg_str(c, 0)))
        store_set_str(t, arg_str(c, 0), F_host_hostname, arg_str(c, 1));
    return ctx_commit(c, t);
}

/* ---- pool
 * -------------------------------------------------------------------------------------
 */

/* Every change is durable before it is answered. */
int handle_pool_sync_database(struct ctx *c, struct value **result_out)
{
    (void)c, (void)result_out;
    return 0;
}

int handle_pool_recover_slaves(struct ctx *c, struct value **result_out)
{
    (void)c;
    *result_out = value_array();
    return 0;
}

int handle_pool_get_license_state(struct ctx *c, struct value **result_out)
{
    (void)c;
    struct value *o = value_object();
    value_set(o, "edition", value_string("free"));
    value_set(o, "expiry", value_string("never"));
    *result_out = o;
    return 0;
}

int handle_pool_ha_failover_plan_exists(struct ctx *c,
                                        struct value **result_out)
{
    (void)c;
    *result_out = value_bool(false);
    return 0;
}
