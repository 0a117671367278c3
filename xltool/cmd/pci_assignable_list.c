/* xl pci-assignable-list: the PCI functions ready for passing through (way A).
 */
#include "cmd/cmd.h"

const struct opt_row cmd_pci_assignable_list_opts[] = {
    { 'n', "show-names", NULL, "also their names" }, CMD_ROW_JSON, { 0 }
};

static struct value *as_value(const libxl_device_pci *pci)
{
    struct value *v = value_object();
    g_autofree char *bdf = g_strdup_printf("%04x:%02x:%02x.%01x", pci->domain,
                                           pci->bus, pci->dev, pci->func);
    value_set(v, "bdf", value_string(bdf));
    value_set(v, "name", pci->name ? value_string(pci->name) : value_null());
    return v;
}

int cmd_pci_assignable_list_run(struct cmd *c, struct err *err)
{
    int nr = 0;
    if (cmd_open(c, err))
        return -1;
    libxl_device_pci *list = libxl_device_pci_assignable_list(c->xen.ctx, &nr);
    struct value *json = cmd_has(c, CMD_OPT_JSON) ? value_array() : NULL;
    for (int i = 0; i < nr; i++) {
        const char *name = cmd_has(c, 'n') ? list[i].name : NULL;
        if (json)
            value_push(json, as_value(&list[i]));
        else
            printf("%04x:%02x:%02x.%01x %s\n", list[i].domain, list[i].bus,
                   list[i].dev, list[i].func, name ? name : "");
    }
    if (list)
        libxl_device_pci_assignable_list_free(list, nr);
    if (json)
        cmd_print_json(json);
    return 0;
}
