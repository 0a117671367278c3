/* xe: network cards of VMs (vif-*). */
#include <string.h>

#include "cli/internal.h"

static const char *text_of(const struct cli *c, const char *name,
                           const char *otherwise)
{
    const char *s = cli_param(c, name);
    return s ? s : otherwise;
}

int cmd_vif_create(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vm = cli_record(c, s, CLASS_VM, "vm-uuid");
    const struct record *net =
        vm ? cli_record(c, s, CLASS_network, "network-uuid") : NULL;
    const char *mac = text_of(c, "mac", "");
    const char *mtu = cli_param(c, "mtu");
    int64_t n = 0;
    if (!net || (mtu && cli_int(c, "mtu", mtu, &n)))
        return -1;
    struct value *rec = value_object();
    value_set(rec, "VM", value_string(record_ref(vm)));
    value_set(rec, "network", value_string(record_ref(net)));
    value_set(rec, "device", value_string(cli_param(c, "device")));
    value_set(rec, "MAC", value_string(strcmp(mac, "random") ? mac : ""));
    value_set(rec, "MTU", value_int(n));
    value_set(rec, "other_config", value_object());
    value_set(rec, "qos_algorithm_type", value_string(""));
    value_set(rec, "qos_algorithm_params", value_object());
    VALUE_AUTO *ref = cli_call(c, "VIF.create", rec, NULL);
    return ref ? cli_print_uuid(c, CLASS_VIF, value_get_string(ref)) : -1;
}

static int on_uuid(struct cli *c, const char *method)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = cli_record(c, s, CLASS_VIF, "uuid");
    return r ? cli_do_long(c, NULL, method, value_string(record_ref(r)), NULL)
             : -1;
}

int cmd_vif_destroy(struct cli *c)
{
    return on_uuid(c, "VIF.destroy");
}

int cmd_vif_plug(struct cli *c)
{
    return on_uuid(c, "VIF.plug");
}

int cmd_vif_unplug(struct cli *c)
{
    return on_uuid(c, cli_flag(c, "force") ? "VIF.unplug_force" : "VIF.unplug");
}

int cmd_vif_move(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vif = cli_record(c, s, CLASS_VIF, "uuid");
    const struct record *net =
        vif ? cli_record(c, s, CLASS_network, "network-uuid") : NULL;
    return net ? cli_do_long(c, NULL, "VIF.move", value_string(record_ref(vif)),
                             value_string(record_ref(net)), NULL)
               : -1;
}

static int configure(struct cli *c, const char *method)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vif = cli_record(c, s, CLASS_VIF, "uuid");
    const char *mode = cli_param(c, "mode");
    if (!vif)
        return -1;
    if (!g_ascii_strcasecmp(mode, "static"))
        mode = "Static";
    else if (!g_ascii_strcasecmp(mode, "none"))
        mode = "None";
    return cli_do(c, method, value_string(record_ref(vif)), value_string(mode),
                  value_string(text_of(c, "address", "")),
                  value_string(text_of(c, "gateway", "")), NULL);
}

int cmd_vif_configure_ipv4(struct cli *c)
{
    return configure(c, "VIF.configure_ipv4");
}

int cmd_vif_configure_ipv6(struct cli *c)
{
    return configure(c, "VIF.configure_ipv6");
}
