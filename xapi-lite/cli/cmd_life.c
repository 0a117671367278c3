/* xe: making, copying and removing VMs. */
#include <string.h>

#include "cli/internal.h"

/* A VM record with every field that VM.create wants; fields that the caller
 * does not give have the model's defaults. */
int cmd_vm_create(struct cli *c)
{
    struct value *rec = value_object();
    const char *about = cli_param(c, "name-description");
    value_set(rec, "name_label", value_string(cli_need(c, "name-label")));
    value_set(rec, "name_description", value_string(about ? about : ""));
    value_set(rec, "user_version", value_int(1));
    value_set(rec, "is_a_template", value_bool(false));
    value_set(rec, "affinity", value_string(REF_NULL));
    value_set(rec, "memory_static_max", value_int(256 << 20));
    value_set(rec, "memory_dynamic_max", value_int(256 << 20));
    value_set(rec, "memory_dynamic_min", value_int(128 << 20));
    value_set(rec, "memory_static_min", value_int(128 << 20));
    value_set(rec, "VCPUs_max", value_int(1));
    value_set(rec, "VCPUs_at_startup", value_int(1));
    VALUE_AUTO *ref = cli_call(c, "VM.create", rec, NULL);
    return ref ? cli_print_uuid(c, CLASS_VM, value_get_string(ref)) : -1;
}

/* ---- clone, copy
 * ------------------------------------------------------------------- */

static int describe(struct cli *c, const char *ref, const char *text)
{
    if (!text)
        return 0;
    return cli_do(c, "VM.set_name_description", value_string(ref),
                  value_string(text), NULL);
}

static int clone_vm(struct cli *c, const char *ref, void *user)
{
    g_autofree char *made = NULL;
    (void)user;
    if (cli_do_long(c, &made, "VM.clone", value_string(ref),
                    value_string(cli_param(c, "new-name-label")), NULL) ||
        describe(c, made, cli_param(c, "new-name-description")))
        return -1;
    return cli_print_uuid(c, CLASS_VM, made);
}

/* Reference of sr-uuid=, or the null reference without it; NULL: wrong. */
static char *sr_param(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const char *uuid = cli_param(c, "sr-uuid");
    return g_strdup(uuid ? cli_ref_of_uuid(c, s, CLASS_SR, uuid) : REF_NULL);
}

static int copy_vm(struct cli *c, const char *ref, void *user)
{
    g_autofree char *made = NULL, *sr = sr_param(c);
    (void)user;
    if (!sr ||
        cli_do_long(c, &made, "VM.copy", value_string(ref),
                    value_string(cli_param(c, "new-name-label")),
                    value_string(sr), NULL) ||
        describe(c, made, cli_param(c, "new-name-description")))
        return -1;
    return cli_print_uuid(c, CLASS_VM, made);
}

int cmd_vm_clone(struct cli *c)
{
    return cli_each_vm(c, SELECT_TEMPLATES,
                       "new-name-label new-name-description", clone_vm, NULL);
}

int cmd_vm_copy(struct cli *c)
{
    return cli_each_vm(c, SELECT_TEMPLATES,
                       "new-name-label new-name-description sr-uuid", copy_vm,
                       NULL);
}

/* The snapshot that uuid= or snapshot-uuid= names; caller frees, NULL: wrong.
 */
static char *snapshot_param(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const char *uuid = cli_param(c, "uuid");
    if (!uuid)
        uuid = cli_param(c, "snapshot-uuid");
    if (!uuid)
        uuid = cli_need(c, "snapshot-uuid");
    const char *ref = uuid ? cli_ref_of_uuid(c, s, CLASS_VM, uuid) : NULL;
    if (ref &&
        !record_bool(snapshot_find(s, CLASS_VM, ref), F_VM_is_a_snapshot)) {
        cli_fail(c, "%s is not a snapshot", uuid);
        return NULL;
    }
    return g_strdup(ref);
}

int cmd_snapshot_clone(struct cli *c)
{
    g_autofree char *ref = snapshot_param(c);
    return ref ? clone_vm(c, ref, NULL) : -1;
}

int cmd_snapshot_copy(struct cli *c)
{
    g_autofree char *ref = snapshot_param(c);
    return ref ? copy_vm(c, ref, NULL) : -1;
}

int cmd_snapshot_destroy(struct cli *c)
{
    g_autofree char *ref = snapshot_param(c);
    return ref ? cli_do(c, "VM.destroy", value_string(ref), NULL) : -1;
}

int cmd_snapshot_revert(struct cli *c)
{
    g_autofree char *ref = snapshot_param(c);
    return ref ? cli_do_long(c, NULL, "VM.revert", value_string(ref), NULL)
               : -1;
}

/* ---- snapshot, checkpoint
 * ----------------------------------------------------------- */

