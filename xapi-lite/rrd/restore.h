/* Archives in rrdtool's XML (version 0003), as XenServer's hosts and this
 * service send them, read again. Pure. */
#ifndef RRD_RESTORE_H
#define RRD_RESTORE_H

#include "base/err.h"
#include "rrd/file.h"

/* Fills r, which has been initialised with its owner, with the sources that it
 * can have, and rows, in the order of time, with what is known of them. Sources
 * and archives that are not kept here are passed over. -1 with err: it is no
 * such text, or has another step than 5 s. */
int rrd_restore(const char *xml, size_t len, struct rrd *r,
                struct rrd_rows *rows, struct err *err);

#endif
