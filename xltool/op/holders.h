/* Who keeps a domain that has ended from vanishing: parts of this host that
 * still hold pages of it. */
#ifndef OP_HOLDERS_H
#define OP_HOLDERS_H

#include <glib.h>
#include <stdint.h>

/* Appends who holds domain `domid`, separated by ", ": device models
 * ("qemu-system-i386 (process 812)") and back ends of Dom0's kernel ("back end
 * vbd-5-51712"). root is "" on a live host. Nothing found: nothing appended. */
void holders_find(GString *out, const char *root, uint32_t domid);

#endif