static int snapshot(struct cli *c, const char *ref, void *method)
{
    g_autofree char *made = NULL;
    struct value *name = value_string(cli_param(c, "new-name-label"));
    struct value *skip = NULL;
    if (cli_param(c, "ignore-vdi-uuids")) {
        SNAPSHOT_AUTO *s = store_read(c->x->store);
        g_auto(GStrv) uuids =
            g_strsplit(cli_param(c, "ignore-vdi-uuids"), ",", -1);
        skip = value_array();
        for (char **u = uuids; *u; u++)
            value_push(skip,
                       value_string(cli_ref_of_uuid(c, s, CLASS_VDI, *u)));
    }
    if (c->fault.code) {
        value_free(name);
        value_free(skip);
        return -1;
    }
    if (cli_do_long(c, &made, method, value_string(ref), name, skip, NULL) ||
        describe(c, made, cli_param(c, "new-name-description")))
        return -1;
    return cli_print_uuid(c, CLASS_VM, made);
}

#define SNAPSHOT_WORDS "new-name-label new-name-description ignore-vdi-uuids"

int cmd_vm_snapshot(struct cli *c)
{
    return cli_each_vm(c, 0, SNAPSHOT_WORDS, snapshot, (void *)"VM.snapshot");
}

int cmd_vm_checkpoint(struct cli *c)
{
    return cli_each_vm(c, 0, SNAPSHOT_WORDS, snapshot, (void *)"VM.checkpoint");
}

/* ---- destroy, uninstall
 * ---------------------------------------------------------------- */

int cmd_vm_destroy(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vm = cli_record(c, s, CLASS_VM, "uuid");
    return vm ? cli_do(c, "VM.destroy", value_string(record_ref(vm)), NULL)
              : -1;
}

/* The disks that go with the VM: those whose VBD has the owner mark, and its
 * suspend image. Array of references. */
static GPtrArray *owned_disks(const struct snapshot *s, const struct record *vm)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
    const char *image = record_str(vm, F_VM_suspend_VDI);
    for (size_t i = 0; i < record_count(vm, F_VM_VBDs); i++) {
        const struct record *vbd =
            snapshot_find(s, CLASS_VBD, record_item(vm, F_VM_VBDs, i));
        const char *vdi = vbd ? record_str(vbd, F_VBD_VDI) : REF_NULL;
        if (vbd && record_map_get(vbd, F_VBD_other_config, "owner") &&
            snapshot_find(s, CLASS_VDI, vdi))
            g_ptr_array_add(list, g_strdup(vdi));
    }
    if (snapshot_find(s, CLASS_VDI, image))
        g_ptr_array_add(list, g_strdup(image));
    return list;
}

/* Says what would be removed, as the question shows it. */
static char *describe_removal(const struct snapshot *s, const struct record *vm,
                              const GPtrArray *disks)
{
    GString *text = g_string_new("The following items are about to be "
                                 "destroyed\n");
    g_string_append_printf(text, "VM : %s (%s)\n", record_str(vm, F_VM_uuid),
                           record_str(vm, F_VM_name_label));
    for (guint i = 0; i < disks->len; i++) {
        const struct record *vdi = snapshot_find(s, CLASS_VDI, disks->pdata[i]);
        g_string_append_printf(text, "VDI: %s (%s)\n",
                               record_str(vdi, F_VDI_uuid),
                               record_str(vdi, F_VDI_name_label));
    }
    return g_string_free(text, FALSE);
}

static int confirmed(struct cli *c, const char *what)
{
    g_autofree char *question =
        g_strdup_printf("%sType 'yes' to continue\n", what);
    if (cli_flag(c, "force"))
        return 0;
    g_autofree char *answer = cli_ask(c, question);
    if (!answer)
        return -1;
    return g_ascii_strcasecmp(g_strstrip(answer), "yes")
               ? cli_fail(c, "Aborted: nothing has been destroyed")
               : 0;
}

static int uninstall(struct cli *c, const char *ref, void *user)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vm = snapshot_find(s, CLASS_VM, ref);
    g_autoptr(GPtrArray) disks = owned_disks(s, vm);
    g_autofree char *what = describe_removal(s, vm, disks);
    (void)user;
    if (confirmed(c, what))
        return -1;
    const char *state = record_str(vm, F_VM_power_state);
    if (strcmp(state, "Halted") && !record_bool(vm, F_VM_is_a_snapshot) &&
        cli_do_long(c, NULL, "VM.hard_shutdown", value_string(ref), NULL))
        return -1;
    if (cli_do(c, "VM.destroy", value_string(ref), NULL))
        return -1;
    for (guint i = 0; i < disks->len; i++)
        if (cli_do(c, "VDI.destroy", value_string(disks->pdata[i]), NULL))
            return -1;
    cli_print(c, "All objects destroyed");
    return 0;
}

int cmd_vm_uninstall(struct cli *c)
{
    return cli_each_vm(c, 0, "force", uninstall, NULL);
}

int cmd_snapshot_uninstall(struct cli *c)
{
    g_autofree char *ref = snapshot_param(c);
    return ref ? uninstall(c, ref, NULL) : -1;
}

int cmd_template_uninstall(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vm = cli_record(c, s, CLASS_VM, "template-uuid");
    if (!vm)
        return -1;
    if (!record_bool(vm, F_VM_is_a_template))
        return cli_fail(c, "%s is not a template",
                        cli_param(c, "template-uuid"));
    return uninstall(c, record_ref(vm), NULL);
}
