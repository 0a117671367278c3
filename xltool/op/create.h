/* Creating a domain from a configuration or from a saved state, and staying
 * behind to handle its end. */
#ifndef OP_CREATE_H
#define OP_CREATE_H

#include <libxl.h>
#include <stdbool.h>

#include "op/console.h"
#include "op/load.h"
#include "xen/ctx.h"

/* "No domain", as an unsigned number (libxl.h has a signed one). */
#define CREATE_NONE ((uint32_t)INVALID_DOMID)

struct create_how {
    bool paused;    /* leave it paused */
    bool console;   /* show its console from the first line */
    bool monitor;   /* stay behind for its end (on_poweroff=, ...) */
    bool daemonize; /* ... in the background */
    bool vnc, vnc_autopass;
    bool show;     /* the progress of a restore */
    bool no_masks; /* xl.conf's cpu masks do not count */
    /* From a saved state: a stream to read, and libxl's parameters for it.
     * restore_params NULL: a new domain. send_back_fd is COLO's, else -1. */
    int restore_fd, send_back_fd;
    const libxl_domain_restore_params *restore_params;
};

/* Creates the domain of `l` (whose config libxl fills with defaults). Returns
 * 0 once it runs (or is paused), with its number in domid_out. Afterwards:
 *  - monitor and daemonize: this returns in the parent, the monitor lives on
 *    in a process of its own and never returns from here;
 *  - monitor alone: returns when the domain has ended for good;
 *  - console: returns when the console client has ended.
 * err: the first cause, what to do, which log files to read; nothing of the
 * domain is left then. Ctrl-C ends it with ERR_ABORTED, as clean. */
int create_domain(struct xen *x, struct load *l, const struct create_how *how,
                  uint32_t *domid_out, struct err *err);

/* One building of the domain, without anything that stays behind. console
 * (or NULL) shows it from the first line. For
 * soft_reset_domid (else CREATE_NONE) libxl resets that domain in place. */
int create_build(struct xen *x, struct load *l, const struct create_how *how,
                 uint32_t soft_reset_domid, struct console *console,
                 uint32_t *domid_out, struct err *err);

#endif
