/* XenAPI PIF: the addresses of this host (way B). */
#include <string.h>
#include <sys/socket.h>

#include "class/network.h"

static int bad_ip(struct ctx *c, const char *parameter)
{
    return ctx_fault(c, "INVALID_IP_ADDRESS_SPECIFIED", parameter);
}

/* Empty, or name servers separated by commas. */
static bool is_dns(const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, ",", -1);
    for (int i = 0; words[i]; i++) {
        g_strstrip(words[i]);
        if (!net_is_ip(AF_INET, words[i], false) &&
            !net_is_ip(AF_INET6, words[i], false))
            return false;
    }
    return true;
}

static int check4(struct ctx *c)
{
    const char *gateway = arg_str(c, 4);
    if (strcmp(arg_str(c, 1), "Static"))
        return 0;
    if (!net_is_ip(AF_INET, arg_str(c, 2), false))
        return bad_ip(c, "IP");
    if (net_prefix_of_mask(arg_str(c, 3)) < 1)
        return bad_ip(c, "netmask");
    if (*gateway && !net_is_ip(AF_INET, gateway, false))
        return bad_ip(c, "gateway");
    return is_dns(arg_str(c, 5)) ? 0 : bad_ip(c, "DNS");
}

static int check6(struct ctx *c)
{
    const char *gateway = arg_str(c, 3);
    if (strcmp(arg_str(c, 1), "Static"))
        return 0;
    if (!net_is_ip(AF_INET6, arg_str(c, 2), true))
        return bad_ip(c, "IPv6");
    return *gateway && !net_is_ip(AF_INET6, gateway, false)
               ? bad_ip(c, "gateway")
               : 0;
}

/* The PIF may be configured, and nobody is cut off by it. */
static const struct record *may_change(struct ctx *c, const struct snapshot *s)
{
    const struct record *pif = ctx_find(c, s, CLASS_PIF, arg_str(c, 0));
    if (!pif)
        return NULL;
    const char *ref = record_ref(pif);
    if (!record_bool(pif, F_PIF_managed))
        ctx_fault(c, "PIF_UNMANAGED", ref);
    else if (strcmp(record_str(pif, F_PIF_bond_slave_of), REF_NULL))
        ctx_fault(c, "CANNOT_CHANGE_PIF_PROPERTIES", ref);
    else if (pif_forced(pif) ||
             pif_guard(ref, pif_bridge(s, pif), c->fault) == 0)
        return pif;
    return NULL;
}

static void write4(struct ctx *c, struct txn *t, const char *ref)
{
    bool fixed = !strcmp(arg_str(c, 1), "Static");
    store_set_str(t, ref, F_PIF_ip_configuration_mode, arg_str(c, 1));
    store_set_str(t, ref, F_PIF_IP, fixed ? arg_str(c, 2) : "");
    store_set_str(t, ref, F_PIF_netmask, fixed ? arg_str(c, 3) : "");
    store_set_str(t, ref, F_PIF_gateway, fixed ? arg_str(c, 4) : "");
    store_set_str(t, ref, F_PIF_DNS, fixed ? arg_str(c, 5) : "");
}

static void write6(struct ctx *c, struct txn *t, const char *ref)
{
    bool fixed = !strcmp(arg_str(c, 1), "Static");
    VALUE_AUTO *set = value_array();
    if (fixed)
        value_push(set, value_string(arg_str(c, 2)));
    store_set_str(t, ref, F_PIF_ipv6_configuration_mode, arg_str(c, 1));
    store_set(t, ref, model_field(c->x->model, F_PIF_IPv6), set);
    store_set_str(t, ref, F_PIF_ipv6_gateway, fixed ? arg_str(c, 3) : "");
}

/* Applies what the record says now; 0 when the PIF is not plugged. */
static int apply(struct ctx *c, const char *ref, struct err *err)
{
    struct net_ip ip;
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *pif = snapshot_find(s, CLASS_PIF, ref);
    if (!pif || !record_bool(pif, F_PIF_currently_attached))
        return 0;
    pif_ip_of(pif, &ip);
    networks_lock(c->x);
    int r = net_ip_apply(pif_bridge(s, pif), &ip, err);
    networks_unlock(c->x);
    return r;
}

/* The fields as they were, when the new ones cannot be had. */
static void restore(struct ctx *c, const struct record *old)
{
    static const enum field_id fields[] = {
        F_PIF_ip_configuration_mode,
        F_PIF_IP,
        F_PIF_netmask,
        F_PIF_gateway,
        F_PIF_DNS,
        F_PIF_IPv6,
        F_PIF_ipv6_configuration_mode,
        F_PIF_ipv6_gateway,
    };
    const char *ref = record_ref(old);
    struct txn *t = store_begin(c->x->store);
    for (size_t i = 0; txn_find(t, CLASS_PIF, ref) && i < G_N_ELEMENTS(fields);
         i++) {
        const struct field *f = model_field(c->x->model, fields[i]);
        VALUE_AUTO *v = record_value(old, f);
        store_set(t, ref, f, v);
    }
    store_commit(t, NULL);
    apply(c, ref, NULL);
}

static int reconfigure(struct ctx *c,
                       void (*write)(struct ctx *c, struct txn *t,
                                     const char *ref))
{
    ERR_AUTO err = { 0 }, scan = { 0 };
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *old = may_change(c, s);
    if (!old)
        return -1;
    const char *ref = record_ref(old);
    struct txn *t = store_begin(c->x->store);
    write(c, t, ref);
    if (ctx_commit(c, t) < 0)
        return -1;
    if (apply(c, ref, &err) < 0) {
        restore(c, old);
        return pif_failed(ref, &err, c->fault);
    }
    network_scan(c->x, &scan); /* what DHCP gave */
    return 0;
}

int handle_PIF_reconfigure_ip(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return check4(c) < 0 ? -1 : reconfigure(c, write4);
}

int handle_PIF_reconfigure_ipv6(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return check6(c) < 0 ? -1 : reconfigure(c, write6);
}
