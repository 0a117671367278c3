/* XenAPI PIF: what its record says, made true in the kernel (way B). */
#include <string.h>
#include <sys/socket.h>

#include "class/network.h"

/* A PIF with the records it hangs on, borrowed from the snapshot. */
struct parts {
    const struct snapshot *s;
    const struct record *pif, *network;
    const struct record *vlan, *bond, *tunnel; /* whose PIF it is, or NULL */
    const char *ref, *device, *bridge;
    int mtu;
};

static const struct record *first(const struct snapshot *s,
                                  const struct record *r, enum field_id f,
                                  enum class_id class)
{
    return record_count(r, f) ? snapshot_find(s, class, record_item(r, f, 0))
                              : NULL;
}

static int parts_find(struct parts *p, const struct snapshot *s,
                      const char *pif, struct fault *f)
{
    const struct record *r = snapshot_find(s, CLASS_PIF, pif);
    if (!r)
        return fault_set(f, "HANDLE_INVALID", "PIF", pif, NULL);
    *p = (struct parts){
        .s = s,
        .pif = r,
        .network =
            snapshot_find(s, CLASS_network, record_str(r, F_PIF_network)),
        .vlan =
            snapshot_find(s, CLASS_VLAN, record_str(r, F_PIF_VLAN_master_of)),
        .bond = first(s, r, F_PIF_bond_master_of, CLASS_Bond),
        .tunnel = first(s, r, F_PIF_tunnel_access_PIF_of, CLASS_tunnel),
        .ref = pif,
        .device = record_str(r, F_PIF_device),
        .bridge = pif_bridge(s, r),
        .mtu = (int)record_int(r, F_PIF_MTU),
    };
    if (!record_bool(r, F_PIF_managed))
        return fault_set(f, "PIF_UNMANAGED", pif, NULL);
    if (snapshot_find(s, CLASS_Bond, record_str(r, F_PIF_bond_slave_of)))
        return fault_set(f, "CANNOT_PLUG_BOND_SLAVE", pif, NULL);
    if (!p->network || !*p->bridge)
        return fault_set(f, "PIF_HAS_NO_NETWORK_CONFIGURATION", pif, NULL);
    return 0;
}

const char *pif_bridge(const struct snapshot *s, const struct record *pif)
{
    const struct record *net =
        snapshot_find(s, CLASS_network, record_str(pif, F_PIF_network));
    return net ? record_str(net, F_network_bridge) : "";
}

int pif_failed(const char *pif, struct err *err, struct fault *f)
{
    fault_set(f, "PIF_CONFIGURATION_ERROR", pif,
              err->message ? err->message : "unknown", NULL);
    err_dispose(err);
    return -1;
}

bool pif_forced(const struct record *pif)
{
    const char *word = record_map_get(pif, F_PIF_other_config, "allow-cut-off");
    return word && !strcmp(word, "true");
}

int pif_guard(const char *pif, const char *device, struct fault *f)
{
    ERR_AUTO err = { 0 };
    g_autofree char *use = net_in_use(device);
    if (!use)
        return 0;
    err_set(&err, ERR_PERM,
            "%s carries %s, which this would cut: use --force (or "
            "other-config:allow-cut-off=true) if that is meant",
            device, use);
    return pif_failed(pif, &err, f);
}

/* ---- addresses
 * ------------------------------------------------------------------- */

static enum net_ip_mode mode_of(const char *word)
{
    static const char *const words[] = { "None", "Static", "DHCP", "Autoconf" };
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (!strcmp(word, words[i]))
            return (enum net_ip_mode)i;
    return NET_IP_NONE;
}

void pif_ip_of(const struct record *r, struct net_ip *out)
{
    *out = (struct net_ip){
        .mode = mode_of(record_str(r, F_PIF_ip_configuration_mode)),
        .mode6 = mode_of(record_str(r, F_PIF_ipv6_configuration_mode)),
        .ip = record_str(r, F_PIF_IP),
        .netmask = record_str(r, F_PIF_netmask),
        .gateway = record_str(r, F_PIF_gateway),
        .ip6 = record_count(r, F_PIF_IPv6) ? record_item(r, F_PIF_IPv6, 0) : "",
        .gateway6 = record_str(r, F_PIF_ipv6_gateway),
        .dns = record_str(r, F_PIF_DNS),
    };
}

