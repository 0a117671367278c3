/* xe vm-install: a VM with its disks from a template. */
#include <string.h>

#include "cli/internal.h"

/* Template by uuid or name; a name must be that of one template only. */
static char *find_template(struct cli *c, const char *text)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *found = snapshot_find_uuid(s, CLASS_VM, text);
    g_autoptr(GPtrArray) named = snapshot_find_name(s, CLASS_VM, text);
    unsigned n = 0;
    for (guint i = 0; !found && i < named->len; i++)
        if (record_bool(named->pdata[i], F_VM_is_a_template))
            n++;
    for (guint i = 0; n == 1 && i < named->len; i++)
        if (record_bool(named->pdata[i], F_VM_is_a_template))
            found = named->pdata[i];
    if (n > 1)
        cli_fail(c, "%u templates are named '%s': give the UUID", n, text);
    else if (!found)
        cli_fail(c, "No template is named '%s'; xe template-list shows them",
                 text);
    else if (!record_bool(found, F_VM_is_a_template))
        cli_fail(c, "%s is not a template", text);
    else
        return g_strdup(record_ref(found));
    return NULL;
}

static char *template_param(struct cli *c)
{
    static const char *const names[] = { "template", "template-uuid",
                                         "template-name-label", "template-name",
                                         "template-id" };
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (cli_param(c, names[i]))
            return find_template(c, cli_param(c, names[i]));
    cli_need(c, "template");
    return NULL;
}

/* The SR that sr-uuid= or sr-name-label= names: reference, "" without one, NULL
 * after a failure. */
static char *named_sr(struct cli *c, const struct snapshot *s)
{
    const char *uuid = cli_param(c, "sr-uuid");
    const char *name = cli_param(c, "sr-name-label");
    if (uuid)
        return g_strdup(cli_ref_of_uuid(c, s, CLASS_SR, uuid));
    if (!name)
        return g_strdup("");
    g_autoptr(GPtrArray) named = snapshot_find_name(s, CLASS_SR, name);
    if (named->len == 1)
        return g_strdup(record_ref(named->pdata[0]));
    cli_fail(c,
             named->len ? "Several SRs are named '%s': use sr-uuid="
                        : "No SR is named '%s'",
             name);
    return NULL;
}

/* UUID of the SR for the disks: the named one, else the pool's default; NULL
 * when there is none. */
static char *disks_sr(struct cli *c, const struct snapshot *s, const char *sr)
{
    const struct record *pool = snapshot_find(s, CLASS_pool, c->x->pool_ref);
    if (!*sr && pool)
        sr = record_str(pool, F_pool_default_SR);
    const struct record *r = snapshot_find(s, CLASS_SR, sr);
    return r ? g_strdup(record_str(r, F_SR_uuid)) : NULL;
}

/* <disk ... sr="..."/>: every sr is the chosen one. */
static char *rewrite_disks(const char *xml, const char *sr)
{
    g_autoptr(GRegex) re =
        g_regex_new("\\bsr\\s*=\\s*(\"[^\"]*\"|'[^']*')", 0, 0, NULL);
    g_autofree char *with = g_strdup_printf("sr=\"%s\"", sr);
    return g_regex_replace_literal(re, xml, -1, 0, with, 0, NULL);
}

static int set_disks(struct cli *c, const char *vm, const char *sr)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = snapshot_find(s, CLASS_VM, vm);
    const char *disks =
        r ? record_map_get(r, F_VM_other_config, "disks") : NULL;
    if (!disks || !strstr(disks, "<disk"))
        return 0;
    g_autofree char *uuid = disks_sr(c, s, sr);
    if (!uuid)
        return cli_fail(c, "Failed to find a valid default SR for the Pool. "
                           "Please provide an sr-name-label or sr-uuid "
                           "parameter.");
    g_autofree char *xml = rewrite_disks(disks, uuid);
    if (cli_do(c, "VM.remove_from_other_config", value_string(vm),
               value_string("disks"), NULL))
        return -1;
    return cli_do(c, "VM.add_to_other_config", value_string(vm),
                  value_string("disks"), value_string(xml), NULL);
}

static int copy_bios_strings(struct cli *c, const char *vm)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const char *uuid = cli_param(c, "copy-bios-strings-from");
    const char *host = uuid ? cli_ref_of_uuid(c, s, CLASS_host, uuid) : NULL;
    if (!uuid)
        return 0;
    return host ? cli_do(c, "VM.copy_bios_strings", value_string(vm),
                         value_string(host), NULL)
                : -1;
}

static int fill(struct cli *c, const char *vm, const char *sr)
{
    if (cli_do(c, "VM.set_name_description", value_string(vm),
               value_string("Installed via xe CLI"), NULL) ||
        copy_bios_strings(c, vm))
        return -1;
    if (*sr && cli_do(c, "VM.set_suspend_SR", value_string(vm),
                      value_string(sr), NULL))
        return -1;
    if (set_disks(c, vm, sr))
        return -1;
    return cli_do_long(c, NULL, "VM.provision", value_string(vm), NULL);
}

/* Removes the half-made VM; the first failure is the one that is told. */
static void undo(struct cli *c, const char *vm)
{
    struct cli other = { .x = c->x, .session = c->session, .fd = c->fd };
    cli_do(&other, "VM.destroy", value_string(vm), NULL);
    g_free(cli_take_error(&other));
    g_free(other.failed_call);
}

static int make(struct cli *c, const char *template, const char *sr, char **vm)
{
    struct value *name = value_string(cli_param(c, "new-name-label"));
    if (*sr)
        return cli_do_long(c, vm, "VM.copy", value_string(template), name,
                           value_string(sr), NULL);
    return cli_do_long(c, vm, "VM.clone", value_string(template), name, NULL);
}

int cmd_vm_install(struct cli *c)
{
    g_autofree char *template = template_param(c);
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    g_autofree char *sr = template ? named_sr(c, s) : NULL, *vm = NULL;
    const struct record *t = sr ? snapshot_find(s, CLASS_VM, template) : NULL;
    if (!t)
        return -1;
    if (*sr && record_bool(t, F_VM_is_a_snapshot))
        return cli_fail(c, "The disks of a snapshot stay in its SR: leave out "
                           "sr-uuid and sr-name-label");
    if (make(c, template, sr, &vm))
        return -1;
    if (fill(c, vm, sr)) {
        undo(c, vm);
        return -1;
    }
    return cli_print_uuid(c, CLASS_VM, vm);
}
