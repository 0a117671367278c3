/* XenAPI network: made, used by guests, destroyed (way B). */
#include "class/network.h"

#include <string.h>

#include "class/vm.h"

struct networks {
    GRecMutex lock;
    const char *backend;
    struct net_watch *watch;
};

struct networks *networks_open(const char *backend)
{
    struct networks *n = g_new0(struct networks, 1);
    g_rec_mutex_init(&n->lock);
    n->backend = backend ? backend : net_bridge.name;
    return n;
}

void networks_close(struct networks *n)
{
    if (!n)
        return;
    g_rec_mutex_clear(&n->lock);
    g_free(n);
}

static void changed(void *user)
{
    network_refresh(user);
}

void networks_watch(struct xapi *x)
{
    x->networks->watch = net_watch_open(changed, x);
}

void network_stop(struct xapi *x)
{
    if (x->networks)
        g_clear_pointer(&x->networks->watch, net_watch_close);
}

void networks_lock(struct xapi *x)
{
    g_rec_mutex_lock(&x->networks->lock);
}

void networks_unlock(struct xapi *x)
{
    g_rec_mutex_unlock(&x->networks->lock);
}

const char *networks_backend(const struct xapi *x)
{
    return x->networks->backend;
}

/* ---- records
 * ------------------------------------------------------------------- */

struct search {
    const char *bridge, *except;
    bool hit;
};

static void look(struct txn *t, const struct record *r, void *user)
{
    struct search *q = user;
    (void)t;
    if (!strcmp(record_str(r, F_network_bridge), q->bridge) &&
        (!q->except || strcmp(record_ref(r), q->except)))
        q->hit = true;
}

static bool bridge_taken(struct txn *t, const char *bridge, const char *except)
{
    struct search q = { bridge, except, false };
    txn_each(t, CLASS_network, look, &q);
    return q.hit;
}

char *network_free_bridge(struct txn *t)
{
    for (int i = 0;; i++) {
        g_autofree char *name = g_strdup_printf("xapi%d", i);
        if (!bridge_taken(t, name, NULL) && !net_exists(name))
            return g_steal_pointer(&name);
    }
}

static bool is_link_name(const char *s)
{
    size_t n = strlen(s);
    return n > 0 && n < NET_NAME && strcmp(s, ".") && strcmp(s, "..") &&
           !strpbrk(s, "/: \t\n");
}

/* Fills what the client left out of a new network. */
static int settle(struct ctx *c, struct txn *t, const char *ref)
{
    const struct record *r = txn_find(t, CLASS_network, ref);
    const char *bridge = record_str(r, F_network_bridge);
    int64_t mtu = record_int(r, F_network_MTU);
    if (mtu < 68 || mtu > 65520) {
        g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, mtu);
        return ctx_fault(c, "INVALID_VALUE", "MTU", text);
    }
    if (!*bridge) {
        g_autofree char *name = network_free_bridge(t);
        store_set_str(t, ref, F_network_bridge, name);
        return 0;
    }
    if (!is_link_name(bridge))
        return ctx_fault(c, "INVALID_VALUE", "bridge", bridge);
    return bridge_taken(t, bridge, ref)
               ? ctx_fault(c, "BRIDGE_NAME_EXISTS", bridge)
               : 0;
}

int handle_network_create(struct ctx *c, struct value **result_out)
{
    struct txn *t = store_begin(c->x->store);
    g_autofree char *ref = g_strdup(store_create(t, CLASS_network, NULL, NULL));
    if (ctx_fill(c, t, model_class(c->x->model, CLASS_network), ref,
                 arg(c, 0)) < 0 ||
        settle(c, t, ref) < 0) {
        store_rollback(t);
        return -1;
    }
    *result_out = value_string(ref);
    return ctx_commit(c, t);
}

