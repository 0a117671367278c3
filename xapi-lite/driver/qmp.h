/* Talks to the QEMU of a guest: QMP, as docs/interop/qmp-spec of QEMU describes
 * it. Private to driver/. */
#ifndef XAPI_QMP_H
#define XAPI_QMP_H

#include "base/err.h"
#include "base/value.h"

struct qmp; /* a connection; one command at a time */

/* The socket that libxl gives every QEMU it starts, and we those we start.
 * Others that talk to it are waited for, 10 s at most. NULL and err. */
struct qmp *qmp_open(uint32_t domid, struct err *err);
void qmp_close(struct qmp *q); /* NULL is fine */
/* arguments are taken over, NULL: none. *answer (caller frees; NULL: not
 * wanted) is what the command returns; fails with QEMU's own words. */
int qmp_call(struct qmp *q, const char *command, struct value *arguments,
             struct value **answer, struct err *err);
static inline void qmp_cleanup(struct qmp **q)
{
    qmp_close(*q);
}
#define QMP_AUTO __attribute__((cleanup(qmp_cleanup))) struct qmp

#endif
