/* xe: the devices of a VM, and its consoles. */
#include <string.h>

#include "cli/internal.h"

/* Columns of a class: those of the parameter, else of the table. */
static void print_object(struct cli *c, const struct snapshot *s,
                         const struct record *r, const char *xe_class,
                         const char *param, const char *columns)
{
    const struct xe_class *k = xe_class_find(xe_class);
    const char *asked = cli_param(c, param);
    g_auto(GStrv) words = g_strsplit(asked ? asked : columns, ",", -1);
    GArray *row = cli_row_new();
    for (unsigned i = 0; i < k->n_fields; i++) {
        const struct xe_field *f = &k->fields[i];
        bool all = asked && !strcmp(asked, "all") && !(f->flags & XE_HIDDEN);
        if (all || g_strv_contains((const char *const *)words, f->name))
            cli_row_add(row, xe_field_label(f),
                        xe_field_text(s, c->x->model, r, f, NULL, NULL));
    }
    cli_print_row(c, row);
    g_array_unref(row);
}

/* "Disk 0 VBD:" above the VBD, "Disk 0 VDI:" above its VDI. */
static void print_disk(struct cli *c, const struct snapshot *s,
                       const struct record *vbd, const char *word, int number)
{
    const struct record *vdi =
        snapshot_find(s, CLASS_VDI, record_str(vbd, F_VBD_VDI));
    if (!c->minimal)
        cli_printf(c, "%s %d VBD:", word, number);
    print_object(c, s, vbd, "vbd", "vbd-params",
                 "uuid,vm-name-label,userdevice");
    if (!vdi)
        return;
    if (!c->minimal)
        cli_printf(c, "%s %d VDI:", word, number);
    print_object(c, s, vdi, "vdi", "vdi-params",
                 "uuid,name-label,sr-name-label,virtual-size");
}

static int list_disks(struct cli *c, const char *ref, void *type)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vm = snapshot_find(s, CLASS_VM, ref);
    const char *word = strcmp(type, "CD") ? "Disk" : "CD";
    int n = 0;
    for (size_t i = 0; vm && i < record_count(vm, F_VM_VBDs); i++) {
        const struct record *vbd =
            snapshot_find(s, CLASS_VBD, record_item(vm, F_VM_VBDs, i));
        if (vbd && !strcmp(record_str(vbd, F_VBD_type), type))
            print_disk(c, s, vbd, word, n++);
    }
    return 0;
}

int cmd_vm_disk_list(struct cli *c)
{
    return cli_each_vm(c, SELECT_TEMPLATES | SELECT_CONTROL,
                       "vbd-params vdi-params", list_disks, (void *)"Disk");
}

int cmd_vm_cd_list(struct cli *c)
{
    return cli_each_vm(c, SELECT_TEMPLATES | SELECT_CONTROL,
                       "vbd-params vdi-params", list_disks, (void *)"CD");
}

int cmd_snapshot_disk_list(struct cli *c)
{
    if (cli_param(c, "snapshot-uuid") && !cli_param(c, "uuid"))
        value_set(c->params, "uuid",
                  value_string(cli_param(c, "snapshot-uuid")));
    return cli_each_vm(c, SELECT_SNAPSHOTS_ONLY,
                       "vbd-params vdi-params snapshot-uuid", list_disks,
                       (void *)"Disk");
}

static int list_vifs(struct cli *c, const char *ref, void *user)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vm = snapshot_find(s, CLASS_VM, ref);
    (void)user;
    for (size_t i = 0; vm && i < record_count(vm, F_VM_VIFs); i++) {
        const struct record *vif =
            snapshot_find(s, CLASS_VIF, record_item(vm, F_VM_VIFs, i));
        if (vif)
            print_object(c, s, vif, "vif", "params",
                         "uuid,vm-name-label,device,MAC,network-uuid,"
                         "network-name-label");
    }
    return 0;
}

int cmd_vm_vif_list(struct cli *c)
{
    return cli_each_vm(c, SELECT_TEMPLATES | SELECT_CONTROL, "", list_vifs,
                       NULL);
}

/* ---- console
 * ------------------------------------------------------------------------ */

/* Reference of the VM's text console, or NULL. */
static const char *text_console(const struct snapshot *s,
                                const struct record *vm)
{
    for (size_t i = 0; i < record_count(vm, F_VM_consoles); i++) {
        const char *ref = record_item(vm, F_VM_consoles, i);
        const struct record *con = snapshot_find(s, CLASS_console, ref);
        if (con && !strcmp(record_str(con, F_console_protocol), "vt100"))
            return ref;
    }
    return NULL;
}

static int join(struct cli *c, const char *ref, void *user)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vm = snapshot_find(s, CLASS_VM, ref);
    const char *con = vm ? text_console(s, vm) : NULL;
    (void)user;
    if (!con)
        return cli_fail(c, "The VM has no text console: is it running?");
    g_autofree char *url =
        g_strdup_printf("/console?ref=%s&session_id=%s", con, c->session);
    return cli_http(c, THIN_HTTP_CONNECT, NULL, url);
}

int cmd_console(struct cli *c)
{
    return cli_each_vm(c, SELECT_CONTROL, "", join, NULL);
}

/* ---- diagnostic-vm-status
 * ------------------------------------------------------------ */

int cmd_diagnostic_vm_status(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vm = cli_record(c, s, CLASS_VM, "uuid");
    if (!vm)
        return -1;
    print_object(c, s, vm, "vm", "params",
                 "uuid,name-label,power-state,resident-on,domain-type,"
                 "current-operations,blocked-operations,memory-dynamic-max,"
                 "VCPUs-at-startup,VCPUs-max");
    list_disks(c, record_ref(vm), (void *)"Disk");
    list_disks(c, record_ref(vm), (void *)"CD");
    list_vifs(c, record_ref(vm), NULL);
    for (size_t i = 0; i < record_count(vm, F_VM_VBDs); i++) {
        const struct record *vbd =
            snapshot_find(s, CLASS_VBD, record_item(vm, F_VM_VBDs, i));
        bool dangling =
            vbd && !record_bool(vbd, F_VBD_empty) &&
            !snapshot_find(s, CLASS_VDI, record_str(vbd, F_VBD_VDI));
        if (dangling)
            cli_printf(c,
                       "VBD %s has a VDI that is not there: the VM cannot "
                       "start",
                       record_str(vbd, F_VBD_uuid));
    }
    return 0;
}
