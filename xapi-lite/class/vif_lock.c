/* XenAPI VIF: what a guest may send, and what its cards need of the host (way
 * B). */
#include <string.h>
#include <sys/socket.h>

#include "class/network.h"
#include "class/vm.h"

/* ---- the rule of one card
 * ------------------------------------------------------------------- */

static enum net_lock lock_of(const struct snapshot *s, const struct record *vif)
{
    const char *word = record_str(vif, F_VIF_locking_mode);
    const struct record *net =
        snapshot_find(s, CLASS_network, record_str(vif, F_VIF_network));
    if (!strcmp(word, "network_default") && net)
        word = record_str(net, F_network_default_locking_mode);
    if (!strcmp(word, "locked"))
        return NET_LOCKED;
    return !strcmp(word, "disabled") ? NET_DISABLED : NET_UNLOCKED;
}

/* Members of a set of texts, ending with NULL; borrowed from r. */
static GPtrArray *texts_of(const struct record *r, enum field_id f)
{
    GPtrArray *out = g_ptr_array_new();
    for (size_t i = 0; i < record_count(r, f); i++)
        g_ptr_array_add(out, (char *)record_item(r, f, i));
    g_ptr_array_add(out, NULL);
    return out;
}

static int apply(struct xapi *x, const struct snapshot *s,
                 const struct record *vif, int64_t domid, enum net_lock lock,
                 struct err *err)
{
    g_autoptr(GPtrArray) ipv4 = texts_of(vif, F_VIF_ipv4_allowed);
    g_autoptr(GPtrArray) ipv6 = texts_of(vif, F_VIF_ipv6_allowed);
    const struct record *net =
        snapshot_find(s, CLASS_network, record_str(vif, F_VIF_network));
    const char *bridge = net ? record_str(net, F_network_bridge) : "";
    g_autofree char *device =
        g_strdup_printf("vif%d.%s", (int)domid, record_str(vif, F_VIF_device));
    struct net_rule rule = {
        .device = device,
        .bridge = bridge,
        .mac = record_str(vif, F_VIF_MAC),
        .lock = lock,
        .ipv4 = (const char *const *)ipv4->pdata,
        .ipv6 = (const char *const *)ipv6->pdata,
    };
    return net_backend_of(bridge, networks_backend(x))->lock(&rule, err);
}

static int64_t domid_of(const struct snapshot *s, const struct record *vif)
{
    const struct record *vm =
        snapshot_find(s, CLASS_VM, record_str(vif, F_VIF_VM));
    return vm ? record_int(vm, F_VM_domid) : -1;
}

int vif_lock(struct xapi *x, const char *ref, struct fault *f)
{
    ERR_AUTO err = { 0 };
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *vif = snapshot_find(s, CLASS_VIF, ref);
    int64_t domid = vif ? domid_of(s, vif) : -1;
    if (domid < 1 || !record_bool(vif, F_VIF_currently_attached))
        return 0;
    if (apply(x, s, vif, domid, lock_of(s, vif), &err) == 0)
        return 0;
    return fault_set(f, "CANNOT_PLUG_VIF", ref, err.message, NULL);
}

void vif_unlock(struct xapi *x, const char *ref)
{
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *vif = snapshot_find(s, CLASS_VIF, ref);
    int64_t domid = vif ? domid_of(s, vif) : -1;
    if (domid > 0 && lock_of(s, vif) != NET_UNLOCKED)
        apply(x, s, vif, domid, NET_UNLOCKED, NULL);
}

/* ---- all cards of a VM
 * ------------------------------------------------------------------- */

static const struct record *vif_at(const struct snapshot *s,
                                   const struct record *vm, size_t i)
{
    return snapshot_find(s, CLASS_VIF, record_item(vm, F_VM_VIFs, i));
}

bool vif_lock_wanted(const struct snapshot *s, const struct record *vm)
{
    for (size_t i = 0; i < record_count(vm, F_VM_VIFs); i++) {
        const struct record *vif = vif_at(s, vm, i);
        if (vif && lock_of(s, vif) != NET_UNLOCKED)
            return true;
    }
    return false;
}

int vif_lock_all(struct xapi *x, const char *ref, uint32_t domid,
                 struct fault *f)
{
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *vm = snapshot_find(s, CLASS_VM, ref);
    for (size_t i = 0; vm && i < record_count(vm, F_VM_VIFs); i++) {
        ERR_AUTO err = { 0 };
        const struct record *vif = vif_at(s, vm, i);
        enum net_lock lock = vif ? lock_of(s, vif) : NET_UNLOCKED;
        if (lock != NET_UNLOCKED && apply(x, s, vif, domid, lock, &err) < 0)
            return fault_set(f, "CANNOT_PLUG_VIF", record_ref(vif), err.message,
                             NULL);
    }
    return 0;
}

