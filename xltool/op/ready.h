/* Word to a service manager that waits until the guest runs. */
#ifndef OP_READY_H
#define OP_READY_H

#include <stdint.h>

/* Says that domain `domid` runs to the socket that NOTIFY_SOCKET names
 * (sd_notify(3)); nothing when there is none. */
void ready_tell(uint32_t domid);

#endif
