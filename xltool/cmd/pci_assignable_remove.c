/* xl pci-assignable-remove: takes back pci-assignable-add (way A). */
#include <string.h>

#include "cmd/pci_common.h"

const struct opt_row cmd_pci_assignable_remove_opts[] = {
    { 'r', NULL, NULL, "give it back to the driver it had" }, { 0 }
};

int cmd_pci_assignable_remove_run(struct cmd *c, struct err *err)
{
    const char *word = cmd_word(c, 0);
    libxl_device_pci pci;
    int r = cmd_open(c, err);
    if (r)
        return r;
    /* a name has no colon */
    libxl_device_pci_init(&pci);
    if (strchr(word, ':'))
        r = pci_word_bdf(c, 0, &pci, err);
    else
        pci.name = strdup(word);
    int rc = r ? 0
               : libxl_device_pci_assignable_remove(c->xen.ctx, &pci,
                                                    cmd_has(c, 'r'));
    if (rc) {
        r = xen_fail(&c->xen, err, rc, "%s is still kept for passing through",
                     word);
        if (rc == ERROR_NOTFOUND)
            err->exit_code = 2; /* as for a malformed address */
        err_hint(err, "`xl pci-assignable-list -n` shows those that are.");
    }
    libxl_device_pci_dispose(&pci);
    return r;
}
