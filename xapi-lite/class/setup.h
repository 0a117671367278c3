/* What stands in the store from the first start on. Private to class/. */
#ifndef XAPI_SETUP_H
#define XAPI_SETUP_H

#include "store/store.h"
#include "xapi.h"

void setup_roles(struct txn *t);
/* The pool, this host and Domain-0: made when missing, their refs kept in x. */
int setup_host(struct xapi *x, struct err *err);
/* Reads again what hardware and hypervisor say of this host. */
int setup_refresh(struct xapi *x, struct err *err);
/* Brings host_metrics.memory_free in line with the hypervisor. */
void setup_free_memory(struct xapi *x);
/* Puts right what a daemon that was killed left half done: VMs whose saved
 * state is there or not, devices of halted VMs. */
void setup_recover(struct xapi *x);
/* Default templates of config.templates_file that are not there yet. */
int setup_templates(struct xapi *x, struct err *err);

#endif
