/* xl vm-list: UUID, number and name of the guests (way A). */
#include <stdlib.h>

#include "cmd/cmd.h"
#include "view/list.h"

const struct opt_row cmd_vm_list_opts[] = { CMD_ROW_JSON, { 0 } };

static struct value *to_value(const struct view_vm *vms, int nr)
{
    struct value *v = value_array();
    for (int i = 0; i < nr; i++)
        value_push(v, view_vm_value(&vms[i]));
    return v;
}

int cmd_vm_list_run(struct cmd *c, struct err *err)
{
    if (cmd_open(c, err))
        return -1;
    int nr = 0;
    libxl_vminfo *infos = libxl_list_vm(c->xen.ctx, &nr);
    if (!infos)
        return xen_fail(&c->xen, err, ERROR_FAIL, "cannot list the guests");
    g_autofree struct view_vm *vms = g_new0(struct view_vm, nr + 1);
    for (int i = 0; i < nr; i++)
        vms[i] =
            (struct view_vm){ &infos[i], find_name(&c->xen, infos[i].domid) };
    if (cmd_has(c, CMD_OPT_JSON)) {
        cmd_print_json(to_value(vms, nr));
    } else {
        GString *s = g_string_new(NULL);
        view_vm_text(s, vms, nr);
        cmd_print(s);
    }
    for (int i = 0; i < nr; i++)
        free(vms[i].name);
    libxl_vminfo_list_free(infos, nr);
    return 0;
}
