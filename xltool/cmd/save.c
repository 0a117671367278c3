/* xl save: a domain's state into a file; the domain ends, or goes on (way A).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "op/transfer.h"

const struct opt_row cmd_save_opts[] = {
    { 'c', NULL, NULL, "let the domain go on running" },
    { 'p', NULL, NULL, "leave the domain there, paused" },
    { 'D', NULL, NULL, "restore gives it the same number again" },
    { 0 }
};

static int make_durable(int fd, const char *file, struct err *err)
{
    if (fsync(fd) && errno != EINVAL && errno != ENOTSUP)
        return err_errno(err, ERR_IO, errno, "cannot write %s to the disk",
                         file);
    return 0;
}

static int let_go_on(struct cmd *c, uint32_t domid, struct err *err)
{
    int rc = cmd_has(c, 'p') ? libxl_domain_pause(c->xen.ctx, domid, NULL) : 0;
    if (rc)
        return xen_fail(&c->xen, err, rc,
                        "saved, but the domain cannot be paused");
    return transfer_resume(&c->xen, domid, err);
}

static int end_domain(struct cmd *c, uint32_t domid, struct err *err)
{
    int rc = libxl_domain_destroy(c->xen.ctx, domid, NULL);
    return rc ? xen_fail(&c->xen, err, rc,
                         "saved, but the domain is still there")
              : 0;
}

int cmd_save_run(struct cmd *c, struct err *err)
{
    const char *file = cmd_word(c, 1);
    bool stays = cmd_has(c, 'p') || cmd_has(c, 'c');
    uint32_t domid;
    if (c->o.nr_words > 3)
        return cmd_usage(c, err, "at most a domain, a file and a config file");
    if (cmd_domain(c, cmd_word(c, 0), &domid, err))
        return -1;
    g_autofree char *config =
        transfer_config(&c->xen, domid, cmd_word(c, 2), cmd_has(c, 'D'), err);
    if (!config)
        return -1;
    bool was_there = access(file, F_OK) == 0;
    int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_errno(err, ERR_IO, errno, "cannot write to %s", file);
    char *name = find_name(&c->xen, domid);
    g_autofree char *doing = g_strdup_printf("saving %s", name);
    int r = transfer_send(&c->xen, domid, fd, 0, config, file, doing, err);
    free(name);
    /* a domain must not end before its state is on the disk; one that stays
     * does not wait for it */
    int went_on = r == 0 && stays ? let_go_on(c, domid, err) : 0;
    if (r == 0 && (r = make_durable(fd, file, went_on ? NULL : err)) && !stays)
        transfer_resume(&c->xen, domid, NULL);
    close(fd);
    if (r && !was_there)
        unlink(file);
    if (r || went_on)
        return -1;
    return stays ? 0 : end_domain(c, domid, err);
}
