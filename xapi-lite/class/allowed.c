/* allowed_operations, kept true by the store's hook (way B). */
#include "class/allowed.h"

#include <string.h>

#include "class/device_metrics.h"
#include "class/vdi.h"
#include "class/vm.h"
#include "driver/driver.h"

static void set_words(struct txn *t, const char *ref, enum field_id f,
                      const char *const *words)
{
    const struct model *m = snapshot_model(txn_snapshot(t));
    VALUE_AUTO *v = value_array();
    for (int i = 0; words[i]; i++)
        value_push(v, value_string(words[i]));
    store_set(t, ref, model_field(m, f), v);
}

static void update_vm(struct txn *t, const char *ref)
{
    const char *words[OP_COUNT + 1];
    const struct record *vm = txn_find(t, CLASS_VM, ref);
    uint64_t mask = vm_allowed(t, vm);
    int n = 0;
    for (int op = 0; op < OP_COUNT; op++)
        if (mask & (uint64_t)1 << op)
            words[n++] = power_op_name(op);
    words[n] = NULL;
    set_words(t, ref, F_VM_allowed_operations, words);
}

/* Devices of a VM follow its power state. */
static void update_devices(struct txn *t, const char *vm)
{
    static const enum field_id sets[] = { F_VM_VBDs, F_VM_VIFs };
    static const enum class_id classes[] = { CLASS_VBD, CLASS_VIF };
    for (int k = 0; k < 2; k++) {
        const struct record *r = txn_find(t, CLASS_VM, vm);
        g_autoptr(GPtrArray) refs = g_ptr_array_new_with_free_func(g_free);
        for (size_t i = 0; i < record_count(r, sets[k]); i++)
            g_ptr_array_add(refs, g_strdup(record_item(r, sets[k], i)));
        for (guint i = 0; i < refs->len; i++)
            if (txn_find(t, classes[k], refs->pdata[i]))
                allowed_update(NULL, t, classes[k], refs->pdata[i]);
    }
}

static bool vm_runs(struct txn *t, const char *ref)
{
    const struct record *vm = txn_find(t, CLASS_VM, ref);
    return vm && record_word(vm, F_VM_power_state) == STATE_RUNNING;
}

static void update_vbd(struct txn *t, const char *ref)
{
    const struct record *r = txn_find(t, CLASS_VBD, ref);
    const char *words[6];
    bool cd = !strcmp(record_str(r, F_VBD_type), "CD");
    bool attached = record_bool(r, F_VBD_currently_attached);
    int n = 0;
    words[n++] = "attach";
    if (cd)
        words[n++] = record_bool(r, F_VBD_empty) ? "insert" : "eject";
    if (vm_runs(t, record_str(r, F_VBD_VM)) && !attached)
        words[n++] = "plug";
    if (vm_runs(t, record_str(r, F_VBD_VM)) && attached && !cd) {
        words[n++] = "unplug";
        words[n++] = "unplug_force";
    }
    words[n] = NULL;
    set_words(t, ref, F_VBD_allowed_operations, words);
}

static void update_vif(struct txn *t, const char *ref)
{
    const struct record *r = txn_find(t, CLASS_VIF, ref);
    const char *words[3] = { "attach" };
    if (vm_runs(t, record_str(r, F_VIF_VM)))
        words[1] = record_bool(r, F_VIF_currently_attached) ? "unplug" : "plug";
    set_words(t, ref, F_VIF_allowed_operations, words);
}

static void update_task(struct txn *t, const char *ref)
{
    const struct record *r = txn_find(t, CLASS_task, ref);
    bool runs = !strcmp(record_str(r, F_task_status), "pending");
    const char *words[3] = { runs ? "cancel" : "destroy" };
    set_words(t, ref, F_task_allowed_operations, words);
}

static void update_host(struct txn *t, const char *ref)
{
    static const char *const words[] = { "provision", "evacuate", "shutdown",
                                         "reboot",    "vm_start", "vm_resume",
                                         "enable",    NULL };
    set_words(t, ref, F_host_allowed_operations, words);
}

/* What a capability of the SR's driver makes possible. */
struct ability {
    const char *capability, *word;
};

