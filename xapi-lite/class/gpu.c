/* XenAPI PCI, PGPU, GPU_group and crashdump: the host's PCI devices, graphics
 * cards in groups of their own (way B). */
#include <string.h>

#include "class/handler.h"
#include "class/pci.h"
#include "class/vgpu.h"
#include "driver/driver.h"

/* ---- finding
 * ------------------------------------------------------------------- */

static const struct record *pci_of(struct txn *t, const char *address)
{
    const struct snapshot *s = txn_snapshot(t);
    for (size_t i = 0; i < snapshot_count(s, CLASS_PCI); i++) {
        const struct record *r = snapshot_at(s, CLASS_PCI, i);
        if (!strcmp(record_str(r, F_PCI_pci_id), address))
            return txn_find(t, CLASS_PCI, record_ref(r));
    }
    return NULL;
}

/* Caller frees. */
static char *settle_pci(struct xapi *x, struct txn *t,
                        const struct pci_found *p)
{
    const struct record *known = pci_of(t, p->address);
    char *ref = g_strdup(known ? record_ref(known)
                               : store_create(t, CLASS_PCI, NULL, NULL));
    store_set_str(t, ref, F_PCI_host, x->host_ref);
    store_set_str(t, ref, F_PCI_pci_id, p->address);
    store_set_str(t, ref, F_PCI_class_name, p->class_name);
    store_set_str(t, ref, F_PCI_vendor_name, p->vendor_name);
    store_set_str(t, ref, F_PCI_device_name, p->device_name);
    store_set_str(t, ref, F_PCI_subsystem_vendor_name, p->subvendor_name);
    store_set_str(t, ref, F_PCI_subsystem_device_name, p->subdevice_name);
    store_set_str(t, ref, F_PCI_driver_name, p->driver);
    return ref;
}

static const struct record *pgpu_of(struct txn *t, const char *pci)
{
    const struct snapshot *s = txn_snapshot(t);
    for (size_t i = 0; i < snapshot_count(s, CLASS_PGPU); i++) {
        const struct record *r = snapshot_at(s, CLASS_PGPU, i);
        if (!strcmp(record_str(r, F_PGPU_PCI), pci))
            return r;
    }
    return NULL;
}

/* A card that is new gets a group of its own. */
static void settle_pgpu(struct xapi *x, struct txn *t, const char *pci,
                        const struct pci_found *p)
{
    if (pgpu_of(t, pci))
        return;
    g_autofree char *name =
        g_strdup_printf("Group of %s %s GPUs", p->vendor_name, p->device_name);
    const char *group = store_create(t, CLASS_GPU_group, NULL, NULL);
    store_set_str(t, group, F_GPU_group_name_label, name);
    const char *gpu = store_create(t, CLASS_PGPU, NULL, NULL);
    store_set_str(t, gpu, F_PGPU_PCI, pci);
    store_set_str(t, gpu, F_PGPU_host, x->host_ref);
    store_set_str(t, gpu, F_PGPU_GPU_group, group);
    store_set_bool(t, gpu, F_PGPU_is_system_display_device, p->boot_vga);
}

/* Devices that were taken out of the machine. */
static void forget_gone(struct txn *t, const GArray *found)
{
    const struct snapshot *s = txn_snapshot(t);
    for (size_t i = 0; i < snapshot_count(s, CLASS_PCI); i++) {
        const struct record *r = snapshot_at(s, CLASS_PCI, i);
        const struct record *gpu = pgpu_of(t, record_ref(r));
        bool there = false;
        for (guint k = 0; k < found->len && !there; k++)
            there = !strcmp(g_array_index(found, struct pci_found, k).address,
                            record_str(r, F_PCI_pci_id));
        if (there)
            continue;
        if (gpu)
            store_delete(t, CLASS_PGPU, record_ref(gpu));
        store_delete(t, CLASS_PCI, record_ref(r));
    }
}

int pci_refresh(struct xapi *x, struct err *err)
{
    g_autoptr(GArray) found = pci_scan("/sys/bus/pci/devices", PCI_IDS);
    struct txn *t = store_begin(x->store);
    forget_gone(t, found);
    for (guint i = 0; i < found->len; i++) {
        const struct pci_found *p = &g_array_index(found, struct pci_found, i);
        g_autofree char *pci = settle_pci(x, t, p);
        if (p->class_id >> 8 == PCI_CLASS_DISPLAY)
            settle_pgpu(x, t, pci, p);
    }
    if (store_commit(t, err) < 0)
        return -1;
    t = store_begin(x->store);
    vgpu_settle(t);
    return store_commit(t, err);
}

/* ---- messages
 * ------------------------------------------------------------------- */

int handle_GPU_group_create(struct ctx *c, struct value **result_out)
{
    struct txn *t = store_begin(c->x->store);
    g_autofree char *ref =
        g_strdup(store_create(t, CLASS_GPU_group, NULL, NULL));
    store_set_str(t, ref, F_GPU_group_name_label, arg_str(c, 0));
    store_set_str(t, ref, F_GPU_group_name_description, arg_str(c, 1));
    store_set(t, ref, model_field(c->x->model, F_GPU_group_other_config),
              arg(c, 2));
    *result_out = value_string(ref);
    return ctx_commit(c, t);
}

int handle_GPU_group_destroy(struct ctx *c, struct value **result_out)
{
    const char *ref = arg_str(c, 0);
    (void)result_out;
    struct txn *t = store_begin(c->x->store);
    const struct record *r = ctx_txn_find(c, t, CLASS_GPU_group, ref);
    if (r && record_count(r, F_GPU_group_PGPUs))
        ctx_fault(c, "GPU_GROUP_CONTAINS_PGPU",
                  record_item(r, F_GPU_group_PGPUs, 0));
    else if (r && record_count(r, F_GPU_group_VGPUs))
        ctx_fault(c, "GPU_GROUP_CONTAINS_VGPU",
                  record_item(r, F_GPU_group_VGPUs, 0));
    if (c->fault->code) {
        store_rollback(t);
        return -1;
    }
    store_delete(t, CLASS_GPU_group, ref);
    return ctx_commit(c, t);
}

int handle_PGPU_set_GPU_group(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    struct txn *t = store_begin(c->x->store);
    if (!ctx_txn_find(c, t, CLASS_PGPU, arg_str(c, 0)) ||
        !ctx_txn_find(c, t, CLASS_GPU_group, arg_str(c, 1))) {
        store_rollback(t);
        return -1;
    }
    store_set_str(t, arg_str(c, 0), F_PGPU_GPU_group, arg_str(c, 1));
    vgpu_settle(t);
    return ctx_commit(c, t);
}

int handle_crashdump_destroy(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    struct txn *t = store_begin(c->x->store);
    if (!ctx_txn_find(c, t, CLASS_crashdump, arg_str(c, 0))) {
        store_rollback(t);
        return -1;
    }
    store_delete(t, CLASS_crashdump, arg_str(c, 0));
    return ctx_commit(c, t);
}
