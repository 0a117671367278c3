/* xl pci-assignable-add: makes a host's PCI function ready for passing through
 * (way A). */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/pci_common.h"

const struct opt_row cmd_pci_assignable_add_opts[] = {
    { 'n', "name", "NAME",
      "a name for it, to be used in place of the address" },
    { 0 }
};

static int explain(struct cmd *c, const libxl_device_pci *pci, struct err *err)
{
    g_autofree char *path =
        g_strdup_printf("/sys/bus/pci/devices/%04x:%02x:%02x.%x", pci->domain,
                        pci->bus, pci->dev, pci->func);
    if (access(path, F_OK))
        return err_hint(err,
                        "This host has no device %s; `lspci` lists "
                        "those it has.",
                        cmd_word(c, 0));
    if (access("/sys/bus/pci/drivers/pciback", F_OK))
        return err_hint(err, "Load the module first: modprobe xen-pciback.");
    return -1;
}

int cmd_pci_assignable_add_run(struct cmd *c, struct err *err)
{
    libxl_device_pci pci;
    if (cmd_open(c, err))
        return -1;
    int r = pci_word_bdf(c, 0, &pci, err);
    if (r == 0 && cmd_has(c, 'n'))
        pci.name = strdup(cmd_value(c, 'n'));
    int rc = r ? 0 : libxl_device_pci_assignable_add(c->xen.ctx, &pci, 1);
    if (rc) {
        r = xen_fail(&c->xen, err, rc, "%s is not ready for passing through",
                     cmd_word(c, 0));
        explain(c, &pci, err);
    }
    libxl_device_pci_dispose(&pci);
    return r;
}
