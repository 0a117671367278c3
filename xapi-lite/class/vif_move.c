/* XenAPI VIF.move: to another network, the guest's card staying plugged (way
 * B). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "class/network.h"
#include "driver/driver.h"

struct move {
    struct ctx *c;
    const char *vif;             /* reference */
    const char *from, *to;       /* references of networks */
    const char *old, *new;       /* names of their bridges */
    const struct net_backend *b; /* of both */
    uint32_t domid;
    int devid;
};

/* The guest's card and, of an HVM guest, the emulated one beside it. */
static int for_links(const struct move *m, const char *bridge,
                     int (*fn)(const char *bridge, const char *device,
                               struct err *err),
                     struct err *err)
{
    static const char *const ends[] = { "", "-emu" };
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        char device[32];
        g_snprintf(device, sizeof device, "vif%u.%d%s", m->domid, m->devid,
                   ends[i]);
        if (net_exists(device) && fn(bridge, device, err) < 0)
            return -1;
    }
    return 0;
}

static int set_network(struct ctx *c, const char *vif, const char *network)
{
    struct txn *t = store_begin(c->x->store);
    if (txn_find(t, CLASS_VIF, vif))
        store_set_str(t, vif, F_VIF_network, network);
    return ctx_commit(c, t);
}

/* Back to where it was. */
static int give_up(const struct move *m, struct err *err)
{
    for_links(m, m->new, m->b->port_remove, NULL);
    for_links(m, m->old, m->b->port_add, NULL);
    set_network(m->c, m->vif, m->from);
    vif_lock(m->c->x, m->vif, NULL);
    network_release(m->c->x, m->to, NULL);
    return ctx_fault(m->c, "CANNOT_PLUG_VIF", m->vif, err->message);
}

/* While its rules change it is on no bridge. Those of a Linux bridge can be
 * made before it joins; Open vSwitch must know the port first. */
static int move_live(const struct move *m)
{
    ERR_AUTO err = { 0 };
    struct ctx *c = m->c;
    if (network_attach(c->x, m->to, c->fault) < 0)
        return -1;
    if (for_links(m, m->old, m->b->port_remove, &err) < 0)
        return give_up(m, &err);
    vif_unlock(c->x, m->vif);
    if (set_network(c, m->vif, m->to) < 0)
        return -1;
    if (m->b == &net_bridge && vif_lock(c->x, m->vif, c->fault) < 0)
        return -1;
    if (for_links(m, m->new, m->b->port_add, &err) < 0 ||
        driver_nic_bridge(m->domid, m->devid, m->new, &err) < 0)
        return give_up(m, &err);
    if (vif_lock(c->x, m->vif, c->fault) < 0) {
        vif_unplug(c, m->vif, true); /* rather no card than a free one */
        return -1;
    }
    network_release(c->x, m->from, NULL);
    return 0;
}

/* Between a Linux bridge and Open vSwitch the card must come anew. */
static int move_anew(const struct move *m)
{
    if (vif_unplug(m->c, m->vif, false) < 0 ||
        set_network(m->c, m->vif, m->to) < 0)
        return -1;
    return vif_plug(m->c, m->vif);
}

static const char *bridge_of(const struct snapshot *s, const char *network)
{
    const struct record *r = snapshot_find(s, CLASS_network, network);
    return r ? record_str(r, F_network_bridge) : "";
}

int handle_VIF_move(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    const char *ref = arg_str(c, 0), *to = arg_str(c, 1);
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vif = ctx_find(c, s, CLASS_VIF, ref);
    if (!vif || !ctx_find(c, s, CLASS_network, to))
        return -1;
    const char *from = record_str(vif, F_VIF_network);
    if (!record_bool(vif, F_VIF_currently_attached))
        return set_network(c, ref, to);
    if (!strcmp(from, to))
        return 0;
    const struct record *vm =
        ctx_find(c, s, CLASS_VM, record_str(vif, F_VIF_VM));
    if (!vm)
        return -1;
    const char *host = networks_backend(c->x);
    struct move m = {
        .c = c,
        .vif = ref,
        .from = from,
        .to = to,
        .old = bridge_of(s, from),
        .new = bridge_of(s, to),
        .b = net_backend_of(bridge_of(s, from), host),
        .domid = (uint32_t)record_int(vm, F_VM_domid),
        .devid = atoi(record_str(vif, F_VIF_device)),
    };
    return net_backend_of(m.new, host) == m.b ? move_live(&m) : move_anew(&m);
}
