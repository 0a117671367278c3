/* xe: networks, cards, VLANs, bonds and tunnels of the host. */
#include <string.h>

#include "cli/internal.h"

static const char *text_of(const struct cli *c, const char *name,
                           const char *otherwise)
{
    const char *s = cli_param(c, name);
    return s ? s : otherwise;
}

/* Calls a message with the object of uuid=. */
static int on_uuid(struct cli *c, enum class_id class, const char *method)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = cli_record(c, s, class, "uuid");
    return r ? cli_do_long(c, NULL, method, value_string(record_ref(r)), NULL)
             : -1;
}

static const char *host_of(struct cli *c, const struct snapshot *s)
{
    const char *uuid = cli_param(c, "host-uuid");
    return uuid ? cli_ref_of_uuid(c, s, CLASS_host, uuid) : c->x->host_ref;
}

/* ---- network
 * ------------------------------------------------------------------- */

int cmd_network_create(struct cli *c)
{
    const char *mtu = cli_param(c, "MTU"), *managed = cli_param(c, "managed");
    bool ours = true;
    int64_t n = 1500;
    if ((mtu && cli_int(c, "MTU", mtu, &n)) ||
        (managed && cli_bool(c, "managed", managed, &ours)))
        return -1;
    struct value *rec = value_object();
    value_set(rec, "name_label", value_string(cli_param(c, "name-label")));
    value_set(rec, "name_description",
              value_string(text_of(c, "name-description", "")));
    value_set(rec, "bridge", value_string(text_of(c, "bridge", "")));
    value_set(rec, "MTU", value_int(n));
    value_set(rec, "managed", value_bool(ours));
    value_set(rec, "other_config", value_object());
    value_set(rec, "tags", value_array());
    VALUE_AUTO *ref = cli_call(c, "network.create", rec, NULL);
    return ref ? cli_print_uuid(c, CLASS_network, value_get_string(ref)) : -1;
}

int cmd_network_destroy(struct cli *c)
{
    return on_uuid(c, CLASS_network, "network.destroy");
}

/* ---- PIF
 * ------------------------------------------------------------------- */

#define ALLOW "allow-cut-off"

/* --force is a key of the PIF's other_config for the time of the call, so that
 * every client can say it. */
static int force_key(struct cli *c, const char *pif, bool on)
{
    if (!on)
        return cli_do(c, "PIF.remove_from_other_config", value_string(pif),
                      value_string(ALLOW), NULL);
    return cli_do(c, "PIF.remove_from_other_config", value_string(pif),
                  value_string(ALLOW), NULL) ||
           cli_do(c, "PIF.add_to_other_config", value_string(pif),
                  value_string(ALLOW), value_string("true"), NULL);
}

/* Whether the key must be set for this call (and removed behind it). */
static bool needs_force(struct cli *c, const struct record *pif)
{
    return cli_flag(c, "force") &&
           !record_map_get(pif, F_PIF_other_config, ALLOW);
}

static void force_end(struct cli *c, const char *pif)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    FAULT_AUTO kept = { 0 };
    if (!snapshot_find(s, CLASS_PIF, pif))
        return;
    /* why the command itself failed is what the user wants to know */
    fault_move(&kept, &c->fault);
    force_key(c, pif, false);
    fault_dispose(&c->fault);
    fault_move(&c->fault, &kept);
}

static int on_pif(struct cli *c, const char *method)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *pif = cli_record(c, s, CLASS_PIF, "uuid");
    if (!pif)
        return -1;
    const char *ref = record_ref(pif);
    bool force = needs_force(c, pif);
    if (force && force_key(c, ref, true))
        return -1;
    int r = cli_do_long(c, NULL, method, value_string(ref), NULL);
    if (force)
        force_end(c, ref);
    return r;
}

int cmd_pif_plug(struct cli *c)
{
    return on_pif(c, "PIF.plug");
}

int cmd_pif_unplug(struct cli *c)
{
    return on_pif(c, "PIF.unplug");
}

int cmd_pif_forget(struct cli *c)
{
    return on_pif(c, "PIF.forget");
}

int cmd_pif_db_forget(struct cli *c)
{
    return on_uuid(c, CLASS_PIF, "PIF.db_forget");
}

int cmd_pif_scan(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const char *host = host_of(c, s);
    return host ? cli_do(c, "PIF.scan", value_string(host), NULL) : -1;
}

int cmd_pif_introduce(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const char *host = host_of(c, s);
    const char *word = cli_param(c, "managed");
    bool managed = true;
    if (!host || (word && cli_bool(c, "managed", word, &managed)))
        return -1;
    if (!cli_param(c, "mac") && !cli_param(c, "device"))
        return cli_fail(c, "device= (or mac=) says which network card");
    VALUE_AUTO *ref = cli_call(c, "PIF.introduce", value_string(host),
                               value_string(text_of(c, "mac", "")),
                               value_string(text_of(c, "device", "")),
                               value_bool(managed), NULL);
    return ref ? cli_print_uuid(c, CLASS_PIF, value_get_string(ref)) : -1;
}

/* The first of the words that is `text` but for its case; else text. */
static const char *word_of(const char *text, const char *const *words)
{
    for (int i = 0; words[i]; i++)
        if (!g_ascii_strcasecmp(text, words[i]))
            return words[i];
    return text;
}

