/* Records out of ova.xml: each field is checked as if a client had given it
 * (way B). */
#include "class/archive_records.h"

#include <string.h>

#include "class/storage.h"
#include "class/vif.h"
#include "class/vm.h"
#include "class/vm_checks.h"

struct maker {
    struct ctx *c;
    struct txn *t;
    const struct archive_plan *p;
    const struct archive_import *opts;
    GHashTable *refs; /* id in the archive -> reference here, owned */
};

/* What is taken from an archive though clients cannot set it. */
static const enum field_id also[] = {
    F_VM_is_a_snapshot,  F_VM_snapshot_time, F_VM_snapshot_info,
    F_VM_bios_strings,   F_VM_parent,        F_VM_snapshot_of,
    F_VDI_is_a_snapshot, F_VDI_snapshot_of,  F_VDI_snapshot_time,
};

/* What is not, though clients can set it: where the VM was, and what it had
 * there. */
static const enum field_id never[] = {
    F_VM_power_state,
    F_VM_suspend_VDI,
    F_VM_suspend_SR,
    F_VM_last_booted_record,
    F_VM_appliance,
    F_VM_protection_policy,
    F_VM_snapshot_schedule,
    F_VM_affinity,
    F_VM_last_boot_CPU_flags,
    F_VBD_currently_attached,
    F_VBD_device,
    F_VBD_VDI,
    F_VIF_currently_attached,
    F_VIF_network,
    F_VIF_MAC,
    F_VDI_SR,
    F_VDI_virtual_size,
    F_VDI_sm_config,
};

static bool among(const enum field_id *list, size_t n, enum field_id id)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == id)
            return true;
    return false;
}

static bool is_taken(const struct field *f)
{
    if (f->reverse_of || among(never, G_N_ELEMENTS(never), f->id))
        return false;
    return f->qualifier != FIELD_RO || among(also, G_N_ELEMENTS(also), f->id);
}

/* A conforming copy; references lead to what was made, or nowhere. */
static struct value *field_value(const struct maker *m, const struct field *f,
                                 const struct value *given)
{
    if (f->type->kind != TYPE_REF)
        return value_conform(f->type, given, f->name, m->c->fault);
    const char *id = value_get_string(given);
    const char *ref = id ? g_hash_table_lookup(m->refs, id) : NULL;
    return value_string(ref ? ref : REF_NULL);
}

static int fill(const struct maker *m, enum class_id id, const char *ref,
                const struct value *snapshot)
{
    const struct class *class = model_class(m->c->x->model, id);
    for (unsigned i = 0; i < class->n_fields; i++) {
        const struct field *f = &class->fields[i];
        const struct value *given = value_find(snapshot, f->name);
        if (!given || !is_taken(f))
            continue;
        VALUE_AUTO *v = field_value(m, f, given);
        if (!v)
            return -1;
        store_set(m->t, ref, f, v);
    }
    return 0;
}

/* ---- VMs ------------------------------------------------------------------
 */

static void name_vm(const struct maker *m, const struct value *vm)
{
    const char *uuid = m->opts->restore ? archive_text(vm, "uuid") : NULL;
    g_hash_table_insert(m->refs, g_strdup(archive_id(vm)),
                        g_strdup(store_create(m->t, CLASS_VM, NULL, uuid)));
}

static int make_vm(const struct maker *m, const struct value *vm)
{
    const char *ref = g_hash_table_lookup(m->refs, archive_id(vm));
    if (fill(m, CLASS_VM, ref, value_find(vm, "snapshot")) < 0)
        return -1;
    const struct record *r = txn_find(m->t, CLASS_VM, ref);
    if (vm_check_memory(r, m->c->fault) < 0 ||
        vm_check_vcpus(r, m->c->fault) < 0)
        return -1;
    if (!txn_find(m->t, CLASS_VM, record_str(r, F_VM_snapshot_of)))
        store_set_bool(m->t, ref, F_VM_is_a_snapshot, false);
    store_set_str(m->t, ref, F_VM_power_state, "Halted");
    store_set_int(m->t, ref, F_VM_domid, -1);
    store_map_remove(m->t, ref, F_VM_other_config, VM_STARTED_BY);
    store_set_time(m->t, vm_metrics(m->t, ref), F_VM_metrics_install_time,
                   g_get_real_time() / G_USEC_PER_SEC);
    vm_settle_type(m->t, ref);
    return 0;
}

