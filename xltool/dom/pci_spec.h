/* PCI specs: "[DDDD:]BB:DD.F[@vslot],key=value,...". */
#ifndef DOM_PCI_SPEC_H
#define DOM_PCI_SPEC_H

#include "dom/dom.h"

/* What is wrong with a spec, and the bytes of it. */
struct pci_spec_error {
    const char *why; /* static text */
    const char *hint;
    size_t offset, length;
    int exit_code; /* of the original: 6 or 3 */
};

/* Parses text into pci (libxl_device_pci_init'ed, defaults set), by the rules
 * of libxlutil's xlu_pci_parse_spec_string, which reads outside of the string
 * on some mistakes. 0, or -1 with error_out filled. */
int pci_spec_parse(const char *text, libxl_device_pci *pci,
                   struct pci_spec_error *error_out);

/* Parses "[DDDD:]BB:DD.F" alone, F may be '*', as pci-assignable-add takes it.
 * Returns how many bytes it takes, 0 when there is none. */
size_t pci_spec_bdf(const char *text, libxl_device_pci *pci);

#endif
