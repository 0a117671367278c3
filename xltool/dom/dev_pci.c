/* Way A, in dom/: pci= and dtdev=, devices passed through. */
#include <string.h>

#include "dom/spec.h"
#include "dom/xlu.h"

static bool default_flag(struct dom_build *b, const char *name)
{
    long number;

    return value_long(b, name, false, &number) && number;
}

static void refuse(struct dom_build *b, const struct cfg_node *item, int rc,
                   const char *message)
{
    build_refuse(b, -rc, "bad-pci", item->pos,
                 "write [DOMAIN:]BUS:DEVICE.FUNCTION as lspci prints it, "
                 "options behind it: \"01:00.0,permissive=1\"",
                 "\"%s\" does not name a PCI device%s%s", item->text,
                 message ? ": " : "", message ? message : "");
}

void dev_pci(struct dom_build *b, const struct key_row *row)
{
    libxl_domain_config *config = b->config;
    const struct cfg_setting *list;
    const struct cfg_node *item;
    libxl_device_pci defaults = {
        .msitranslate = default_flag(b, "pci_msitranslate"),
        .power_mgmt = default_flag(b, "pci_power_mgmt"),
        .permissive = default_flag(b, "pci_permissive"),
        .seize = default_flag(b, "pci_seize"),
        /* the original takes this from the hvm settings whatever the guest */
        .rdm_policy = build_guest(b) == HVM ? config->b_info.u.hvm.rdm.policy
                                            : LIBXL_RDM_RESERVE_POLICY_STRICT,
    };

    list = value_list(b, row->name);
    for (unsigned i = 0; list && (item = value_item(b, list, i)); i++) {
        g_autofree char *message = NULL;
        libxl_device_pci *pci = BUILD_ADD(config->pcidevs, config->num_pcidevs);
        libxl_device_pci_init(pci);
        pci->msitranslate = defaults.msitranslate;
        pci->power_mgmt = defaults.power_mgmt;
        pci->permissive = defaults.permissive;
        pci->seize = defaults.seize;
        pci->rdm_policy = defaults.rdm_policy;
        int rc = xlu_pci(item->text, pci, &message);
        if (rc)
            refuse(b, item, rc, message);
    }
    if (config->num_pcidevs && build_guest(b) == PV)
        libxl_defbool_set(&config->b_info.u.pv.e820_host, true);
}

static void add_dtdev(struct dom_build *b, const struct cfg_node *item)
{
    libxl_domain_config *config = b->config;
    libxl_device_dtdev *dev = BUILD_ADD(config->dtdevs, config->num_dtdevs);

    libxl_device_dtdev_init(dev);
    value_replace(&dev->path, item->text);
}

void dev_dtdev(struct dom_build *b, const struct key_row *row)
{
    spec_each(b, row->name, add_dtdev);
}
