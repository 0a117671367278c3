/* The counters that Dom0's kernel keeps for the guests' interfaces and disks:
 * /proc/net/dev and sysfs. A file that is missing costs its own number, never
 * the sample. */
#ifndef TOP_COUNTERS_H
#define TOP_COUNTERS_H

#include "top/sample.h"

struct owned_net {
    uint32_t domid;
    struct net net; /* texts borrowed from the sample given */
};

struct owned_vbd {
    uint32_t domid;
    struct vbd vbd;
};

struct counters;

/* `root` is "" or a folder that stands for / in tests. */
struct counters *counters_open(const char *root);
void counters_close(struct counters *c); /* NULL is fine */
/* Appends one owned_net per interface of a guest, in the kernel's order. */
void counters_nets(struct counters *c, struct sample *s, GArray *out);
/* Appends one owned_vbd per back end of a disk, in the kernel's order. */
void counters_vbds(struct counters *c, GArray *out);
/* ns, -1 when not known. */
int64_t counters_dom0_steal(struct counters *c);
/* Seconds since Dom0 started, -1 when not known. */
int64_t counters_dom0_uptime(struct counters *c);

#endif