/* ---- disks and CDs ----------------------------------------------------------
 */

static int make_vdi(const struct maker *m, const struct planned_disk *d)
{
    if (!d->vdi || m->opts->metadata_only)
        return 0;
    if (!txn_find(m->t, CLASS_VDI, d->vdi))
        return ctx_fault(m->c, "HANDLE_INVALID", "VDI", d->vdi);
    store_map_remove(m->t, d->vdi, F_VDI_sm_config, VDI_UNFINISHED);
    return fill(m, CLASS_VDI, d->vdi, d->snapshot);
}

/* A CD with the same file name in an ISO library here, or "". */
static const char *find_cd(const struct maker *m, const struct value *vbd)
{
    const struct snapshot *s = txn_snapshot(m->t);
    const struct value *vdi = archive_follow(m->p, vbd, "VDI", "VDI");
    for (size_t i = 0; vdi && i < snapshot_count(s, CLASS_VDI); i++) {
        const struct record *r = snapshot_at(s, CLASS_VDI, i);
        const struct record *sr =
            snapshot_find(s, CLASS_SR, record_str(r, F_VDI_SR));
        if (sr && !strcmp(record_str(sr, F_SR_content_type), "iso") &&
            !strcmp(record_str(r, F_VDI_location),
                    archive_text(vdi, "location")))
            return record_ref(r);
    }
    return "";
}

/* 0 to 255 or a device's name, once a VM. */
static int check_device(const struct maker *m, const struct value *o,
                        const char *field, GHashTable *taken)
{
    const char *device = archive_text(o, field);
    g_autofree char *key =
        g_strjoin("/", archive_text(o, "VM"), field, device, NULL);
    size_t n = strlen(device);
    if (!n || n > 8 || strspn(device, G_CSET_a_2_z G_CSET_DIGITS) != n)
        return ctx_fault(m->c, "INVALID_DEVICE", device);
    if (!g_hash_table_add(taken, g_steal_pointer(&key)))
        return ctx_fault(m->c, "DEVICE_ALREADY_EXISTS", device);
    return 0;
}

static int make_vbd(const struct maker *m, const struct value *o)
{
    const char *vdi = "";
    if (archive_is_disk(o)) {
        const struct planned_disk *d =
            archive_disk(m->p, archive_text(o, "VDI"));
        if (!d || !d->vdi)
            return 0; /* --force: imported without this disk */
        vdi = d->vdi;
    } else {
        vdi = find_cd(m, o);
    }
    const char *vbd = store_create(m->t, CLASS_VBD, NULL, NULL);
    if (fill(m, CLASS_VBD, vbd, value_find(o, "snapshot")) < 0)
        return -1;
    store_set_str(m->t, vbd, F_VBD_VDI, *vdi ? vdi : REF_NULL);
    store_set_bool(m->t, vbd, F_VBD_empty, !*vdi);
    return 0;
}

/* ---- networks ---------------------------------------------------------------
 */

/* The network with the same UUID, bridge or name, in this order. */
static const struct record *find_network(const struct maker *m,
                                         const struct value *net)
{
    static const enum field_id by[] = { F_network_uuid, F_network_bridge,
                                        F_network_name_label };
    const struct snapshot *s = txn_snapshot(m->t);
    for (size_t k = 0; k < G_N_ELEMENTS(by); k++) {
        const char *name = model_field(m->c->x->model, by[k])->name;
        const char *text = archive_text(net, name);
        for (size_t i = 0; *text && i < snapshot_count(s, CLASS_network); i++) {
            const struct record *r = snapshot_at(s, CLASS_network, i);
            if (!strcmp(record_str(r, by[k]), text))
                return r;
        }
    }
    return NULL;
}

