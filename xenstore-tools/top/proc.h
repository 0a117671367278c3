/* What Dom0's kernel tells in /proc and in names of sysfs. Pure: text in,
 * numbers out. */
#ifndef TOP_PROC_H
#define TOP_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "top/sample.h"

struct proc_netdev {
    char name[64];
    uint64_t rx_bytes, rx_packets, rx_errors, rx_drops;
    uint64_t tx_bytes, tx_packets, tx_errors, tx_drops;
};

/* One line of /proc/net/dev, without its newline. False for the two header
 * lines and for what is no such line. Source: Documentation of proc(5). */
bool proc_netdev_parse(const char *line, size_t len, struct proc_netdev *out);

/* A guest's interface in Dom0: its nodename "backend/vif/DOMID/ID" (NULL where
 * there is none), else its name "vifDOMID.ID", which also an emulated card's
 * "vifDOMID.ID-emu" begins with. */
bool proc_vif_parse(const char *nodename, const char *ifname, uint32_t *domid,
                    uint32_t *id);

/* A back end's folder in sysfs: "vbd-DOMID-ID" or "tap-DOMID-ID". */
bool proc_vbd_parse(const char *folder, uint32_t *domid, uint32_t *id,
                    uint64_t *kind);

/* Steal time of all of Dom0's VCPUs from the text of /proc/stat, in ticks of
 * `hz` a second, as ns; -1 when it is not told. */
int64_t proc_steal_parse(const char *text, long hz);

/* An unsigned decimal number and nothing else but white space at its end. */
bool proc_number_parse(const char *text, uint64_t *out);

#endif
