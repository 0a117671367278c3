/* xe: the service on a host, its plugins, its certificate; pools of one. */
#include <string.h>

#include "cli/internal.h"

static int simple(struct cli *c, const char *ref, void *method)
{
    return cli_do_long(c, NULL, method, value_string(ref), NULL);
}

static int text(struct cli *c, const char *ref, void *method)
{
    VALUE_AUTO *v = cli_call(c, method, value_string(ref), NULL);
    if (v)
        cli_print(c, value_get_string(v));
    return v ? 0 : -1;
}

int cmd_host_call_plugin(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *host = cli_record(c, s, CLASS_host, "host-uuid");
    VALUE_AUTO *v =
        host ? cli_call(c, "host.call_plugin", value_string(record_ref(host)),
                        value_string(cli_param(c, "plugin")),
                        value_string(cli_param(c, "fn")), cli_map(c, "args"),
                        NULL)
             : NULL;
    if (v)
        cli_print(c, value_get_string(v));
    return v ? 0 : -1;
}

int cmd_host_sync_data(struct cli *c)
{
    return cli_each_host(c, "", simple, (void *)"host.sync_data");
}

int cmd_host_get_server_certificate(struct cli *c)
{
    return cli_each_host(c, "", text, (void *)"host.get_server_certificate");
}

static int set_power_on(struct cli *c, const char *ref, void *user)
{
    (void)user;
    return cli_do(c, "host.set_power_on_mode", value_string(ref),
                  value_string(cli_param(c, "power-on-mode")),
                  cli_map(c, "power-on-config"), NULL);
}

int cmd_host_set_power_on_mode(struct cli *c)
{
    return cli_each_host(c, "power-on-mode power-on-config", set_power_on,
                         NULL);
}

/* A service that answers has its pool's master: itself. */
int cmd_host_is_in_emergency_mode(struct cli *c)
{
    cli_print(c, "false");
    return 0;
}

/* One row a VM: its uuid and why. */
int cmd_host_get_vms_which_prevent_evacuation(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *host = cli_record(c, s, CLASS_host, "uuid");
    VALUE_AUTO *vms = host
                          ? cli_call(c, "host.get_vms_which_prevent_evacuation",
                                     value_string(record_ref(host)), NULL)
                          : NULL;
    for (size_t i = 0; i < value_count(vms); i++) {
        const struct record *vm =
            snapshot_find(s, CLASS_VM, value_key_at(vms, i));
        const struct value *why = value_at(value_item_at(vms, i), 0);
        if (vm)
            cli_printf(c, "%s: %s", record_str(vm, F_VM_uuid),
                       value_get_string(why));
    }
    return vms ? 0 : -1;
}

int cmd_pool_recover_slaves(struct cli *c)
{
    return cli_do(c, "pool.recover_slaves", NULL);
}

int cmd_pool_designate_new_master(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *host = cli_record(c, s, CLASS_host, "host-uuid");
    return host ? cli_do(c, "pool.designate_new_master",
                         value_string(record_ref(host)), NULL)
                : -1;
}

/* ---- BIOS strings of a VM
 * ------------------------------------------------------- */

static int copy_bios(struct cli *c, const char *ref, void *user)
{
    return cli_do(c, "VM.copy_bios_strings", value_string(ref),
                  value_string(user), NULL);
}

int cmd_vm_copy_bios_strings(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *host = cli_record(c, s, CLASS_host, "host-uuid");
    return host ? cli_each_vm(c, 0, "host-uuid", copy_bios,
                              (void *)record_ref(host))
                : -1;
}

static int say_bios(struct cli *c, const char *ref, void *user)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vm = snapshot_find(s, CLASS_VM, ref);
    (void)user;
    if (!vm)
        return cli_fail(c, "the VM has gone");
    const char *vendor = record_map_get(vm, F_VM_bios_strings, "bios-vendor");
    if (!record_count(vm, F_VM_bios_strings))
        cli_print(c, "no BIOS strings are set");
    else if (!g_strcmp0(vendor, "Xen"))
        cli_print(c, "the BIOS strings are Xen's own");
    else
        cli_print(c, "the BIOS strings are those of a host");
    return 0;
}

int cmd_vm_is_bios_customized(struct cli *c)
{
    return cli_each_vm(c, SELECT_TEMPLATES, "", say_bios, NULL);
}