/* ---- up
 * ------------------------------------------------------------------- */

/* The addresses of a card that becomes a port move to its bridge: they would
 * not work where they are. */
static int card_up(const struct parts *p, const struct net_backend *b,
                   struct err *err)
{
    const char *mac = record_str(p->pif, F_PIF_MAC);
    if (!net_exists(p->device))
        return err_set(err, ERR_NOENT, "there is no network card %s",
                       p->device);
    if (b->bridge_up(p->bridge, mac, p->mtu, err) < 0 ||
        net_link_mtu(p->device, p->mtu, err) < 0 ||
        net_ip_clear(p->device, err) < 0)
        return -1;
    return b->port_add(p->bridge, p->device, err);
}

/* Names of a bond's members, ending with NULL; borrowed from the snapshot. */
static GPtrArray *members_of(const struct parts *p)
{
    GPtrArray *names = g_ptr_array_new();
    for (size_t i = 0; i < record_count(p->bond, F_Bond_slaves); i++) {
        const struct record *m = snapshot_find(
            p->s, CLASS_PIF, record_item(p->bond, F_Bond_slaves, i));
        if (m)
            g_ptr_array_add(names, (char *)record_str(m, F_PIF_device));
    }
    g_ptr_array_add(names, NULL);
    return names;
}

static void bond_of(const struct parts *p, GPtrArray *members,
                    struct net_bond *out)
{
    *out = (struct net_bond){
        .name = p->device,
        .mac = record_str(p->pif, F_PIF_MAC),
        .members = (const char *const *)members->pdata,
        .mode = record_str(p->bond, F_Bond_mode),
        .bridge = p->bridge,
        .mtu = p->mtu,
    };
}

static int bond_up(const struct parts *p, const struct net_backend *b,
                   struct err *err)
{
    g_autoptr(GPtrArray) members = members_of(p);
    struct net_bond bond;
    bond_of(p, members, &bond);
    for (guint i = 0; i + 1 < members->len; i++)
        if (net_ip_clear(members->pdata[i], err) < 0)
            return -1;
    return b->bridge_up(p->bridge, bond.mac, p->mtu, err) < 0
               ? -1
               : b->bond_up(&bond, err);
}

static void vlan_of(const struct parts *p, struct net_vlan *out)
{
    const struct record *trunk =
        snapshot_find(p->s, CLASS_PIF, record_str(p->vlan, F_VLAN_tagged_PIF));
    *out = (struct net_vlan){
        .device = trunk ? record_str(trunk, F_PIF_device) : p->device,
        .trunk = trunk ? pif_bridge(p->s, trunk) : "",
        .bridge = p->bridge,
        .mac = record_str(p->pif, F_PIF_MAC),
        .tag = (int)record_int(p->vlan, F_VLAN_tag),
        .mtu = p->mtu,
    };
}

static int tunnel_of(const struct parts *p, struct net_tunnel *out,
                     struct err *err)
{
    const struct record *t = p->tunnel;
    const struct record *transport =
        snapshot_find(p->s, CLASS_PIF, record_str(t, F_tunnel_transport_PIF));
    const char *remote = record_map_get(t, F_tunnel_other_config, "remote-ip");
    const char *key = record_map_get(t, F_tunnel_other_config, "key");
    *out = (struct net_tunnel){
        .name = p->device,
        .bridge = p->bridge,
        .protocol = record_str(t, F_tunnel_protocol),
        .local = transport ? record_str(transport, F_PIF_IP) : "",
        .remote = remote ? remote : "",
        .key = key ? (uint32_t)g_ascii_strtoull(key, NULL, 10) : 0,
    };
    if (!net_is_ip(AF_INET, out->remote, false))
        return err_set(err, ERR_CONFIG,
                       "tunnel other-config:remote-ip is not the IPv4 "
                       "address of its other end");
    if (!*out->local)
        return err_set(err, ERR_CONFIG, "its transport PIF has no address");
    return 0;
}

