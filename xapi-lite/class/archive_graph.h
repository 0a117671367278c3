/* The objects of ova.xml: which ones belong to a VM, and under which ids.
 * Private to class/. */
#ifndef XAPI_ARCHIVE_GRAPH_H
#define XAPI_ARCHIVE_GRAPH_H

#include "store/store.h"

struct archive_graph;

enum {
    GRAPH_SNAPSHOTS = 1, /* also the snapshots of the VMs */
    GRAPH_NO_VIFS = 2,
    GRAPH_NO_VBDS = 4,
};

struct archive_graph *archive_graph_new(const struct snapshot *s,
                                        unsigned flags);
void archive_graph_free(struct archive_graph *g);
/* The VM and all it leads to. */
void archive_graph_add(struct archive_graph *g, const char *vm);
/* "Ref:4" of an object, or NULL. Borrowed. */
const char *archive_graph_id(const struct archive_graph *g, const char *ref);
/* References of the VDIs of its disks (not CDs) in the order of their ids as
 * texts, each once. Borrowed texts; caller frees the array. */
GPtrArray *archive_graph_disks(const struct archive_graph *g);
/* The objects as ova.xml lists them: halted, references as ids. */
struct value *archive_graph_objects(const struct archive_graph *g);

#endif
