/* The process that carries a migration to the other host (way A). */
#include "op/peer.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "xen/child.h"

enum { END_MS = 10000 };

/* The line for sh; the words behind `xl` in `what`. */
static char *line(const struct migrate_how *how, const char *what)
{
    const char *ssh = how->command ? how->command : "ssh";
    if (!*ssh)
        return g_strdup_printf("exec %s", how->host);
    return g_strdup_printf("exec %s %s xl %s", ssh, how->host, what);
}

static void become(const char *command, int in, int out)
{
    signal(SIGPIPE, SIG_DFL);
    if (dup2(in, 0) < 0 || dup2(out, 1) < 0)
        _exit(126);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

static int start(const char *command, struct peer *p, struct err *err)
{
    int to[2], from[2];
    if (pipe2(to, O_CLOEXEC))
        return err_errno(err, ERR_FAIL, errno, "cannot make a pipe");
    if (pipe2(from, O_CLOEXEC)) {
        close(to[0]);
        close(to[1]);
        return err_errno(err, ERR_FAIL, errno, "cannot make a pipe");
    }
    p->pid = fork();
    if (p->pid == 0)
        become(command, to[0], from[1]);
    close(to[0]);
    close(from[1]);
    p->send_fd = to[1];
    p->recv_fd = from[0];
    if (p->pid < 0)
        return err_errno(err, ERR_FAIL, errno, "cannot start \"%s\"", command);
    return 0;
}

int peer_start(struct xen *x, const struct migrate_how *how, struct peer *p_out,
               struct err *err)
{
    g_autofree char *what = g_strdup_printf(
        "%smigrate-receive%s%s%s%s%s", how->verbose ? "-v " : "",
        how->receive ? " " : "", how->receive ? how->receive : "",
        how->no_monitor ? " -e" : "", how->debug ? " -d" : "",
        how->paused ? " -p" : "");
    (void)x;
    *p_out = (struct peer){ .send_fd = -1, .recv_fd = -1 };
    p_out->command = line(how, what);
    /* a receiver that goes away must not end this process */
    signal(SIGPIPE, SIG_IGN);
    return start(p_out->command, p_out, err);
}

void peer_end(struct peer *p)
{
    if (p->send_fd >= 0)
        close(p->send_fd);
    if (p->recv_fd >= 0)
        close(p->recv_fd);
    if (p->pid > 0 && child_wait(p->pid, END_MS) == -1) {
        kill(p->pid, SIGKILL);
        child_wait(p->pid, 1000);
    }
    g_free(p->command);
    *p = (struct peer){ .send_fd = -1, .recv_fd = -1 };
}

int peer_has_domain(const struct migrate_how *how, const char *name)
{
    if (how->command && !*how->command)
        return -1; /* no shell there to ask */
    g_autofree char *quoted = g_shell_quote(name);
    g_autofree char *what = g_strdup_printf("domid %s", quoted);
    struct peer p = { .send_fd = -1, .recv_fd = -1 };
    p.command = line(how, what);
    int status = -1;
    if (start(p.command, &p, NULL) == 0) {
        status = child_wait(p.pid, 3 * END_MS);
        if (status == -1)
            kill(p.pid, SIGKILL);
        p.pid = status == -1 ? p.pid : 0;
    }
    peer_end(&p);
    if (status == -1 || !WIFEXITED(status))
        return -1;
    /* 255 is ssh's own failure, 126 and 127 the shell's */
    int code = WEXITSTATUS(status);
    return code == 0 ? 1 : code == 1 ? 0 : -1;
}
