/* allowed_operations of every class: follow from other fields, so they are
 * computed whenever an object is written. Private to class/. */
#ifndef XAPI_ALLOWED_H
#define XAPI_ALLOWED_H

#include "store/store.h"

/* The store's hook. */
void allowed_update(void *user, struct txn *t, enum class_id c,
                    const char *ref);

#endif
