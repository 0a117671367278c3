/* xl pci-attach: gives a PCI function of the host to a running domain (way A).
 */
#include "cmd/pci_common.h"

const struct opt_row cmd_pci_attach_opts[] = { { 0 } };

int cmd_pci_attach_run(struct cmd *c, struct err *err)
{
    libxl_device_pci pci;
    uint32_t domid;
    int r = cmd_domain(c, cmd_word(c, 0), &domid, err);
    if (r)
        return r;
    r = pci_word_spec(c, 1, &pci, err);
    int rc = r ? 0 : libxl_device_pci_add(c->xen.ctx, domid, &pci, NULL);
    if (rc) {
        r = xen_fail(&c->xen, err, rc, "%s was not given to \"%s\"",
                     cmd_word(c, 1), cmd_word(c, 0));
        pci_not_ready(c, &pci, err);
    }
    libxl_device_pci_dispose(&pci);
    return r;
}
