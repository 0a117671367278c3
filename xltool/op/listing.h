/* Collects what the tables of domains show: `xl list` and `xl claims`. */
#ifndef OP_LISTING_H
#define OP_LISTING_H

#include <stdbool.h>

#include "view/list.h"
#include "xen/ctx.h"

struct listing {
    libxl_dominfo *infos;
    int nr;
    struct view_domain *domains; /* nr, after listing_describe */
};

/* All domains, or the one that `who` names (NULL: all). */
int listing_read(struct xen *x, const char *who, struct listing *l_out,
                 struct err *err);
/* Names, and what `columns` (enum view_list_columns) need besides. */
int listing_describe(struct xen *x, struct listing *l, unsigned columns,
                     struct err *err);
/* All domains with their names in two questions, one to Xen and one to
 * xenstored, without libxl: what the plain tables need, no more (no security
 * labels). False, with nothing to dispose, where that does not work; then the
 * two above do, or say why not. */
bool listing_quick(struct listing *l_out);
void listing_dispose(struct listing *l);

#endif
