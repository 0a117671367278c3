/* XenAPI VM: PCI devices of the host for a guest, named in other_config:pci or
 * taken for its VGPUs (way B). */
#include "class/vm_pci.h"

#include <stdio.h>
#include <string.h>

/* "0/0000:04:01.0" or "04:01.0" as Linux writes it. Caller frees; NULL. */
static char *address_parse(const char *word)
{
    unsigned domain = 0, bus, dev, fn;
    int end = 0;
    const char *slash = strchr(word, '/');
    const char *s = slash ? slash + 1 : word;
    bool whole =
        sscanf(s, "%4x:%2x:%2x.%1x%n", &domain, &bus, &dev, &fn, &end) == 4;
    if (!whole) {
        domain = 0;
        whole = sscanf(s, "%2x:%2x.%1x%n", &bus, &dev, &fn, &end) == 3;
    }
    if (!whole || s[end] || dev > 31 || fn > 7)
        return NULL;
    return g_strdup_printf("%04x:%02x:%02x.%x", domain, bus, dev, fn);
}

static int add_named(const struct record *vm, GPtrArray *out, struct fault *f)
{
    const char *text = record_map_get(vm, F_VM_other_config, "pci");
    g_auto(GStrv) words = g_strsplit(text ? text : "", ",", -1);
    for (char **w = words; *w; w++) {
        char *address = address_parse(g_strstrip(*w));
        if (!address && **w)
            return fault_set(f, "INVALID_VALUE", "other_config:pci", text,
                             NULL);
        if (address)
            g_ptr_array_add(out, address);
    }
    return 0;
}

/* ---- cards
 * --------------------------------------------------------------------- */

static bool is_attached(const struct snapshot *s, const char *pci)
{
    for (size_t i = 0; i < snapshot_count(s, CLASS_VM); i++) {
        const struct record *vm = snapshot_at(s, CLASS_VM, i);
        for (size_t k = 0; k < record_count(vm, F_VM_attached_PCIs); k++)
            if (!strcmp(record_item(vm, F_VM_attached_PCIs, k), pci))
                return true;
    }
    return false;
}

bool pgpu_is_free(const struct snapshot *s, const struct record *pgpu)
{
    return !record_count(pgpu, F_PGPU_resident_VGPUs) &&
           !is_attached(s, record_str(pgpu, F_PGPU_PCI));
}

static bool has(const GPtrArray *list, const char *text)
{
    for (guint i = 0; i < list->len; i++)
        if (!strcmp(list->pdata[i], text))
            return true;
    return false;
}

static const char *address_of(const struct snapshot *s, const char *pci)
{
    const struct record *r = snapshot_find(s, CLASS_PCI, pci);
    return r ? record_str(r, F_PCI_pci_id) : "";
}

/* Address of a card of the group that is free and not taken; "": none. */
static const char *find_card(const struct snapshot *s,
                             const struct record *group, const GPtrArray *taken)
{
    for (size_t i = 0; group && i < record_count(group, F_GPU_group_PGPUs);
         i++) {
        const struct record *p = snapshot_find(
            s, CLASS_PGPU, record_item(group, F_GPU_group_PGPUs, i));
        const char *address = address_of(s, record_str(p, F_PGPU_PCI));
        if (pgpu_is_free(s, p) && *address && !has(taken, address))
            return address;
    }
    return "";
}

int vm_pci_wanted(const struct snapshot *s, const struct record *vm,
                  GPtrArray *addresses, struct fault *f)
{
    if (add_named(vm, addresses, f) < 0)
        return -1;
    for (size_t i = 0; i < record_count(vm, F_VM_VGPUs); i++) {
        const struct record *v =
            snapshot_find(s, CLASS_VGPU, record_item(vm, F_VM_VGPUs, i));
        const char *group = record_str(v, F_VGPU_GPU_group);
        const char *card =
            find_card(s, snapshot_find(s, CLASS_GPU_group, group), addresses);
        if (!*card)
            return fault_set(f, "VM_REQUIRES_GPU", record_ref(vm), group, NULL);
        g_ptr_array_add(addresses, g_strdup(card));
    }
    return 0;
}

/* ---- while the guest runs
 * ------------------------------------------------------ */

static void attach_vgpu(struct txn *t, const char *vgpu,
                        const GPtrArray *addresses)
{
    const struct record *v = txn_find(t, CLASS_VGPU, vgpu);
    const struct record *group =
        txn_find(t, CLASS_GPU_group, record_str(v, F_VGPU_GPU_group));
    for (size_t i = 0; group && i < record_count(group, F_GPU_group_PGPUs);
         i++) {
        const char *card = record_item(group, F_GPU_group_PGPUs, i);
        const struct record *p = txn_find(t, CLASS_PGPU, card);
        const struct record *pci =
            txn_find(t, CLASS_PCI, record_str(p, F_PGPU_PCI));
        if (!pci || record_count(p, F_PGPU_resident_VGPUs) ||
            !has(addresses, record_str(pci, F_PCI_pci_id)))
            continue;
        store_set_str(t, vgpu, F_VGPU_PCI, record_ref(pci));
        store_set_str(t, vgpu, F_VGPU_resident_on, card);
        store_set_bool(t, vgpu, F_VGPU_currently_attached, true);
        return;
    }
}

void vm_pci_attached(struct txn *t, const char *vm, const GPtrArray *addresses)
{
    const struct snapshot *s = txn_snapshot(t);
    for (size_t i = 0; i < snapshot_count(s, CLASS_PCI); i++) {
        const struct record *pci = snapshot_at(s, CLASS_PCI, i);
        if (has(addresses, record_str(pci, F_PCI_pci_id)))
            store_set_add(t, vm, F_VM_attached_PCIs, record_ref(pci));
    }
    const struct record *r = txn_find(t, CLASS_VM, vm);
    for (size_t i = 0; i < record_count(r, F_VM_VGPUs); i++)
        attach_vgpu(t, record_item(r, F_VM_VGPUs, i), addresses);
}

void vm_pci_released(struct txn *t, const char *vm)
{
    const struct record *r = txn_find(t, CLASS_VM, vm);
    for (size_t i = 0; i < record_count(r, F_VM_VGPUs); i++) {
        const char *vgpu = record_item(r, F_VM_VGPUs, i);
        store_set_str(t, vgpu, F_VGPU_PCI, REF_NULL);
        store_set_str(t, vgpu, F_VGPU_resident_on, REF_NULL);
        store_set_bool(t, vgpu, F_VGPU_currently_attached, false);
    }
    if (!record_count(r, F_VM_attached_PCIs))
        return;
    VALUE_AUTO *none = value_array();
    store_set(t, vm,
              model_field(snapshot_model(txn_snapshot(t)), F_VM_attached_PCIs),
              none);
}
