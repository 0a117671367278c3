/* The networks of this host as the classes ask for them: cards, bridges, VLANs,
 * bonds, tunnels, addresses, and what guests may send. Knows netlink, Open
 * vSwitch and nftables, never the store. Names of links are at most 15
 * characters. Failures set err with a sentence. */
#ifndef XAPI_NET_H
#define XAPI_NET_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum { NET_NAME = 16, NET_IP = 46 };

/* ---- what is there --------------------------------------------------------
 */

enum net_kind { NET_CARD, NET_BRIDGE, NET_VLAN, NET_BOND, NET_OTHER };

struct nic_found {
    char device[NET_NAME], mac[18];
    enum net_kind kind;
    bool physical, is_bridge, carrier, up;
    int mtu, speed; /* Mbit/s, 0 unknown */
    bool duplex;
    char bridge[NET_NAME]; /* of which it is a port, or "" */
    char bond[NET_NAME];   /* of which it is a leg, or "" */
    char pci[16];          /* 0000:00:03.0, or "" */
    char ip[NET_IP], netmask[NET_IP], gateway[NET_IP];
};

/* Array of struct nic_found: this host's network cards and bridges. Never
 * fails; empty at worst. Caller frees. */
GArray *net_scan(void);
/* The one with this name, or NULL. */
const struct nic_found *net_found(const GArray *nics, const char *device);
bool net_exists(const char *device);
/* Bytes since the link came up; false when there is no such link. */
bool net_counters(const char *device, uint64_t *rx_out, uint64_t *tx_out);
/* Why taking this link's addresses away would cut somebody off ("the default
 * route", "a connection to 10.0.0.2:22"), or NULL. Caller frees. */
char *net_in_use(const char *device);
/* Pure: the first established connection to one of the addresses (array of
 * texts) in the text of /proc/net/tcp or tcp6, as "1.2.3.4:22" or
 * "[fd00::1]:22"; or NULL. Caller frees. */
char *net_connection_of(const char *proc_net_tcp, const GPtrArray *ips);

/* Calls fn, from a thread of its own, some time after links or addresses have
 * changed. NULL when the kernel does not tell. */
struct net_watch;
struct net_watch *net_watch_open(void (*fn)(void *user), void *user);
/* No fn() runs after this returns. */
void net_watch_close(struct net_watch *w);

/* ---- links (netlink) -------------------------------------------------------
 */

int net_link_up(const char *device, bool up, struct err *err);
int net_link_mtu(const char *device, int mtu, struct err *err);
int net_link_mac(const char *device, const char *mac, struct err *err);
/* No error when it is not there. */
int net_link_delete(const char *device, struct err *err);
/* master NULL: of none. */
int net_link_master(const char *device, const char *master, struct err *err);

/* ---- addresses -------------------------------------------------------------
 */

enum net_ip_mode { NET_IP_NONE, NET_IP_STATIC, NET_IP_DHCP, NET_IP_AUTO };

struct net_ip {
    enum net_ip_mode mode, mode6;
    const char *ip, *netmask, *gateway; /* of IPv4; "" none */
    const char *ip6, *gateway6;         /* address/prefix */
    const char *dns;                    /* separated by commas; "" leave */
};
/* Gives the link exactly these addresses, default routes and name servers. */
int net_ip_apply(const char *device, const struct net_ip *ip, struct err *err);
/* Takes its addresses away, with the routes through it, and ends its DHCP
 * client. */
int net_ip_clear(const char *device, struct err *err);
/* Pure: length of a mask such as 255.255.255.0, or -1. */
int net_prefix_of_mask(const char *mask);
/* Pure: whether the text is an address of this family (AF_INET, AF_INET6);
 * with_prefix: followed by /LENGTH. */
bool net_is_ip(int family, const char *text, bool with_prefix);

/* ---- back ends -------------------------------------------------------------
 */

struct net_bond {
    const char *name, *mac;     /* mac: of the first member when NULL or "" */
    const char *const *members; /* ends with NULL */
    const char *mode;           /* active-backup, balance-slb, lacp */
    const char *bridge;         /* of which it becomes a port */
    int mtu;
};

struct net_vlan {
    const char *device; /* that carries the tagged frames */
    const char *trunk;  /* bridge of the device */
    const char *bridge; /* of the VLAN */
    const char *mac;    /* of that bridge */
    int tag, mtu;
};

struct net_tunnel {
    const char *name, *bridge;
    const char *protocol; /* gre, vxlan */
    const char *local, *remote;
    uint32_t key;
};

struct net_bond_state {
    int links_up;
    char active[NET_NAME]; /* "" when there is none, or several */
};

/* What one guest's card may send. */
enum net_lock { NET_UNLOCKED, NET_LOCKED, NET_DISABLED };
struct net_rule {
    const char *device; /* vif5.0 */
    const char *bridge, *mac;
    enum net_lock lock;
    const char *const *ipv4, *const *ipv6; /* end with NULL */
};

/* All of them reach the state they name from any state before: what is there
 * already is left as it is, what is gone already is no error. */
struct net_backend {
    const char *name;       /* bridge, openvswitch */
    const char *vif_script; /* NULL: the default of libxl */
    bool (*has)(const char *bridge);
    int (*bridge_up)(const char *bridge, const char *mac, int mtu,
                     struct err *err);
    /* A bridge that still has ports stays: somebody else uses it. */
    int (*bridge_down)(const char *bridge, struct err *err);
    int (*port_add)(const char *bridge, const char *device, struct err *err);
    int (*port_remove)(const char *bridge, const char *device, struct err *err);
    int (*vlan_up)(const struct net_vlan *v, struct err *err);
    int (*vlan_down)(const struct net_vlan *v, struct err *err);
    int (*bond_up)(const struct net_bond *b, struct err *err);
    int (*bond_down)(const struct net_bond *b, struct err *err);
    int (*bond_state)(const char *name, struct net_bond_state *out);
    int (*tunnel_up)(const struct net_tunnel *t, struct err *err);
    int (*tunnel_down)(const struct net_tunnel *t, struct err *err);
    /* NET_UNLOCKED also after the card has gone. */
    int (*lock)(const struct net_rule *r, struct err *err);
};

extern const struct net_backend net_bridge, net_ovs;
/* By name, or NULL. */
const struct net_backend *net_backend_find(const char *name);
/* The one a bridge belongs to; where there is no such bridge, the one called
 * `host` (NULL: the Linux bridge). */
const struct net_backend *net_backend_of(const char *bridge, const char *host);
#endif
