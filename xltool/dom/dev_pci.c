/* Way A, in dom/: pci= and dtdev=, devices passed through. */
#include <string.h>

#include "dom/pci_spec.h"
#include "dom/spec.h"

static bool default_flag(struct dom_build *b, const char *name)
{
    long number;

    return value_long(b, name, false, &number) &&
           (int)number; /* an int in the original */
}

static void read_spec(struct dom_build *b, const struct cfg_node *item,
                      libxl_device_pci *pci)
{
    struct pci_spec_error error;

    if (pci_spec_parse(item->text, pci, &error))
        build_refuse(b, error.exit_code, "bad-pci",
                     cfg_node_pos(item, error.offset, error.length), error.hint,
                     "pci \"%s\": %s", item->text, error.why);
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
        libxl_device_pci *pci = BUILD_ADD(config->pcidevs, config->num_pcidevs);
        libxl_device_pci_init(pci);
        pci->msitranslate = defaults.msitranslate;
        pci->power_mgmt = defaults.power_mgmt;
        pci->permissive = defaults.permissive;
        pci->seize = defaults.seize;
        pci->rdm_policy = defaults.rdm_policy;
        read_spec(b, item, pci);
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
