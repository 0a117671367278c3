/* Domains for VM records: built, destroyed, their consoles (way B). */
#include <string.h>
#include <unistd.h>

#include "class/network.h"
#include "class/vdi.h"
#include "class/vm.h"
#include "class/vm_pci.h"

char *vm_saved_path(struct xapi *x, const char *uuid)
{
    g_autofree char *dir =
        g_build_filename(x->config.state_dir, "suspend", NULL);
    g_autofree char *name = g_strconcat(uuid, ".save", NULL);
    g_mkdir_with_parents(dir, 0700);
    return g_build_filename(dir, name, NULL);
}

static int fail(struct err *err, struct fault *f)
{
    if (err->id == ERR_CONFIG)
        return fault_set(f, "INVALID_VALUE", "VM", err->message, NULL);
    return fault_from_err(f, err);
}

/* HOST_NOT_ENOUGH_FREE_MEMORY [needed, available], in bytes. */
static int no_memory(struct xapi *x, const struct vm_spec *spec,
                     struct fault *f)
{
    struct host_info h = { 0 };
    char need[24], have[24];
    g_snprintf(need, sizeof need, "%" G_GUINT64_FORMAT,
               driver_vm_need(x->driver, spec));
    driver_host_info(x->driver, &h, NULL);
    g_snprintf(have, sizeof have, "%" G_GUINT64_FORMAT, h.memory_free);
    host_info_dispose(&h);
    return fault_set(f, "HOST_NOT_ENOUGH_FREE_MEMORY", need, have, NULL);
}

static int no_xen(struct fault *f)
{
    return fault_set(f, "HOST_OFFLINE", "this daemon runs without Xen", NULL);
}

static int mark_running(struct xapi *x, const char *vm, uint32_t domid,
                        bool paused, const GPtrArray *pcis, struct fault *f)
{
    ERR_AUTO err = { 0 };
    struct txn *t = store_begin(x->store);
    if (txn_find(t, CLASS_VM, vm)) {
        vm_set_running(x, t, vm, domid, paused);
        vm_pci_attached(t, vm, pcis);
    }
    if (store_commit(t, &err) < 0)
        return fault_from_err(f, &err);
    return 0;
}

/* Rules for its cards come before its first instruction. */
static int lock_cards(struct xapi *x, const char *vm, uint32_t domid,
                      bool paused, struct fault *f)
{
    ERR_AUTO err = { 0 };
    if (vif_lock_all(x, vm, domid, f) == 0 &&
        (paused || driver_vm_unpause(x->driver, domid, &err) == 0))
        return 0;
    if (err.message)
        fail(&err, f);
    driver_vm_destroy(x->driver, domid, NULL);
    return -1;
}

static bool is_locked(struct xapi *x, const char *vm)
{
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *r = snapshot_find(s, CLASS_VM, vm);
    return r && vif_lock_wanted(s, r);
}

int vm_build(struct xapi *x, const char *vm, const char *path, bool paused,
             struct fault *f)
{
    ERR_AUTO err = { 0 };
    struct vm_parts parts = { 0 };
    uint32_t domid = 0;
    if (!x->driver)
        return no_xen(f);
    bool locked = is_locked(x, vm), hold = paused || locked;
    if ((!path && vdi_reset_all(x, vm, f) < 0) || vif_attach_all(x, vm, f) < 0)
        return -1;
    int r = vm_parts_build(x, vm, &parts, f);
    if (r == 0) {
        r = path ? driver_vm_resume(x->driver, &parts.spec, path, hold, &domid,
                                    &err)
                 : driver_vm_start(x->driver, &parts.spec, hold, &domid, &err);
        if (r < 0 && err.id == ERR_NOMEM)
            no_memory(x, &parts.spec, f);
        else if (r < 0)
            fail(&err, f);
    }
    if (r == 0) {
        vif_mtu_all(x, vm, domid);
        vif_address_all(x, vm, domid);
    }
    if (r == 0 && locked)
        r = lock_cards(x, vm, domid, paused, f);
    if (r < 0) {
        vm_parts_detach(x, &parts);
        vif_release_all(x, vm);
    }
    if (r == 0)
        r = mark_running(x, vm, domid, paused, parts.pcis, f);
    if (r == 0)
        vbd_qos_apply_all(x, vm, &parts.spec, domid);
    vm_parts_dispose(&parts);
    if (r < 0)
        return -1;
    vm_refresh_consoles(x, vm);
    return 0;
}

static int destroy_domid(struct xapi *x, int64_t domid, struct fault *f)
{
    ERR_AUTO err = { 0 };
    struct vm_info info;
    if (domid < 1 || !x->driver)
        return 0;
    if (driver_vm_destroy(x->driver, (uint32_t)domid, &err) == 0)
        return 0;
    ERR_AUTO gone = { 0 };
    if (driver_info(x->driver, (uint32_t)domid, &info, &gone) < 0 &&
        gone.id == ERR_NOENT)
        return 0; /* somebody was faster */
    return fail(&err, f);
}

int vm_destroy_domain(struct xapi *x, const char *vm, struct fault *f)
{
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *r = snapshot_find(s, CLASS_VM, vm);
    if (!r)
        return fault_set(f, "HANDLE_INVALID", "VM", vm, NULL);
    bool active = vm_is_active(r);
    g_autofree char *saved = vm_saved_path(x, record_str(r, F_VM_uuid));
    if (active && destroy_domid(x, record_int(r, F_VM_domid), f) < 0)
        return -1;
    if (active)
        vm_detach_all(x, vm);
    unlink(saved);
    struct txn *t = store_begin(x->store);
    if (txn_find(t, CLASS_VM, vm))
        vm_set_halted(t, vm);
    store_commit(t, NULL);
    vms_wake(x);
    return 0;
}

/* ---- consoles
 * ------------------------------------------------------------------ */

static void add_console(struct xapi *x, struct txn *t, const char *vm,
                        const char *protocol)
{
    const struct record *r = txn_find(t, CLASS_VM, vm);
    for (size_t i = 0; i < record_count(r, F_VM_consoles); i++) {
        const struct record *c =
            txn_find(t, CLASS_console, record_item(r, F_VM_consoles, i));
        if (c && !strcmp(record_str(c, F_console_protocol), protocol))
            return;
    }
    const char *c = store_create(t, CLASS_console, NULL, NULL);
    const char *uuid =
        record_str(txn_find(t, CLASS_console, c), F_console_uuid);
    const char *address =
        record_str(txn_find(t, CLASS_host, x->host_ref), F_host_address);
    g_autofree char *location =
        g_strdup_printf("https://%s/console?uuid=%s", address, uuid);
    store_set_str(t, c, F_console_protocol, protocol);
    store_set_str(t, c, F_console_location, location);
    store_set_str(t, c, F_console_VM, vm);
}

void vm_refresh_consoles(struct xapi *x, const char *vm)
{
    g_autofree char *tty = NULL;
    int port = 0;
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *r = snapshot_find(s, CLASS_VM, vm);
    if (!r || !vm_is_active(r) || !x->driver ||
        driver_consoles(x->driver, (uint32_t)record_int(r, F_VM_domid), &tty,
                        &port, NULL) < 0)
        return;
    struct txn *t = store_begin(x->store);
    if (txn_find(t, CLASS_VM, vm)) {
        if (*tty)
            add_console(x, t, vm, "vt100");
        if (port > 0)
            add_console(x, t, vm, "rfb");
    }
    store_commit(t, NULL);
}