int vif_attach_all(struct xapi *x, const char *ref, struct fault *f)
{
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *vm = snapshot_find(s, CLASS_VM, ref);
    for (size_t i = 0; vm && i < record_count(vm, F_VM_VIFs); i++) {
        const struct record *vif = vif_at(s, vm, i);
        if (vif && network_attach(x, record_str(vif, F_VIF_network), f) < 0)
            return -1;
    }
    return 0;
}

void vif_release_all(struct xapi *x, const char *ref)
{
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *vm = snapshot_find(s, CLASS_VM, ref);
    for (size_t i = 0; vm && i < record_count(vm, F_VM_VIFs); i++) {
        const struct record *vif = vif_at(s, vm, i);
        if (vif)
            vif_unlock(x, record_ref(vif));
        if (vif)
            network_release(x, record_str(vif, F_VIF_network), ref);
    }
}

/* ---- messages
 * ------------------------------------------------------------------- */

/* Writes the field, then gives the card its rules; the old field comes back
 * when they cannot be had. */
static int change(struct ctx *c, enum field_id id, const struct value *v)
{
    const char *ref = arg_str(c, 0);
    const struct field *f = model_field(c->x->model, id);
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *old = ctx_find(c, s, CLASS_VIF, ref);
    if (!old)
        return -1;
    struct txn *t = store_begin(c->x->store);
    store_set(t, ref, f, v);
    if (ctx_commit(c, t) < 0)
        return -1;
    if (vif_lock(c->x, ref, c->fault) == 0)
        return 0;
    VALUE_AUTO *was = record_value(old, f);
    t = store_begin(c->x->store);
    if (txn_find(t, CLASS_VIF, ref))
        store_set(t, ref, f, was);
    store_commit(t, NULL);
    return -1;
}

static int check_ip(struct ctx *c, enum field_id id, const char *text)
{
    bool v6 = id == F_VIF_ipv6_allowed;
    return net_is_ip(v6 ? AF_INET6 : AF_INET, text, false)
               ? 0
               : ctx_fault(c, "INVALID_IP_ADDRESS_SPECIFIED",
                           v6 ? "ipv6_allowed" : "ipv4_allowed");
}

static int set_allowed(struct ctx *c, enum field_id id)
{
    for (size_t i = 0; i < value_count(arg(c, 1)); i++)
        if (check_ip(c, id, value_get_string(value_item_at(arg(c, 1), i))) < 0)
            return -1;
    return change(c, id, arg(c, 1));
}

/* The set with one member more or less. */
static int change_allowed(struct ctx *c, enum field_id id, bool more)
{
    const char *text = arg_str(c, 1);
    VALUE_AUTO *set = value_array();
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vif = ctx_find(c, s, CLASS_VIF, arg_str(c, 0));
    if (!vif || (more && check_ip(c, id, text) < 0))
        return -1;
    for (size_t i = 0; i < record_count(vif, id); i++)
        if (strcmp(record_item(vif, id, i), text))
            value_push(set, value_string(record_item(vif, id, i)));
    if (more)
        value_push(set, value_string(text));
    return change(c, id, set);
}

#define ALLOWED(message, call)                                                 \
    int handle_VIF_##message(struct ctx *c, struct value **result_out)         \
    {                                                                          \
        (void)result_out;                                                      \
        return call;                                                           \
    }
ALLOWED(set_locking_mode, change(c, F_VIF_locking_mode, arg(c, 1)))
ALLOWED(set_ipv4_allowed, set_allowed(c, F_VIF_ipv4_allowed))
ALLOWED(set_ipv6_allowed, set_allowed(c, F_VIF_ipv6_allowed))
ALLOWED(add_ipv4_allowed, change_allowed(c, F_VIF_ipv4_allowed, true))
ALLOWED(add_ipv6_allowed, change_allowed(c, F_VIF_ipv6_allowed, true))
ALLOWED(remove_ipv4_allowed, change_allowed(c, F_VIF_ipv4_allowed, false))
ALLOWED(remove_ipv6_allowed, change_allowed(c, F_VIF_ipv6_allowed, false))

int handle_network_set_default_locking_mode(struct ctx *c,
                                            struct value **result_out)
{
    (void)result_out;
    struct txn *t = store_begin(c->x->store);
    if (!ctx_txn_find(c, t, CLASS_network, arg_str(c, 0))) {
        store_rollback(t);
        return -1;
    }
    store_set_str(t, arg_str(c, 0), F_network_default_locking_mode,
                  arg_str(c, 1));
    if (ctx_commit(c, t) < 0)
        return -1;
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *net = snapshot_find(s, CLASS_network, arg_str(c, 0));
    for (size_t i = 0; net && i < record_count(net, F_network_VIFs); i++)
        if (vif_lock(c->x, record_item(net, F_network_VIFs, i), c->fault) < 0)
            return -1;
    return 0;
}
