/* What the PCI commands share: specs and addresses from words. */
#ifndef CMD_PCI_COMMON_H
#define CMD_PCI_COMMON_H

#include "cmd/cmd.h"

/* Word i as a PCI spec ("BB:DD.F,permissive=1", "name=N") into pci, which is
 * initialised here; dispose of it in any case. err: exit code 2, as the
 * original's. */
int pci_word_spec(struct cmd *c, int i, libxl_device_pci *pci, struct err *err);
/* As above for an address alone. */
int pci_word_bdf(struct cmd *c, int i, libxl_device_pci *pci, struct err *err);
/* A hint for an error of pci-attach: what has to come first. */
int pci_not_ready(struct cmd *c, const libxl_device_pci *pci, struct err *err);

#endif
