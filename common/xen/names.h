/* Names of many domains with one question to xenstored instead of one each. */
#ifndef XEN_NAMES_H
#define XEN_NAMES_H

#include <stdbool.h>
#include <stdint.h>

/* Name of each domain, allocated with malloc, NULL where it has none. False,
 * and nothing to free, when xenstored cannot be asked this way (no socket:
 * it may run in a domain of its own; it went away; it is silent for 30 s). */
bool xen_names_read(const uint32_t *domids, int nr, char **names_out);

#endif
