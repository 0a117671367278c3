/* The daemon's parts in one place: opened by main, passed to everything. */
#ifndef XAPI_H
#define XAPI_H

#include "base/err.h"
#include "model/model.h"

struct store;
struct events;
struct tasks;
struct driver;
struct sessions;
struct ops;
struct vms;
struct rrds;
struct networks;
struct schedules;
struct timings;

/* What main reads from xapi-lite.conf; texts are borrowed and outlive xapi. */
struct xapi_config {
    const char *state_dir;        /* default /var/lib/xapi-lite */
    const char *templates_file;   /* default templates, or NULL: none */
    const char *certificate_file; /* of TLS, PEM; NULL: TLS is off */
    const char *address;          /* of this host, for host.address; or NULL */
    unsigned login_delay_ms;      /* after a wrong password; default 5000 */
    unsigned session_idle_s;      /* default 86400 */
    unsigned workers;             /* threads for slow calls; default 16 */
    const char *network_backend;  /* of new bridges; default "bridge" */
    bool no_xen; /* run without a hypervisor (tests, look round) */
    int (*auth)(const char *user, const char *password,
                char **reason_out); /* NULL: PAM */
};

struct xapi {
    struct xapi_config config;
    struct model *model;
    struct store *store;
    struct events *events;
    struct tasks *tasks;
    struct sessions *sessions;
    struct driver *driver;     /* NULL with no_xen */
    struct vms *vms;           /* watches the guests */
    struct rrds *rrds;         /* samples and keeps the figures */
    struct networks *networks; /* of this host */
    struct schedules *schedules;
    struct timings *timings; /* of messages */
    struct ops *ops;         /* handler table and worker threads */
    char *pool_ref, *host_ref, *dom0_ref;
};

/* Fills in the defaults of the fields that are 0. */
void xapi_config_init(struct xapi_config *c);
/* Opens the store, makes the pool, host and Domain-0 records, loads the default
 * templates into an empty store, finds the running guests again, starts the
 * threads. On failure nothing is left. */
struct xapi *xapi_open(const struct xapi_config *config, struct err *err);
/* Stops the threads; guests are left alone. */
void xapi_close(struct xapi *x);

#endif