static int up(const struct parts *p, const struct net_backend *b,
              struct err *err)
{
    struct net_vlan vlan;
    struct net_tunnel tunnel;
    if (p->vlan) {
        vlan_of(p, &vlan);
        return b->vlan_up(&vlan, err);
    }
    if (p->tunnel)
        return tunnel_of(p, &tunnel, err) < 0 ? -1 : b->tunnel_up(&tunnel, err);
    return p->bond ? bond_up(p, b, err) : card_up(p, b, err);
}

/* ---- down
 * ------------------------------------------------------------------- */

static int down(const struct parts *p, const struct net_backend *b,
                struct err *err)
{
    struct net_vlan vlan;
    struct net_tunnel tunnel;
    int r;
    if (net_exists(p->bridge) && net_ip_clear(p->bridge, err) < 0)
        return -1;
    if (p->vlan) {
        vlan_of(p, &vlan);
        r = b->vlan_down(&vlan, err);
    } else if (p->tunnel) {
        tunnel = (struct net_tunnel){ .name = p->device, .bridge = p->bridge };
        r = b->tunnel_down(&tunnel, err);
    } else if (p->bond) {
        g_autoptr(GPtrArray) members = members_of(p);
        struct net_bond bond;
        bond_of(p, members, &bond);
        r = b->bond_down(&bond, err);
    } else {
        r = b->port_remove(p->bridge, p->device, err);
    }
    return r < 0 ? -1 : b->bridge_down(p->bridge, err);
}

/* ---- records
 * ------------------------------------------------------------------- */

static int note(struct xapi *x, const struct parts *p, bool on, struct fault *f)
{
    ERR_AUTO err = { 0 };
    struct txn *t = store_begin(x->store);
    if (txn_find(t, CLASS_PIF, p->ref))
        store_set_bool(t, p->ref, F_PIF_currently_attached, on);
    if (p->tunnel && txn_find(t, CLASS_tunnel, record_ref(p->tunnel)))
        store_map_put(t, record_ref(p->tunnel), F_tunnel_status, "active",
                      on ? "true" : "false");
    return store_commit(t, &err) < 0 ? fault_from_err(f, &err) : 0;
}

/* What carries it must be up first. */
static int plug_carrier(struct xapi *x, const struct parts *p, bool force,
                        struct fault *f)
{
    const char *ref = p->vlan ? record_str(p->vlan, F_VLAN_tagged_PIF)
                      : p->tunnel
                          ? record_str(p->tunnel, F_tunnel_transport_PIF)
                          : REF_NULL;
    const struct record *carrier = snapshot_find(p->s, CLASS_PIF, ref);
    return carrier && record_bool(carrier, F_PIF_managed)
               ? pif_plug(x, ref, force, f)
               : 0;
}

/* Addresses on the card itself, or on the members, would go away. */
static int guard_cards(const struct parts *p, struct fault *f)
{
    if (p->vlan || p->tunnel)
        return 0;
    if (!p->bond)
        return pif_guard(p->ref, p->device, f);
    g_autoptr(GPtrArray) members = members_of(p);
    for (guint i = 0; i + 1 < members->len; i++)
        if (pif_guard(p->ref, members->pdata[i], f) < 0)
            return -1;
    return 0;
}

static int plug_locked(struct xapi *x, const struct parts *p, bool force,
                       struct fault *f)
{
    ERR_AUTO err = { 0 };
    struct net_ip ip;
    const struct net_backend *b =
        net_backend_of(p->bridge, networks_backend(x));
    if (plug_carrier(x, p, force, f) < 0)
        return -1;
    if (!force && !pif_forced(p->pif) && guard_cards(p, f) < 0)
        return -1;
    pif_ip_of(p->pif, &ip);
    if (up(p, b, &err) < 0 || net_ip_apply(p->bridge, &ip, &err) < 0) {
        if (!record_bool(p->pif, F_PIF_currently_attached))
            down(p, b, NULL);
        return pif_failed(p->ref, &err, f);
    }
    return note(x, p, true, f);
}

int pif_plug(struct xapi *x, const char *pif, bool force, struct fault *f)
{
    struct parts p;
    SNAPSHOT_AUTO *s = store_read(x->store);
    if (parts_find(&p, s, pif, f) < 0)
        return -1;
    networks_lock(x);
    int r = plug_locked(x, &p, force, f);
    networks_unlock(x);
    return r;
}

