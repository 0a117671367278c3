/* Which nodes of XenStore hold what xentop shows. The only file that reads
 * them. */
#ifndef TOP_NODES_H
#define TOP_NODES_H

#include <xenstore.h>

#include "top/store.h"

/* A connection and whether it broke during the calls below. */
struct nodes {
    struct xs_handle *xs;
    bool lost;
};

/* Fills what is empty in d; a node that is not there stays unknown. */
void nodes_name(struct nodes *n, struct store_domain *d);
void nodes_detail(struct nodes *n, struct store_domain *d, const char *uuid);
void nodes_devices(struct nodes *n, struct store_domain *d);
/* Only the disks that QEMU in Dom0 serves. */
void nodes_qdisks(struct nodes *n, struct store_domain *d);
/* Adds the domids that have such disks to `set` (as pointers). */
void nodes_qdisk_domains(struct nodes *n, GHashTable *set);

/* Asks for what is always there; false when the connection broke. */
bool nodes_answer(struct nodes *n);

/* The domain that an event's path is about, and which part of what is shown.
 * False: about none, or about what is not shown. Pure. */
enum nodes_topic { NODES_NAME, NODES_DETAIL, NODES_DEVICES };
bool nodes_event_parse(const char *path, uint32_t *id, enum nodes_topic *topic);
/* A back end's path "/local/domain/B/backend/KIND/ID/DEV" that belongs to `id`
 * and `dev`; gives the kind ("vbd", "qdisk"…). Guests write such paths, so that
 * it is checked. Pure. */
bool nodes_backend_parse(const char *path, uint32_t id, uint32_t dev,
                         uint32_t *backend_id, char kind[32]);

void nodes_dispose(struct store_domain *d);

#endif