/* One that is not here becomes an internal network of the same name. */
static const char *network_of(const struct maker *m, const struct value *vif)
{
    const struct value *net = archive_follow(m->p, vif, "network", "network");
    const char *id = archive_text(vif, "network");
    const char *known = g_hash_table_lookup(m->refs, id);
    if (known || !net)
        return known;
    const struct record *here = find_network(m, net);
    g_autofree char *ref =
        g_strdup(here ? record_ref(here)
                      : store_create(m->t, CLASS_network, NULL, NULL));
    if (!here)
        store_set_str(m->t, ref, F_network_name_label,
                      archive_text(net, "name_label"));
    g_hash_table_insert(m->refs, g_strdup(id), g_strdup(ref));
    return g_hash_table_lookup(m->refs, id);
}

static int make_vif(const struct maker *m, const struct value *o)
{
    const char *network = network_of(m, o);
    const char *mac = archive_text(o, "MAC");
    char made[18];
    if (m->opts->restore && !vif_is_mac(mac))
        return ctx_fault(m->c, "MAC_INVALID", mac);
    if (!network)
        return ctx_fault(m->c, "IMPORT_ERROR_FAILED_TO_FIND_OBJECT",
                         archive_text(o, "network"));
    vif_random_mac(made);
    const char *vif = store_create(m->t, CLASS_VIF, NULL, NULL);
    if (fill(m, CLASS_VIF, vif, value_find(o, "snapshot")) < 0)
        return -1;
    store_set_str(m->t, vif, F_VIF_network, network);
    store_set_str(m->t, vif, F_VIF_MAC, m->opts->restore ? mac : made);
    store_set_bool(m->t, vif, F_VIF_MAC_autogenerated, !m->opts->restore);
    return 0;
}

/* ---- all of it
 * ---------------------------------------------------------------- */

/* VBDs and VIFs of VMs that are not made (Domain-0's) are left. */
static int make_devices(const struct maker *m)
{
    const struct value *all = value_find(m->p->ova, "objects");
    g_autoptr(GHashTable) taken =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    int r = 0;
    for (size_t i = 0; i < value_count(all) && r == 0; i++) {
        const struct value *o = value_at(all, i);
        if (!g_hash_table_contains(m->refs, archive_text(o, "VM")))
            continue;
        if (!strcmp(archive_class(o), "VBD") &&
            (r = check_device(m, o, "userdevice", taken)) == 0)
            r = make_vbd(m, o);
        else if (!strcmp(archive_class(o), "VIF") &&
                 (r = check_device(m, o, "device", taken)) == 0)
            r = make_vif(m, o);
    }
    return r;
}

static int make_all(const struct maker *m, struct value *vms)
{
    int r = 0;
    for (guint i = 0; i < m->p->disks->len; i++) {
        const struct planned_disk *d =
            &g_array_index(m->p->disks, struct planned_disk, i);
        if (d->vdi)
            g_hash_table_insert(m->refs, g_strdup(d->id), g_strdup(d->vdi));
    }
    for (guint i = 0; i < m->p->vms->len; i++)
        name_vm(m, m->p->vms->pdata[i]);
    for (guint i = 0; i < m->p->vms->len && r == 0; i++)
        r = make_vm(m, m->p->vms->pdata[i]);
    for (guint i = 0; i < m->p->disks->len && r == 0; i++)
        r = make_vdi(m, &g_array_index(m->p->disks, struct planned_disk, i));
    if (r < 0 || make_devices(m) < 0)
        return -1;
    for (guint i = 0; i < m->p->vms->len; i++)
        value_push(vms, value_string(g_hash_table_lookup(
                            m->refs, archive_id(m->p->vms->pdata[i]))));
    return 0;
}

int archive_records_make(struct ctx *c, struct txn *t,
                         const struct archive_plan *p,
                         const struct archive_import *opts,
                         struct value **vms_out)
{
    struct maker m = { c, t, p, opts,
                       g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                             g_free) };
    *vms_out = value_array();
    int r = make_all(&m, *vms_out);
    g_hash_table_destroy(m.refs);
    if (r < 0)
        g_clear_pointer(vms_out, value_free);
    return r;
}