static int reconfigure(struct cli *c, bool v6)
{
    static const char *const modes[] = { "None", "DHCP", "Static", "Autoconf",
                                         NULL };
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *pif = cli_record(c, s, CLASS_PIF, "uuid");
    if (!pif)
        return -1;
    const char *ref = record_ref(pif);
    bool force = needs_force(c, pif);
    if (force && force_key(c, ref, true))
        return -1;
    const char *mode = word_of(cli_param(c, "mode"), modes);
    struct value *gateway = value_string(text_of(c, "gateway", ""));
    struct value *dns = value_string(text_of(c, "DNS", ""));
    int r =
        v6 ? cli_do_long(c, NULL, "PIF.reconfigure_ipv6", value_string(ref),
                         value_string(mode),
                         value_string(text_of(c, "IPv6", "")), gateway, dns,
                         NULL)
           : cli_do_long(c, NULL, "PIF.reconfigure_ip", value_string(ref),
                         value_string(mode), value_string(text_of(c, "IP", "")),
                         value_string(text_of(c, "netmask", "")), gateway, dns,
                         NULL);
    if (force)
        force_end(c, ref);
    return r;
}

int cmd_pif_reconfigure_ip(struct cli *c)
{
    return reconfigure(c, false);
}

int cmd_pif_reconfigure_ipv6(struct cli *c)
{
    return reconfigure(c, true);
}

int cmd_pif_set_primary_address_type(struct cli *c)
{
    static const char *const types[] = { "IPv4", "IPv6", NULL };
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *pif = cli_record(c, s, CLASS_PIF, "uuid");
    const char *type = word_of(cli_param(c, "primary_address_type"), types);
    return pif ? cli_do(c, "PIF.set_primary_address_type",
                        value_string(record_ref(pif)), value_string(type), NULL)
               : -1;
}

/* ---- VLAN
 * ------------------------------------------------------------------- */

int cmd_vlan_create(struct cli *c)
{
    int64_t tag;
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *pif = cli_record(c, s, CLASS_PIF, "pif-uuid");
    const struct record *net =
        pif ? cli_record(c, s, CLASS_network, "network-uuid") : NULL;
    g_autofree char *ref = NULL;
    if (!net || cli_int(c, "vlan", cli_param(c, "vlan"), &tag) ||
        cli_do_long(c, &ref, "VLAN.create", value_string(record_ref(pif)),
                    value_int(tag), value_string(record_ref(net)), NULL))
        return -1;
    SNAPSHOT_AUTO *now = store_read(c->x->store);
    const struct record *vlan = snapshot_find(now, CLASS_VLAN, ref);
    /* xe has always answered with the new PIF */
    return vlan ? cli_print_uuid(c, CLASS_PIF,
                                 record_str(vlan, F_VLAN_untagged_PIF))
                : -1;
}

int cmd_vlan_destroy(struct cli *c)
{
    return on_uuid(c, CLASS_VLAN, "VLAN.destroy");
}

/* pool-vlan-create: the same on every host of the pool, which is this one. */
int cmd_pool_vlan_create(struct cli *c)
{
    return cmd_vlan_create(c);
}

/* ---- bond
 * ------------------------------------------------------------------- */

/* Array of the PIFs' references, or NULL. */
static struct value *members(struct cli *c, const struct snapshot *s)
{
    g_auto(GStrv) uuids = g_strsplit(cli_param(c, "pif-uuids"), ",", -1);
    struct value *out = value_array();
    for (int i = 0; uuids[i]; i++) {
        const char *ref =
            cli_ref_of_uuid(c, s, CLASS_PIF, g_strstrip(uuids[i]));
        if (!ref) {
            value_free(out);
            return NULL;
        }
        value_push(out, value_string(ref));
    }
    return out;
}

int cmd_bond_create(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *net = cli_record(c, s, CLASS_network, "network-uuid");
    struct value *pifs = net ? members(c, s) : NULL;
    const char *mode = cli_param(c, "mode");
    g_autofree char *ref = NULL;
    const struct record *host = snapshot_find(s, CLASS_host, c->x->host_ref);
    const char *backend =
        record_map_get(host, F_host_software_version, "network_backend");
    if (!pifs)
        return -1;
    /* balance-slb is XenServer's default; Linux bonds do not have it */
    if (!mode)
        mode =
            g_strcmp0(backend, "openvswitch") ? "active-backup" : "balance-slb";
    if (cli_do_long(c, &ref, "Bond.create", value_string(record_ref(net)), pifs,
                    value_string(text_of(c, "mac", "")), value_string(mode),
                    cli_map(c, "properties"), NULL))
        return -1;
    return cli_print_uuid(c, CLASS_Bond, ref);
}

int cmd_bond_destroy(struct cli *c)
{
    return on_uuid(c, CLASS_Bond, "Bond.destroy");
}

int cmd_bond_set_mode(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *bond = cli_record(c, s, CLASS_Bond, "uuid");
    return bond ? cli_do_long(c, NULL, "Bond.set_mode",
                              value_string(record_ref(bond)),
                              value_string(cli_param(c, "mode")), NULL)
                : -1;
}

/* ---- tunnel
 * ------------------------------------------------------------------- */

int cmd_tunnel_create(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *pif = cli_record(c, s, CLASS_PIF, "pif-uuid");
    const struct record *net =
        pif ? cli_record(c, s, CLASS_network, "network-uuid") : NULL;
    g_autofree char *ref = NULL;
    if (!net ||
        cli_do_long(c, &ref, "tunnel.create", value_string(record_ref(pif)),
                    value_string(record_ref(net)),
                    value_string(text_of(c, "protocol", "gre")), NULL))
        return -1;
    return cli_print_uuid(c, CLASS_tunnel, ref);
}

int cmd_tunnel_destroy(struct cli *c)
{
    return on_uuid(c, CLASS_tunnel, "tunnel.destroy");
}
