/* From what a user calls a domain to its number. */
#ifndef XEN_FIND_H
#define XEN_FIND_H

#include <stdbool.h>
#include <stdint.h>

#include "xen/ctx.h"

/* A domain by name, number or UUID, in this order of libxl: all digits are a
 * number even when a domain has such a name. err: ERR_NOENT, naming a similar
 * name where there is one. */
int find_domain(struct xen *x, const char *who, uint32_t *domid_out,
                struct err *err);

/* A cpupool by name or number. */
int find_cpupool(struct xen *x, const char *who, uint32_t *poolid_out,
                 struct err *err);

/* Name of a domain; caller frees; NULL when it has none (yet). */
char *find_name(struct xen *x, uint32_t domid);

#endif
