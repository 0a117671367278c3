/* What is kept of a guest that has crashed (way B). */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "class/vm.h"

char *vm_core_path(struct xapi *x, const char *uuid)
{
    return g_strdup_printf("%s/crashdumps/%s.core", x->config.state_dir, uuid);
}

/* Under another name until it is whole. */
static int write_core(struct xapi *x, uint32_t domid, const char *path,
                      struct err *err)
{
    g_autofree char *dir = g_path_get_dirname(path);
    g_autofree char *part = g_strconcat(path, ".part", NULL);
    if (g_mkdir_with_parents(dir, 0700) < 0)
        return err_errno(err, ERR_IO, errno, "cannot make %s", dir);
    int r = driver_core_dump(domid, part, vms_stopped, x, err);
    if (r == 0 && rename(part, path) < 0)
        r = err_errno(err, ERR_IO, errno, "cannot make %s", path);
    if (r < 0)
        unlink(part);
    return r;
}

void vm_keep_core(struct xapi *x, const struct record *vm, uint32_t domid)
{
    ERR_AUTO err = { 0 };
    const char *name = record_str(vm, F_VM_name_label);
    if (!g_str_has_prefix(record_str(vm, F_VM_actions_after_crash), "coredump"))
        return;
    g_autofree char *path = vm_core_path(x, record_str(vm, F_VM_uuid));
    if (write_core(x, domid, path, &err) < 0)
        g_warning("guest %s: no core of its crash: %s", name, err.message);
    else
        g_message("guest %s: the core of its crash is %s", name, path);
}
