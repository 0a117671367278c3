/* Who has asked for which change: a line in state_dir/audit.log for each call
 * that more than the role read-only may make. */
#ifndef XAPI_AUDIT_H
#define XAPI_AUDIT_H

#include "class/handler.h"

/* After the call: f->code tells whether and why it failed. */
void audit_call(const struct ctx *c, const struct fault *f);
/* Path of the log, or of the older part of it. Caller frees. */
char *audit_path(const struct xapi *x, bool older);

#endif
