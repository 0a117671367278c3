/* Messages that need no handler. Private to class/. */
#ifndef XAPI_IMPLICIT_H
#define XAPI_IMPLICIT_H

#include "class/handler.h"

/* The reply, or NULL with ctx->fault. */
struct reply *implicit_call(struct ctx *c);

#endif
