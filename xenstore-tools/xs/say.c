/* Error sentences of the XenStore tools. */
#include "xs/say.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "xs/channel.h"
#include "xs/quote.h"

static const struct {
    int errnum;
    const char *words;
} reasons[] = {
    { ENOENT, "there is no such node" },
    { EACCES, "no permission for this node; see its permissions with "
              "xenstore-ls -p" },
    { EPERM, "not permitted; a program in Dom0 run by root may do this" },
    { EAGAIN, "other programs kept changing the same nodes; try again" },
    { E2BIG, "too large: path and value together may take 4096 bytes" },
    { ENOSPC, "the XenStore quota of the domain is used up; remove nodes or "
              "raise xenstored's quota" },
    { EBUSY, "xenstored is busy; try again" },
    { ENOSYS, "this xenstored does not know the request" },
    { EISDIR, "this node cannot be removed or replaced" },
    { EEXIST, "it exists already" },
    { ENOMEM, "out of memory" },
    { ETIMEDOUT, "xenstored gave no answer for two minutes; is it hung?" },
    { ECONNRESET, "xenstored closed the connection; is it still running?" },
    { EPIPE, "xenstored closed the connection; is it still running?" },
    { EPROTO, "xenstored's answer cannot be understood" },
};

/* What is wrong with a path that xenstored calls invalid. */
static const char *path_fault(const char *path)
{
    size_t len = strlen(path);
    static const char allowed[] = "-/_@0123456789abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    if (len == 0)
        return "a path cannot be empty";
    if (len >= WIRE_PATH_MAX)
        return "a path may have 3071 characters at most";
    if (strspn(path, allowed) != len)
        return "a path is made of letters, digits and - / _ @ only";
    if (strstr(path, "//"))
        return "a path cannot have an empty part (//)";
    if (len > 1 && path[len - 1] == '/')
        return "a path cannot end with /";
    return "xenstored refused it as invalid";
}

const char *say_reason(int errnum, const char *path)
{
    if (errnum == EINVAL && path)
        return path_fault(path);
    for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
        if (reasons[i].errnum == errnum)
            return reasons[i].words;
    return strerror(errnum);
}

void say(const char *prog, const char *fmt, ...)
{
    char text[8192], safe[sizeof(text) * QUOTE_MAX + 1];
    size_t n = (size_t)snprintf(text, sizeof(text), "%s: ", prog);
    va_list ap;

    if (n >= sizeof(text))
        n = sizeof(text) - 1;
    va_start(ap, fmt);
    vsnprintf(text + n, sizeof(text) - n, fmt, ap);
    va_end(ap);
    n = quote(safe, text, strlen(text));
    safe[n++] = '\n';
    if (write(STDERR_FILENO, safe, n) < 0)
        return; /* nowhere left to complain */
}

void say_failed(const char *prog, const char *what, const char *subject,
                int errnum)
{
    say(prog, "%s %s: %s", what, subject, say_reason(errnum, subject));
}

void say_no_xenstored(const char *prog, int errnum)
{
    char buf[4096];
    const char *path = channel_socket_path(buf, sizeof(buf));

    if (errnum == EACCES || errnum == EPERM)
        say(prog,
            "cannot reach xenstored: no permission for %s; run this as root",
            path);
    else
        say(prog,
            "cannot reach xenstored at %s: %s; is xenstored running, and is "
            "this a Xen host?",
            path, strerror(errnum));
}