static bool sr_can(const struct sr_driver *d, const char *capability)
{
    for (int i = 0; d && d->capabilities && d->capabilities[i]; i++)
        if (!strcmp(d->capabilities[i], capability))
            return true;
    return false;
}

static void update_sr(struct txn *t, const char *ref)
{
    static const struct ability rows[] = {
        { "VDI_CREATE", "vdi_create" },
        { "VDI_INTRODUCE", "vdi_introduce" },
        { "VDI_DELETE", "vdi_destroy" },
        { "VDI_RESIZE", "vdi_resize" },
        { "VDI_CLONE", "vdi_clone" },
        { "VDI_SNAPSHOT", "vdi_snapshot" },
        { "VDI_RESET_ON_BOOT", "vdi_set_on_boot" },
    };
    const struct record *r = txn_find(t, CLASS_SR, ref);
    const struct sr_driver *d = sr_driver_find(record_str(r, F_SR_type));
    const char *words[16];
    int n = 0;
    words[n++] = "scan";
    words[n++] = "forget";
    words[n++] = "destroy";
    words[n++] = "plug";
    words[n++] = "unplug";
    words[n++] = "update";
    words[n++] = "pbd_create";
    words[n++] = "pbd_destroy";
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (sr_can(d, rows[i].capability))
            words[n++] = rows[i].word;
    words[n] = NULL;
    set_words(t, ref, F_SR_allowed_operations, words);
}

static bool vdi_is_attached(struct txn *t, const struct record *vdi)
{
    for (size_t i = 0; i < record_count(vdi, F_VDI_VBDs); i++) {
        const struct record *vbd =
            txn_find(t, CLASS_VBD, record_item(vdi, F_VDI_VBDs, i));
        if (vbd && record_bool(vbd, F_VBD_currently_attached))
            return true;
    }
    return false;
}

static void update_vdi(struct txn *t, const char *ref)
{
    static const struct ability rows[] = {
        { "VDI_CLONE", "clone" }, /* these two not of one that resets */
        { "VDI_SNAPSHOT", "snapshot" },
        { "VDI_RESIZE_ONLINE", "resize_online" },
        { "VDI_DELETE", "destroy" }, /* from here on not while it is plugged */
        { "VDI_RESIZE", "resize" },
        { "VDI_RESET_ON_BOOT", "set_on_boot" },
    };
    const struct record *r = txn_find(t, CLASS_VDI, ref);
    const struct record *sr = txn_find(t, CLASS_SR, record_str(r, F_VDI_SR));
    const struct sr_driver *d =
        sr ? sr_driver_find(record_str(sr, F_SR_type)) : NULL;
    bool attached = vdi_is_attached(t, r);
    size_t first = vdi_resets(r) ? 2 : 0;
    const char *words[10];
    int n = 0;
    words[n++] = "update";
    if (!attached) {
        words[n++] = "copy";
        words[n++] = "forget";
    }
    for (size_t i = first; i < G_N_ELEMENTS(rows); i++)
        if (sr_can(d, rows[i].capability) && (!attached || i < 3))
            words[n++] = rows[i].word;
    words[n] = NULL;
    set_words(t, ref, F_VDI_allowed_operations, words);
}

void allowed_update(void *user, struct txn *t, enum class_id c, const char *ref)
{
    (void)user;
    switch (c) {
    case CLASS_VM:
        update_vm(t, ref);
        update_devices(t, ref);
        break;
    case CLASS_VBD: {
        update_vbd(t, ref);
        device_metrics_settle(t, c, ref);
        const char *vdi = record_str(txn_find(t, CLASS_VBD, ref), F_VBD_VDI);
        if (txn_find(t, CLASS_VDI, vdi))
            update_vdi(t, vdi);
        break;
    }
    case CLASS_VIF:
        update_vif(t, ref);
        device_metrics_settle(t, c, ref);
        break;
    case CLASS_task:
        update_task(t, ref);
        break;
    case CLASS_host:
        update_host(t, ref);
        break;
    case CLASS_SR:
        update_sr(t, ref);
        break;
    case CLASS_VDI:
        update_vdi(t, ref);
        break;
    default:
        break;
    }
}
