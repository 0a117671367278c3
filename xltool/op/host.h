/* What the config language and the commands ask about the host. */
#ifndef OP_HOST_H
#define OP_HOST_H

#include "dom/dom.h"
#include "xen/ctx.h"

struct host {
    struct dom_host dom;
    uint32_t *cpu_node;
};

/* Fills host_out; an unopened x leaves the host unknown. conf (borrowed, may be
 * NULL) is what xl.conf says. */
void host_read(struct xen *x, const struct xlconf *conf, struct host *host_out);
void host_dispose(struct host *host);

/* The cpus that a list such as "0-3,^1", "node:0" or "all" names on this host.
 * map is initialised here; dispose it in any case. err quotes the list. */
int host_cpus(struct xen *x, const char *list, libxl_bitmap *map_out,
              struct err *err);

#endif
