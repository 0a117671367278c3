/* XenAPI VIF: the address that the guest's agent shall use (way B). */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "class/network.h"
#include "driver/driver.h"

static const char *first(const struct record *r, enum field_id f)
{
    return record_count(r, f) ? record_item(r, f, 0) : "";
}

static bool is_fixed(const struct record *vif, enum field_id mode)
{
    return !strcmp(record_str(vif, mode), "Static");
}

/* Of a guest that has never been told one, nothing is written. */
static bool was_told(const struct record *vif)
{
    return is_fixed(vif, F_VIF_ipv4_configuration_mode) ||
           is_fixed(vif, F_VIF_ipv6_configuration_mode);
}

static void tell(const struct snapshot *s, const struct record *vif,
                 uint32_t domid)
{
    (void)s;
    ERR_AUTO err = { 0 };
    bool v4 = is_fixed(vif, F_VIF_ipv4_configuration_mode);
    bool v6 = is_fixed(vif, F_VIF_ipv6_configuration_mode);
    struct nic_address a = {
        .devid = atoi(record_str(vif, F_VIF_device)),
        .mac = record_str(vif, F_VIF_MAC),
        .ip4 = v4 ? first(vif, F_VIF_ipv4_addresses) : "",
        .gateway4 = v4 ? record_str(vif, F_VIF_ipv4_gateway) : "",
        .ip6 = v6 ? first(vif, F_VIF_ipv6_addresses) : "",
        .gateway6 = v6 ? record_str(vif, F_VIF_ipv6_gateway) : "",
    };
    if (driver_nic_address(domid, &a, &err) < 0)
        g_warning("%s", err.message);
}

static void tell_again(const struct snapshot *s, const struct record *vif,
                       uint32_t domid)
{
    if (was_told(vif))
        tell(s, vif, domid);
}

void vif_address(struct xapi *x, const char *ref)
{
    vif_with(x, ref, tell);
}

void vif_address_all(struct xapi *x, const char *ref, uint32_t domid)
{
    vif_each(x, ref, domid, tell_again);
}

/* ---- messages
 * ------------------------------------------------------------------- */

static int configure(struct ctx *c, bool v6)
{
    const char *ref = arg_str(c, 0), *address = arg_str(c, 2);
    const char *gateway = arg_str(c, 3);
    bool fixed = !strcmp(arg_str(c, 1), "Static");
    int family = v6 ? AF_INET6 : AF_INET;
    enum field_id mode =
        v6 ? F_VIF_ipv6_configuration_mode : F_VIF_ipv4_configuration_mode;
    enum field_id addresses = v6 ? F_VIF_ipv6_addresses : F_VIF_ipv4_addresses;
    VALUE_AUTO *set = value_array();
    if (fixed && !net_is_ip(family, address, true))
        return ctx_fault(c, "INVALID_CIDR_ADDRESS_SPECIFIED", "address");
    if (fixed && *gateway && !net_is_ip(family, gateway, false))
        return ctx_fault(c, "INVALID_IP_ADDRESS_SPECIFIED", "gateway");
    struct txn *t = store_begin(c->x->store);
    if (!ctx_txn_find(c, t, CLASS_VIF, ref)) {
        store_rollback(t);
        return -1;
    }
    if (fixed)
        value_push(set, value_string(address));
    store_set_str(t, ref, mode, arg_str(c, 1));
    store_set(t, ref, model_field(c->x->model, addresses), set);
    store_set_str(t, ref, v6 ? F_VIF_ipv6_gateway : F_VIF_ipv4_gateway,
                  fixed ? gateway : "");
    if (ctx_commit(c, t) < 0)
        return -1;
    vif_address(c->x, ref);
    return 0;
}

int handle_VIF_configure_ipv4(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return configure(c, false);
}

int handle_VIF_configure_ipv6(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return configure(c, true);
}
