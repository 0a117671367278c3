/* A domain's state to and from a descriptor: what save, restore and both ends
 * of a migration share. */
#ifndef OP_TRANSFER_H
#define OP_TRANSFER_H

#include <stdbool.h>

#include "op/create.h"

/* The configuration that travels with a domain, as JSON: of the running domain,
 * or (file not NULL) of that xl.cfg; keep_domid: it asks for the same number
 * again. Caller frees; NULL and err. */
char *transfer_config(struct xen *x, uint32_t domid, const char *file,
                      bool keep_domid, struct err *err);

/* Bytes of memory that a domain has; 0 when it cannot be known. */
uint64_t transfer_memory(struct xen *x, uint32_t domid);

/* Writes head and state of a running domain to fd. Returns 0 with the domain
 * suspended. Otherwise -1 and err, with the domain running again (err says so
 * where that failed as well). Ctrl-C ends it so, with ERR_ABORTED.
 * flags: LIBXL_SUSPEND_*. `what`: where to, for messages; `doing`: "saving
 * web", for the progress. */
int transfer_send(struct xen *x, uint32_t domid, int fd, int flags,
                  const char *config_json, const char *what, const char *doing,
                  struct err *err);

/* Lets a suspended domain go on; err when it does not. */
int transfer_resume(struct xen *x, uint32_t domid, struct err *err);

/* Reads the head from fd and fills l with xl.conf and the configuration: that
 * of the head, or (file not NULL) of that xl.cfg. Dispose l also after failure.
 * params_out is ready for create_domain. */
int transfer_load(struct xen *x, int fd, const char *what, const char *file,
                  struct load *l_out, libxl_domain_restore_params *params_out,
                  struct err *err);

/* write() until all is out. */
int transfer_write_all(int fd, const void *data, size_t len, const char *what,
                       struct err *err);

#endif
