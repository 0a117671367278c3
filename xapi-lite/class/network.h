/* Networks of this host. Private to class/. */
#ifndef XAPI_NETWORK_H
#define XAPI_NETWORK_H

#include "xapi.h"

/* Brings the records in line with the bridges and cards that are there: makes
 * missing ones, deletes none. */
int network_scan(struct xapi *x, struct err *err);

#endif
