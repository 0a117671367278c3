/* The primary's end of Remus and COLO (way A, from a running domain to a
 * stream of checkpoints for another host). */
#include "op/remus.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "op/peer.h"
#include "op/savefile.h"
#include "op/transfer.h"
#include "xen/wait.h"

enum { BANNER_MS = 60000, LOOK_MS = 2000 };

static char *receive_words(const struct remus_how *how)
{
    if (!how->colo)
        return g_strdup("-r");
    return g_strdup_printf(
        "--colo%s%s%s", how->colo_script ? " --coloft-script " : "",
        how->colo_script ? how->colo_script : "",
        how->userspace_proxy ? " --userspace-colo-proxy" : "");
}

/* The receiver waits for the same head as that of a migration. */
static int greet(struct xen *x, uint32_t domid, struct peer *peer,
                 struct err *err)
{
    g_autofree char *config = transfer_config(x, domid, NULL, false, err);
    if (!config)
        return -1;
    if (migrate_expect(peer->recv_fd, MIGRATE_BANNER,
                       sizeof(MIGRATE_BANNER) - 1, BANNER_MS, "the receiver",
                       err))
        return err_hint(err, "Does `%s` work, and is xl there?", peer->command);
    g_autoptr(GString) head = g_string_new(NULL);
    savefile_format(head, config);
    return transfer_write_all(peer->send_fd, head->str, head->len,
                              "the receiver", err);
}

static int ended(struct xen *x, uint32_t domid, int rc, struct err *err)
{
    ERR_AUTO second = { 0 };
    if (libxl_domain_info(x->ctx, NULL, domid)) {
        xen_log_clear(x->log);
        fprintf(stderr, "xl: the domain was destroyed here; its standby takes "
                        "over\n");
        return 0;
    }
    if (rc == ERROR_GUEST_TIMEDOUT)
        return xen_fail(x, err, rc, "the domain did not suspend");
    xen_fail(x, err, rc, "the standby is lost");
    if (transfer_resume(x, domid, &second) == 0)
        return err_hint(err, "The domain goes on here, without a standby.");
    err_context(err, "resuming it here: %s", second.message);
    return err_hint(err, "The domain is still here but stands still.");
}

/* libxl can wait long for a domain that somebody has destroyed. */
static int wait_while_there(struct xen *x, struct wait_op *op, uint32_t domid)
{
    bool told = false;
    while (!op->done) {
        int rc = wait_turn(x, -1, LOOK_MS);
        if (rc)
            return rc;
        if (told || op->done || libxl_domain_info(x->ctx, NULL, domid) == 0)
            continue;
        libxl_ao_abort(x->ctx, &op->how);
        told = true;
    }
    return op->rc;
}

static int run(struct xen *x, uint32_t domid, const struct remus_how *how,
               int send_fd, int recv_fd, struct err *err)
{
    struct wait_op op;
    wait_op_init(&op);
    int rc = libxl_domain_remus_start(x->ctx, how->info, domid, send_fd,
                                      recv_fd, &op.how);
    if (rc == 0)
        rc = wait_while_there(x, &op, domid);
    return ended(x, domid, rc, err);
}

static int blackhole(struct xen *x, uint32_t domid, const struct remus_how *how,
                     struct err *err)
{
    int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return err_errno(err, ERR_IO, errno, "cannot open /dev/null");
    int r = run(x, domid, how, fd, -1, err);
    close(fd);
    return r;
}

int remus_send(struct xen *x, uint32_t domid, const struct remus_how *how,
               struct err *err)
{
    if (how->blackhole)
        return blackhole(x, domid, how, err);
    g_autofree char *words = receive_words(how);
    struct migrate_how peer_how = how->peer;
    struct peer peer;
    peer_how.receive = words;
    int r = peer_start(x, &peer_how, &peer, err);
    if (r == 0)
        r = greet(x, domid, &peer, err);
    if (r == 0)
        r = run(x, domid, how, peer.send_fd, peer.recv_fd, err);
    peer_end(&peer);
    return r;
}
