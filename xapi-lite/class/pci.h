/* PCI devices of the host as records. Private to class/. */
#ifndef XAPI_PCI_H
#define XAPI_PCI_H

#include "xapi.h"

/* Brings PCI and PGPU records in line with the machine; a graphics card seen
 * for the first time gets a GPU_group. */
int pci_refresh(struct xapi *x, struct err *err);

#endif
