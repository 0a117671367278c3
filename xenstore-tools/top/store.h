/* What XenStore knows of each domain, kept up to date by watches in a thread of
 * its own: a xenstored that does not answer never holds up a sample. */
#ifndef TOP_STORE_H
#define TOP_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

struct store_net {
    uint32_t id;
    char *mac, *bridge, *script; /* each may be NULL */
    int64_t state, backend_id;
};

struct store_vbd {
    uint32_t id;
    char *dev, *params, *mode; /* each may be NULL */
    int64_t state, backend_id;
    bool qdisk;          /* served by QEMU, which counts its requests */
    int64_t sector_size; /* of the qdisk, bytes */
};

/* NULL texts and negative numbers are not known. */
struct store_domain {
    uint32_t id;
    char *name, *console, *control;
    int64_t start_time, target_kib, static_max_kib, videoram_kib, dm_pid;
    int64_t agent_total_kib, agent_free_kib;
    GArray *nets; /* struct store_net, by id */
    GArray *vbds; /* struct store_vbd, by id */
};

enum store_want {
    STORE_DETAIL = 1, /* all of it, not only the name and the qdisks */
    STORE_WATCH = 2,  /* keep it up to date; else each domain is read once */
};

struct store;
/* A domain as the hypervisor told. */
struct store_live {
    uint32_t id;
    char uuid[37];
};

/* Starts the thread; never fails: without xenstored nothing is known. */
struct store *top_store_open(unsigned want);
/* Waits at most a second for the thread. */
void top_store_close(struct store *s); /* NULL is fine */
/* Tells which domains there are and waits until the names of all are known,
 * and with `all` the details too, or until nothing came for `timeout_ms`.
 * Returns false when XenStore does not answer. */
bool store_sync(struct store *s, const struct store_live *live, guint n,
                bool all, int timeout_ms);
/* What is known of a domain, or NULL. Hold the lock as long as it is used. */
void store_lock(struct store *s);
const struct store_domain *store_find(struct store *s, uint32_t id);
void store_unlock(struct store *s);

#endif
