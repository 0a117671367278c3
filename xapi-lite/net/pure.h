/* The pure parts of net/: texts for other programs, and texts of theirs. */
#ifndef XAPI_NET_PURE_H
#define XAPI_NET_PURE_H

#include "net/net.h"

/* The commands for nft: the rules of one card instead of those it had. Caller
 * frees. */
char *net_nft_rules(const struct net_rule *r);
/* The commands for nft that take a card's rules away. */
char *net_nft_drop(const char *device);
/* Flows for `ovs-ofctl --bundle add-flows`, which begin by deleting the card's
 * earlier ones. */
char *net_ovs_flows(const struct net_rule *r, unsigned port);
uint64_t net_ovs_cookie(const char *device);
/* What `ovs-appctl bond/show` says. False: it is no such text. */
bool net_ovs_bond_parse(const char *text, struct net_bond_state *out);
/* Lines of `ovs-vsctl list-br` and the like: whether `name` is one of them. */
bool net_has_line(const char *text, const char *name);

/* The gateway of the default route through a link, in the text of
 * /proc/net/route and /proc/net/ipv6_route; NULL: there is none. Caller frees.
 */
char *net_gateway4_of(const char *proc_net_route, const char *device);
char *net_gateway6_of(const char *proc_net_ipv6_route, const char *device);

#endif
