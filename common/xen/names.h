/* Names of many domains with one question to xenstored instead of one each. */
#ifndef XEN_NAMES_H
#define XEN_NAMES_H

#include <stdbool.h>
#include <stdint.h>

/* Name of each domain, allocated with malloc, NULL where it has none. False,
 * and nothing to free, when xenstored cannot be asked (it is not there, went
 * away, or is silent for 30 s). */
bool xen_names_read(const uint32_t *domids, int nr, char **names_out);

#endif
