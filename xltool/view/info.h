/* What `xl info` shows: facts as an ordered object, and that object as the
 * original's "key : value" lines. Pure. */
#ifndef VIEW_INFO_H
#define VIEW_INFO_H

#include <glib.h>
#include <inttypes.h>
#include <libxl.h>
#include <sys/utsname.h>

#include "base/value.h"

/* Borrowed facts; a part that could not be read is NULL or negative. */
struct view_host {
    const struct utsname *uts;
    const libxl_physinfo *phys;
    const libxl_version_info *version;
    libxl_scheduler scheduler; /* negative: unknown */
    int free_cpus;
};

struct view_topology {
    const libxl_cputopology *cpus;
    int nr_cpus;
    const libxl_pcitopology *devices;
    int nr_devices;
    const libxl_numainfo *nodes;
    int nr_nodes;
};

struct value *view_info_host(const struct view_host *h); /* host..free_cpus */
struct value *view_info_xen(const struct view_host *h);  /* xen_major..end */

/* "key : value" lines; with `key`, only the values of keys that begin with
 * it. */
void view_info_text(GString *out, const struct value *facts, const char *key);
/* The three tables of -n. */
void view_info_topology_text(GString *out, const struct view_topology *t);
/* Adds cpu_topology, device_topology, numa_info to an object. */
void view_info_topology_value(struct value *facts,
                              const struct view_topology *t);

#endif
