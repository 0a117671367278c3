/* Archives from web servers. */
#ifndef XVA_FETCH_H
#define XVA_FETCH_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

struct xva_fetch;
/* Asks for a http:// URL; redirections are not followed. NULL and err. */
struct xva_fetch *xva_fetch_open(const char *url, struct err *err);
/* 0 at the end of the body; -1 when it is cut, silent for a minute, or
 * stopped(arg). */
ssize_t xva_fetch_read(struct xva_fetch *f, void *buf, size_t len,
                       bool (*stopped)(void *arg), void *arg, struct err *err);
void xva_fetch_close(struct xva_fetch *f); /* NULL is fine */

#endif
