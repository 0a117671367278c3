/* The handler of all messages of refusals.def. Private to class/. */
#ifndef XAPI_REFUSE_H
#define XAPI_REFUSE_H

#include <stddef.h>

struct handler;

/* "pool.enable_ha", ...; NULL behind the last. */
const char *refusal_name(size_t i);
const struct handler *refusal_handler(void);

#endif
