/* xl migrate-receive: the other end of xl migrate, started by it (way A). */
#include <fcntl.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "op/migrate.h"

#define OPT_COLO OPT_LONG(1)
#define OPT_SCRIPT OPT_LONG(2)
#define OPT_PROXY OPT_LONG(3)

const struct opt_row cmd_migrate_receive_opts[] = {
    { 'e', NULL, NULL, "do not stay behind the domain" },
    { 'p', NULL, NULL, "leave it paused" },
    { 'F', NULL, NULL, "stay in the foreground" },
    { 'd', NULL, NULL, "for debugging" },
    { 'r', NULL, NULL, "keep checkpoints of a Remus sender" },
    { OPT_COLO, "colo", NULL, NULL },
    { OPT_SCRIPT, "coloft-script", "FILE", NULL },
    { OPT_PROXY, "userspace-colo-proxy", NULL, NULL },
    { 0 }
};

int cmd_migrate_receive_run(struct cmd *c, struct err *err)
{
    if (cmd_open(c, err))
        return -1;
    /* nothing but the protocol may reach the sender */
    int out = fcntl(1, F_DUPFD_CLOEXEC, 3);
    int in = fcntl(0, F_DUPFD_CLOEXEC, 3);
    if (out < 0 || in < 0 || dup2(2, 1) < 0)
        return err_set(err, ERR_FAIL, "no descriptors for the stream");
    struct migrate_receive_how how = {
        .no_monitor = cmd_has(c, 'e'),
        .paused = cmd_has(c, 'p'),
        .foreground = cmd_has(c, 'F'),
        .standby = cmd_has(c, OPT_COLO) ? LIBXL_CHECKPOINTED_STREAM_COLO
                   : cmd_has(c, 'r')    ? LIBXL_CHECKPOINTED_STREAM_REMUS
                                        : LIBXL_CHECKPOINTED_STREAM_NONE,
        .colo_script = cmd_value(c, OPT_SCRIPT),
        .userspace_proxy = cmd_has(c, OPT_PROXY),
        .in_fd = in,
        .out_fd = out,
    };
    return migrate_receive(&c->xen, &how, err);
}
