/* xl pci-list: the PCI functions that a domain holds (way A). */
#include "cmd/devices_common.h"

const struct opt_row cmd_pci_list_opts[] = {
    { DEVICES_OPT_JSON, "json", NULL, "as JSON" }, { 0 }
};

static int rows(struct cmd *c, uint32_t domid, struct devices_out *out,
                struct err *err)
{
    (void)err;
    int nr = 0;
    libxl_device_pci *pcis = libxl_device_pci_list(c->xen.ctx, domid, &nr);
    if (nr && !out->json)
        g_string_append(out->text, "Vdev Device\n");
    for (int i = 0; i < nr; i++)
        devices_row(out, libxl_device_pci_to_json(c->xen.ctx, &pcis[i]),
                    "%02x.%01x %04x:%02x:%02x.%01x\n",
                    (pcis[i].vdevfn >> 3) & 0x1f, pcis[i].vdevfn & 0x7,
                    pcis[i].domain, pcis[i].bus, pcis[i].dev, pcis[i].func);
    libxl_device_pci_list_free(pcis, nr);
    return 0;
}

int cmd_pci_list_run(struct cmd *c, struct err *err)
{
    static const struct devices_kind kind = {
        .header = "",
        .rows = rows,
        .unknown_fails = true,
        .keys = "domain bus dev func vdevfn"
    };
    return devices_list(c, &kind, err);
}