int handle_network_destroy(struct ctx *c, struct value **result_out)
{
    ERR_AUTO err = { 0 };
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *net = ctx_find(c, s, CLASS_network, arg_str(c, 0));
    if (!net)
        return -1;
    if (record_count(net, F_network_PIFs))
        return ctx_fault(c, "NETWORK_CONTAINS_PIF",
                         record_item(net, F_network_PIFs, 0));
    if (record_count(net, F_network_VIFs))
        return ctx_fault(c, "NETWORK_CONTAINS_VIF",
                         record_item(net, F_network_VIFs, 0));
    const char *bridge = record_str(net, F_network_bridge);
    if (!c->x->config.no_xen && record_bool(net, F_network_managed) &&
        net_backend_of(bridge, NULL)->bridge_down(bridge, &err) < 0)
        return ctx_err(c, &err);
    return ctx_implicit(c, result_out);
}

/* ---- in use
 * ------------------------------------------------------------------- */

const struct record *network_vif_in_use(const struct snapshot *s,
                                        const struct record *network)
{
    for (size_t i = 0; i < record_count(network, F_network_VIFs); i++) {
        const struct record *vif = snapshot_find(
            s, CLASS_VIF, record_item(network, F_network_VIFs, i));
        if (vif && record_bool(vif, F_VIF_currently_attached))
            return vif;
    }
    return NULL;
}

static int make_bridge(struct xapi *x, const struct record *net,
                       struct fault *f)
{
    ERR_AUTO err = { 0 };
    const char *bridge = record_str(net, F_network_bridge);
    const struct net_backend *b = net_backend_of(bridge, networks_backend(x));
    if (b->has(bridge))
        return 0;
    if (!record_bool(net, F_network_managed))
        return fault_set(f, "HOST_CANNOT_ATTACH_NETWORK", x->host_ref,
                         record_ref(net), "its bridge is not there", NULL);
    if (b->bridge_up(bridge, NULL, (int)record_int(net, F_network_MTU), &err) ==
        0)
        return 0;
    return fault_set(f, "HOST_CANNOT_ATTACH_NETWORK", x->host_ref,
                     record_ref(net), err.message, NULL);
}

int network_attach(struct xapi *x, const char *network, struct fault *f)
{
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *net = snapshot_find(s, CLASS_network, network);
    const struct record *pif = NULL;
    if (!net)
        return fault_set(f, "HANDLE_INVALID", "network", network, NULL);
    if (record_count(net, F_network_PIFs))
        pif = snapshot_find(s, CLASS_PIF, record_item(net, F_network_PIFs, 0));
    networks_lock(x);
    int r = 0;
    if (pif && record_bool(pif, F_PIF_managed) &&
        !record_bool(pif, F_PIF_currently_attached))
        r = pif_plug(x, record_ref(pif), false, f);
    else
        r = make_bridge(x, net, f);
    networks_unlock(x);
    return r;
}

/* A guest that is about to start has no card there yet, but wants the bridge.
 */
static bool wanted_by_others(const struct snapshot *s,
                             const struct record *network, const char *vm)
{
    for (size_t i = 0; i < record_count(network, F_network_VIFs); i++) {
        const struct record *vif = snapshot_find(
            s, CLASS_VIF, record_item(network, F_network_VIFs, i));
        const char *owner = vif ? record_str(vif, F_VIF_VM) : "";
        const struct record *r = snapshot_find(s, CLASS_VM, owner);
        if (!r || (vm && !strcmp(owner, vm)))
            continue;
        if (record_bool(vif, F_VIF_currently_attached) ||
            record_count(r, F_VM_current_operations))
            return true;
    }
    return false;
}

void network_release(struct xapi *x, const char *network, const char *vm)
{
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *net = snapshot_find(s, CLASS_network, network);
    if (x->config.no_xen || !net || !record_bool(net, F_network_managed) ||
        record_count(net, F_network_PIFs) || wanted_by_others(s, net, vm))
        return;
    const char *bridge = record_str(net, F_network_bridge);
    networks_lock(x);
    net_backend_of(bridge, NULL)->bridge_down(bridge, NULL);
    networks_unlock(x);
}
