/* xl restore: a domain again, from the file that xl save wrote (way A). */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "dom/dom.h"
#include "op/transfer.h"

const struct opt_row cmd_restore_opts[] = {
    { 'p', NULL, NULL, "leave the domain paused" },
    { 'c', NULL, NULL, "enter its console" },
    { 'd', NULL, NULL, "show the configuration, too" },
    { 'F', NULL, NULL, "stay in the foreground until it has ended" },
    { 'e', NULL, NULL, "do not stay behind: on_reboot= and so on do nothing" },
    { 'V', "vncviewer", NULL, "start a VNC viewer on its screen" },
    { 'A', "vncviewer-autopass", NULL, "... giving it the password" },
    { 0 }
};

static int restore(struct cmd *c, int fd, const char *config, const char *file,
                   struct err *err)
{
    libxl_domain_restore_params params;
    struct load l;
    struct create_how how = {
        .paused = cmd_has(c, 'p'),
        .console = cmd_has(c, 'c'),
        .monitor = !cmd_has(c, 'e'),
        .daemonize = !cmd_has(c, 'F') && !cmd_has(c, 'e'),
        .show = true,
        .vnc = cmd_has(c, 'V') || cmd_has(c, 'A'),
        .vnc_autopass = cmd_has(c, 'A'),
        .restore_fd = fd,
        .send_back_fd = -1,
        .restore_params = &params,
    };
    uint32_t domid;
    int r = transfer_load(&c->xen, fd, file, config, &l, &params, err);
    if (r == 0 && cmd_has(c, 'd'))
        r = load_show(&l, stderr, err);
    if (r == 0)
        r = create_domain(&c->xen, &l, &how, &domid, err);
    load_dispose(&l);
    libxl_domain_restore_params_dispose(&params);
    return r;
}

int cmd_restore_run(struct cmd *c, struct err *err)
{
    int words = c->o.nr_words;
    const char *file = cmd_word(c, words - 1);
    const char *config = words == 2 ? cmd_word(c, 0) : NULL;
    if (words > 2)
        return cmd_usage(c, err, "at most a config file and a saved file");
    if (cmd_open(c, err))
        return -1;
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_errno(err, ERR_IO, errno, "cannot open %s", file);
    int r = restore(c, fd, config, file, err);
    close(fd);
    return r;
}
