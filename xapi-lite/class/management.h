/* Which network card is the host's management interface. Private to class/. */
#ifndef XAPI_MANAGEMENT_H
#define XAPI_MANAGEMENT_H

#include <stdbool.h>

struct txn;

/* The one that host.management_reconfigure has chosen, while it is there; else
 * that with the default route. */
bool management_is(struct txn *t, const char *pif, bool has_route);

#endif
