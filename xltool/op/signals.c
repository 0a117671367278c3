/* Ctrl-C as a readable descriptor (way A). */
#include "op/signals.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

void signals_hold(struct signals *s)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, &s->before);
    s->fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (s->fd < 0)
        sigprocmask(SIG_SETMASK, &s->before, NULL);
}

int signals_came(const struct signals *s)
{
    struct pollfd p = { .fd = s->fd, .events = POLLIN };
    return s->fd >= 0 && poll(&p, 1, 0) == 1;
}

void signals_release(struct signals *s)
{
    struct signalfd_siginfo info;
    if (s->fd < 0)
        return;
    while (read(s->fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
        continue;
    close(s->fd);
    s->fd = -1;
    sigprocmask(SIG_SETMASK, &s->before, NULL);
}
