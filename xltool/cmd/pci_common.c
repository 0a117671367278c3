/* What the PCI commands share (way A, from words to libxl_device_pci). */
#include "cmd/pci_common.h"

#include <string.h>
#include <unistd.h>

#include "dom/pci_spec.h"

static int malformed(struct cmd *c, const char *what, int i, struct err *err)
{
    err_set(err, ERR_CONFIG, "%s: malformed %s \"%s\"", c->row->name, what,
            cmd_word(c, i));
    err->exit_code = 2;
    return -1;
}

int pci_word_spec(struct cmd *c, int i, libxl_device_pci *pci, struct err *err)
{
    struct pci_spec_error error;
    libxl_device_pci_init(pci);
    if (pci_spec_parse(cmd_word(c, i), pci, &error) == 0)
        return 0;
    malformed(c, "PCI_SPEC_STRING", i, err);
    return err_hint(err, "\"%.*s\": %s; %s.", (int)error.length,
                    cmd_word(c, i) + error.offset, error.why, error.hint);
}

int pci_word_bdf(struct cmd *c, int i, libxl_device_pci *pci, struct err *err)
{
    const char *word = cmd_word(c, i);
    libxl_device_pci_init(pci);
    size_t length = pci_spec_bdf(word, pci);
    if (length && length == strlen(word))
        return 0;
    malformed(c, "BDF", i, err);
    return err_hint(err, "Write [DOMAIN:]BUS:DEVICE.FUNCTION as lspci prints "
                         "it.");
}

int pci_not_ready(struct cmd *c, const libxl_device_pci *pci, struct err *err)
{
    g_autofree char *path =
        g_strdup_printf("/sys/bus/pci/drivers/pciback/%04x:%02x:%02x.%x",
                        pci->domain, pci->bus, pci->dev, pci->func);
    (void)c;
    if (pci->name || access(path, F_OK) == 0)
        return -1;
    return err_hint(err,
                    "It is not ready to be passed through: `xl "
                    "pci-assignable-add %02x:%02x.%x` first (the module "
                    "xen-pciback must be loaded).",
                    pci->bus, pci->dev, pci->func);
}
