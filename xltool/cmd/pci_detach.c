/* xl pci-detach: takes a PCI function from a running domain (way A). */
#include "cmd/pci_common.h"

const struct opt_row cmd_pci_detach_opts[] = {
    { 'f', NULL, NULL, "do not wait until the domain lets go of it" }, { 0 }
};

int cmd_pci_detach_run(struct cmd *c, struct err *err)
{
    libxl_device_pci pci;
    uint32_t domid;
    int r = cmd_domain(c, cmd_word(c, 0), &domid, err), rc = 0;
    if (r)
        return r;
    r = pci_word_spec(c, 1, &pci, err);
    if (r == 0)
        rc = cmd_has(c, 'f')
                 ? libxl_device_pci_destroy(c->xen.ctx, domid, &pci, NULL)
                 : libxl_device_pci_remove(c->xen.ctx, domid, &pci, NULL);
    if (rc) {
        r = xen_fail(&c->xen, err, rc, "%s was not taken from \"%s\"",
                     cmd_word(c, 1), cmd_word(c, 0));
        err_hint(err, "`xl pci-list %s` shows what it holds.", cmd_word(c, 0));
    }
    libxl_device_pci_dispose(&pci);
    return r;
}
