/* Networks of this host, for those who use them: bridges that exist when a
 * guest needs them. Private to class/. */
#ifndef XAPI_NETWORK_H
#define XAPI_NETWORK_H

#include "class/handler.h"
#include "net/net.h"

/* One change of the host's networks at a time: held around every look at links
 * that is followed by a change. */
struct networks;
struct networks *networks_open(const char *backend);
void networks_close(struct networks *n);
void networks_lock(struct xapi *x);
void networks_unlock(struct xapi *x);
/* "bridge" or "openvswitch": for bridges that are not there yet. */
const char *networks_backend(const struct xapi *x);

/* Brings the records in line with the bridges and cards that are there: makes
 * missing ones, deletes none. */
int network_scan(struct xapi *x, struct err *err);
/* Writes what has changed by itself: carriers, speeds, addresses of DHCP, links
 * of bonds. */
void network_refresh(struct xapi *x);
/* Plugs the PIFs that were plugged before and gives running guests their rules
 * again, then follows the kernel; failures are only logged. */
void network_start(struct xapi *x);
/* Ends what network_start began. */
void network_stop(struct xapi *x);
void networks_watch(struct xapi *x);
/* Makes the bridge of the network, or plugs its PIF, if that is not done. */
int network_attach(struct xapi *x, const char *network, struct fault *f);
/* Removes the bridge of an internal network that no guest uses any more; the
 * guest that leaves it (or NULL) does not count. */
void network_release(struct xapi *x, const char *network, const char *vm);
/* The first free name xapi0, xapi1, ... Caller frees. */
char *network_free_bridge(struct txn *t);
/* A VIF of a running guest on this network, or NULL. */
const struct record *network_vif_in_use(const struct snapshot *s,
                                        const struct record *network);

/* ---- PIFs ------------------------------------------------------------------
 */

/* Configures the kernel and notes it; nothing happens when it is so already.
 * force: even if somebody is cut off. */
int pif_plug(struct xapi *x, const char *pif, bool force, struct fault *f);
int pif_unplug(struct xapi *x, const char *pif, bool force, struct fault *f);
/* Whether other_config allows that somebody is cut off. */
bool pif_forced(const struct record *pif);
/* Fails when the link carries the default route or somebody's connection. */
int pif_guard(const char *pif, const char *device, struct fault *f);
/* PIF_CONFIGURATION_ERROR with the sentence of err, which is disposed. */
int pif_failed(const char *pif, struct err *err, struct fault *f);
/* The addresses in the records' words; borrows from r. */
void pif_ip_of(const struct record *r, struct net_ip *out);
/* A new PIF with the fields every kind has; its ref, of the transaction. */
const char *pif_new(struct xapi *x, struct txn *t, const char *device,
                    const char *network);
/* The PIF of a device (its untagged one), or NULL. */
const struct record *pif_of_device(struct txn *t, const char *device);
/* The bridge of the PIF's network, or "". */
const char *pif_bridge(const struct snapshot *s, const struct record *pif);
/* Deletes a PIF's record and its metrics. */
void pif_drop(struct txn *t, const char *pif);
/* The network's record fits for a new PIF: NETWORK_ALREADY_CONNECTED. */
int pif_check_network(struct ctx *c, struct txn *t, const char *network);

/* VLAN.destroy and PIF.destroy. */
int vlan_destroy(struct ctx *c, const char *vlan);

/* ---- what guests may send --------------------------------------------------
 */

/* Gives each card of a running guest its rules. */
int vif_lock_all(struct xapi *x, const char *vm, uint32_t domid,
                 struct fault *f);
/* Whether any card of the VM has rules, so that it must not run before. */
bool vif_lock_wanted(const struct snapshot *s, const struct record *vm);
int vif_lock(struct xapi *x, const char *vif, struct fault *f);
/* Takes the rules of one card away, or of all a VM had. */
void vif_unlock(struct xapi *x, const char *vif);

/* ---- the address that the guest's agent shall use --------------------------
 */

/* Runs fn on the card if it is plugged into a guest that is up; on all cards of
 * a VM that is starting as this domain. */
typedef void vif_fn(const struct snapshot *s, const struct record *vif,
                    uint32_t domid);
void vif_with(struct xapi *x, const char *vif, vif_fn *fn);
void vif_each(struct xapi *x, const char *vm, uint32_t domid, vif_fn *fn);

/* Tells the guest of this card, if it is plugged; of all its cards that have
 * one, when it starts. Failures are only logged: the record is what counts. */
void vif_address(struct xapi *x, const char *vif);
void vif_address_all(struct xapi *x, const char *vm, uint32_t domid);

/* Gives the card's back end its MTU where the hotplug script does not; those
 * of all cards when the VM starts. Failures are only logged. */
void vif_mtu(struct xapi *x, const char *vif);
void vif_mtu_all(struct xapi *x, const char *vm, uint32_t domid);

/* ---- plugging --------------------------------------------------------------
 */

int vif_plug(struct ctx *c, const char *vif);
int vif_unplug(struct ctx *c, const char *vif, bool force);

/* Makes what all its cards need, before the guest is built. */
int vif_attach_all(struct xapi *x, const char *vm, struct fault *f);
/* After its end: no rules, no bridges of its own. */
void vif_release_all(struct xapi *x, const char *vm);

#endif
