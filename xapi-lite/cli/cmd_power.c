/* xe: starting and stopping guests. */
#include "cli/internal.h"

/* A message with the VM as its only parameter. */
static int simple(struct cli *c, const char *ref, void *method)
{
    return cli_do_long(c, NULL, method, value_string(ref), NULL);
}

static int start(struct cli *c, const char *ref, void *user)
{
    bool paused = cli_flag(c, "paused"), force = cli_flag(c, "force");
    const char *on = cli_param(c, "on");
    (void)user;
    if (!on)
        return cli_do_long(c, NULL, "VM.start", value_string(ref),
                           value_bool(paused), value_bool(force), NULL);
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *host = snapshot_find_uuid(s, CLASS_host, on);
    g_autoptr(GPtrArray) named = snapshot_find_name(s, CLASS_host, on);
    if (!host && named->len)
        host = named->pdata[0];
    if (!host)
        return cli_fail(c, "No host is named %s", on);
    return cli_do_long(c, NULL, "VM.start_on", value_string(ref),
                       value_string(record_ref(host)), value_bool(paused),
                       value_bool(force), NULL);
}

int cmd_vm_start(struct cli *c)
{
    return cli_each_vm(c, 0, "force on paused", start, NULL);
}

int cmd_vm_shutdown(struct cli *c)
{
    bool force = cli_flag(c, "force");
    return cli_each_vm(
        c, 0, "force", simple,
        (void *)(force ? "VM.hard_shutdown" : "VM.clean_shutdown"));
}

int cmd_vm_reboot(struct cli *c)
{
    bool force = cli_flag(c, "force");
    return cli_each_vm(c, 0, "force", simple,
                       (void *)(force ? "VM.hard_reboot" : "VM.clean_reboot"));
}

int cmd_vm_pause(struct cli *c)
{
    return cli_each_vm(c, 0, "", simple, (void *)"VM.pause");
}

int cmd_vm_unpause(struct cli *c)
{
    return cli_each_vm(c, 0, "", simple, (void *)"VM.unpause");
}

int cmd_vm_suspend(struct cli *c)
{
    return cli_each_vm(c, 0, "", simple, (void *)"VM.suspend");
}

static int resume(struct cli *c, const char *ref, void *user)
{
    (void)user;
    return cli_do_long(c, NULL, "VM.resume", value_string(ref),
                       value_bool(false), value_bool(cli_flag(c, "force")),
                       NULL);
}

int cmd_vm_resume(struct cli *c)
{
    return cli_each_vm(c, 0, "force on", resume, NULL);
}

int cmd_vm_reset_powerstate(struct cli *c)
{
    if (!cli_flag(c, "force"))
        return cli_fail(c, "This forgets a guest that may still be running on "
                           "another host, whose disks would then be used "
                           "twice. Add --force when its host is surely gone.");
    return cli_each_vm(c, SELECT_CONTROL, "force", simple,
                       (void *)"VM.power_state_reset");
}
