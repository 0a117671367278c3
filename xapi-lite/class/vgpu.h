/* Which types of VGPU the cards and groups offer. Private to class/. */
#ifndef XAPI_VGPU_H
#define XAPI_VGPU_H

#include "store/store.h"

/* Cards seen for the first time offer themselves, groups what their cards do;
 * of cards and groups that were there before this transaction. */
void vgpu_settle(struct txn *t);

#endif
