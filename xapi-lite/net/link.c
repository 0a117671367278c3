/* Links of the kernel through netlink: made, joined, changed, deleted (way
 * B). */
#include <errno.h>
#include <net/if.h>
#include <netlink/route/route.h>
#include <stdarg.h>
#include <string.h>

#include "net/internal.h"

struct nl_sock *net_nl_open(struct err *err)
{
    struct nl_sock *s = nl_socket_alloc();
    int r = s ? nl_connect(s, NETLINK_ROUTE) : -NLE_NOMEM;
    if (r == 0)
        return s;
    if (s)
        nl_socket_free(s);
    net_nl_result(r, err, "cannot open a netlink socket");
    return NULL;
}

int net_nl_result(int r, struct err *err, const char *fmt, ...)
{
    if (r >= 0)
        return 0;
    va_list ap;
    va_start(ap, fmt);
    g_autofree char *text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    return err_set(err, ERR_IO, "%s: %s", text, nl_geterror(r));
}

bool net_exists(const char *device)
{
    return if_nametoindex(device) != 0;
}

int net_nl_add(struct rtnl_link *link, const char *name, struct err *err)
{
    NET_NL_AUTO *s = net_nl_open(err);
    int r = -1;
    rtnl_link_set_name(link, name);
    if (s) {
        r = rtnl_link_add(s, link, NLM_F_CREATE | NLM_F_EXCL);
        r = net_nl_result(r == -NLE_EXIST ? 0 : r, err, "cannot make %s", name);
    }
    rtnl_link_put(link);
    return r;
}

/* ---- changes
 * ------------------------------------------------------------------- */

typedef void change_fn(struct rtnl_link *change, const void *arg);

static int change(const char *device, change_fn *fn, const void *arg,
                  const char *what, struct err *err)
{
    NET_NL_AUTO *s = net_nl_open(err);
    struct rtnl_link *now = NULL, *wanted = rtnl_link_alloc();
    int r = s ? rtnl_link_get_kernel(s, 0, device, &now) : -1;
    if (r == 0) {
        fn(wanted, arg);
        r = rtnl_link_change(s, now, wanted, 0);
        rtnl_link_put(now);
    }
    rtnl_link_put(wanted);
    return s ? net_nl_result(r, err, "cannot %s %s", what, device) : -1;
}

static void set_up(struct rtnl_link *l, const void *arg)
{
    const bool *up = arg;
    if (*up)
        rtnl_link_set_flags(l, IFF_UP);
    else
        rtnl_link_unset_flags(l, IFF_UP);
}

int net_link_up(const char *device, bool up, struct err *err)
{
    return change(device, set_up, &up, up ? "bring up" : "bring down", err);
}

static void set_mtu(struct rtnl_link *l, const void *arg)
{
    rtnl_link_set_mtu(l, *(const unsigned *)arg);
}

int net_link_mtu(const char *device, int mtu, struct err *err)
{
    unsigned n = (unsigned)mtu;
    return mtu > 0 ? change(device, set_mtu, &n, "set the MTU of", err) : 0;
}

static void set_mac(struct rtnl_link *l, const void *arg)
{
    rtnl_link_set_addr(l, (struct nl_addr *)arg);
}

int net_link_mac(const char *device, const char *mac, struct err *err)
{
    struct nl_addr *a = NULL;
    int r = nl_addr_parse(mac, AF_LLC, &a);
    if (r < 0)
        return net_nl_result(r, err, "\"%s\" is no MAC address", mac);
    r = change(device, set_mac, a, "set the MAC address of", err);
    nl_addr_put(a);
    return r;
}

int net_link_delete(const char *device, struct err *err)
{
    NET_NL_AUTO *s = net_nl_open(err);
    struct rtnl_link *l = rtnl_link_alloc();
    int r = -1;
    if (s && net_exists(device)) {
        rtnl_link_set_name(l, device);
        rtnl_link_set_ifindex(l, (int)if_nametoindex(device));
        r = net_nl_result(rtnl_link_delete(s, l), err, "cannot delete %s",
                          device);
    } else if (s) {
        r = 0;
    }
    rtnl_link_put(l);
    return r;
}

int net_link_master(const char *device, const char *master, struct err *err)
{
    NET_NL_AUTO *s = net_nl_open(err);
    int slave = (int)if_nametoindex(device);
    int index = master ? (int)if_nametoindex(master) : 0;
    if (!s)
        return -1;
    if (!slave || (master && !index))
        return err_set(err, ERR_NOENT, "there is no network link %s",
                       slave ? master : device);
    if (master)
        return net_nl_result(rtnl_link_enslave_ifindex(s, index, slave), err,
                             "cannot make %s a port of %s", device, master);
    return net_nl_result(rtnl_link_release_ifindex(s, slave), err,
                         "cannot take %s out of its bridge", device);
}

int net_sysfs_write(const char *device, const char *file, const char *text,
                    struct err *err)
{
    g_autofree char *path =
        g_build_filename("/sys/class/net", device, file, NULL);
    FILE *f = fopen(path, "we");
    if (!f)
        return err_errno(err, ERR_IO, errno, "cannot open %s", path);
    int bad = fputs(text, f) < 0;
    if (fclose(f) != 0 || bad)
        return err_errno(err, ERR_IO, errno, "cannot write \"%s\" to %s", text,
                         path);
    return 0;
}