/* ---- unplug
 * ------------------------------------------------------------------- */

/* VLANs and tunnels that stand on it go first. */
static int unplug_riders(struct xapi *x, const struct parts *p, bool force,
                         struct fault *f)
{
    static const struct {
        enum field_id set, pif;
        enum class_id class;
    } rows[] = {
        { F_PIF_VLAN_slave_of, F_VLAN_untagged_PIF, CLASS_VLAN },
        { F_PIF_tunnel_transport_PIF_of, F_tunnel_access_PIF, CLASS_tunnel },
    };
    for (size_t k = 0; k < G_N_ELEMENTS(rows); k++)
        for (size_t i = 0; i < record_count(p->pif, rows[k].set); i++) {
            const struct record *r = snapshot_find(
                p->s, rows[k].class, record_item(p->pif, rows[k].set, i));
            if (r && pif_unplug(x, record_str(r, rows[k].pif), force, f) < 0)
                return -1;
        }
    return 0;
}

static int unplug_locked(struct xapi *x, const struct parts *p, bool force,
                         struct fault *f)
{
    ERR_AUTO err = { 0 };
    const struct net_backend *b =
        net_backend_of(p->bridge, networks_backend(x));
    if (!force && !pif_forced(p->pif) && pif_guard(p->ref, p->bridge, f) < 0)
        return -1;
    if (unplug_riders(x, p, force, f) < 0)
        return -1;
    return down(p, b, &err) < 0 ? pif_failed(p->ref, &err, f)
                                : note(x, p, false, f);
}

int pif_unplug(struct xapi *x, const char *pif, bool force, struct fault *f)
{
    struct parts p;
    SNAPSHOT_AUTO *s = store_read(x->store);
    if (parts_find(&p, s, pif, f) < 0)
        return -1;
    if (!record_bool(p.pif, F_PIF_currently_attached))
        return 0;
    if (record_bool(p.pif, F_PIF_disallow_unplug))
        return fault_set(f, "PIF_DOES_NOT_ALLOW_UNPLUG", pif, NULL);
    const struct record *vif = network_vif_in_use(s, p.network);
    if (vif)
        return fault_set(f, "VIF_IN_USE", record_ref(p.network),
                         record_ref(vif), NULL);
    networks_lock(x);
    int r = unplug_locked(x, &p, force, f);
    networks_unlock(x);
    return r;
}

/* ---- at the start of the service
 * ------------------------------------------------------------------- */

/* As before: what was accepted then is not asked about again. */
static void replug(struct xapi *x, const char *pif)
{
    FAULT_AUTO f = { 0 };
    if (pif_plug(x, pif, true, &f) == 0)
        return;
    g_autofree char *why = fault_format(&f);
    g_warning("a PIF cannot be plugged: %s", why);
}

void network_start(struct xapi *x)
{
    SNAPSHOT_AUTO *s = store_read(x->store);
    for (size_t i = 0; i < snapshot_count(s, CLASS_PIF); i++) {
        const struct record *pif = snapshot_at(s, CLASS_PIF, i);
        if (record_bool(pif, F_PIF_managed) &&
            record_bool(pif, F_PIF_currently_attached))
            replug(x, record_ref(pif));
    }
    for (size_t i = 0; i < snapshot_count(s, CLASS_VM); i++) {
        const struct record *vm = snapshot_at(s, CLASS_VM, i);
        FAULT_AUTO f = { 0 };
        int64_t domid = record_int(vm, F_VM_domid);
        if (domid > 0 && vif_lock_wanted(s, vm) &&
            vif_lock_all(x, record_ref(vm), (uint32_t)domid, &f) < 0) {
            g_autofree char *why = fault_format(&f);
            g_warning("the rules of a VIF cannot be set: %s", why);
        }
    }
    network_refresh(x);
    networks_watch(x);
}

/* ---- messages
 * ------------------------------------------------------------------- */

int handle_PIF_plug(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return pif_plug(c->x, arg_str(c, 0), false, c->fault);
}

int handle_PIF_unplug(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return pif_unplug(c->x, arg_str(c, 0), false, c->fault);
}
