/* The metrics record of each VIF and VBD. It is not kept on disk: made anew at
 * each start, and deleted with its device by the store. Private to class/. */
#ifndef XAPI_DEVICE_METRICS_H
#define XAPI_DEVICE_METRICS_H

#include "store/store.h"

/* Gives a VIF or VBD (the class c) its metrics record, if it has none. */
void device_metrics_settle(struct txn *t, enum class_id c, const char *ref);
/* The same for all of them, at the start. */
int device_metrics_start(struct store *store, struct err *err);

#endif
