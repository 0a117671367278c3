/* Message objects that the service makes by itself. Private to class/. */
#ifndef XAPI_NOTES_H
#define XAPI_NOTES_H

#include "class/handler.h"

enum { NOTE_ALARM = 3, NOTE_NEWS = 5 }; /* priorities, as XenServer has them */

/* The message of this call has succeeded: notes.def says what is noted. */
void notes_after(const struct ctx *c);
/* Notes what has happened to a VM: "VM 'name' <what>: <host>". */
void notes_vm(struct xapi *x, const char *vm, const char *name, int priority,
              const char *what);
/* Any other: class as XenAPI writes it ("VM", "Host", "SR", "Pool"). */
void notes_add(struct xapi *x, const char *name, int priority,
               const char *class, const char *uuid, const char *body);

#endif
