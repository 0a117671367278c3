/* What both ends of a migration share (way A). */
#include "op/migrate.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "xen/wait.h"

/* One byte more, or -1 and err. */
static int next_byte(int fd, char *byte, int64_t deadline, const char *who,
                     struct err *err)
{
    for (;;) {
        struct pollfd p = { .fd = fd, .events = POLLIN };
        int64_t left = deadline < 0 ? -1 : deadline - wait_now_ms();
        if (deadline >= 0 && left <= 0)
            return err_set(err, ERR_TIMEOUT, "%s does not answer", who);
        int n = poll(&p, 1, (int)left);
        if (n > 0)
            n = (int)read(fd, byte, 1);
        else if (n == 0 || errno == EINTR)
            continue;
        if (n == 1)
            return 0;
        if (n == 0)
            return err_set(err, ERR_IO, "%s has gone away", who);
        if (errno != EINTR)
            return err_errno(err, ERR_IO, errno, "cannot hear %s", who);
    }
}

int migrate_expect(int fd, const char *word, size_t len, int timeout_ms,
                   const char *who, struct err *err)
{
    int64_t deadline = timeout_ms < 0 ? -1 : wait_now_ms() + timeout_ms;
    g_autoptr(GString) got = g_string_new(NULL);
    while (got->len < len) {
        char byte;
        if (next_byte(fd, &byte, deadline, who, err)) {
            if (got->len)
                err_context(err, "it had said \"%s\"", got->str);
            return -1;
        }
        g_string_append_c(got, byte);
        if (byte != word[got->len - 1])
            return err_set(err, ERR_IO,
                           "%s said \"%s\" where \"%.40s\" belongs", who,
                           got->str, word);
    }
    return 0;
}
