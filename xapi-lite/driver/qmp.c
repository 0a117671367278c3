/* Talks to the QEMU of a guest, one line of JSON each way (way B). */
#include "driver/qmp.h"

#include <errno.h>
#include <glib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct qmp {
    int fd;
    GString *in; /* bytes that came behind the last line */
};

enum { ANSWER_S = 10 };

static int next_line(struct qmp *q, GString *line, struct err *err)
{
    char buf[4096], *end;
    while (!(end = memchr(q->in->str, '\n', q->in->len))) {
        ssize_t n = recv(q->fd, buf, sizeof buf, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(err, ERR_IO, errno, "QEMU does not answer");
        if (n == 0)
            return err_set(err, ERR_IO, "QEMU has ended");
        g_string_append_len(q->in, buf, n);
    }
    gsize n = (gsize)(end - q->in->str) + 1;
    g_string_truncate(line, 0);
    g_string_append_len(line, q->in->str, (gssize)n);
    g_string_erase(q->in, 0, (gssize)n);
    return 0;
}

static int send_all(struct qmp *q, const GString *text, struct err *err)
{
    for (gsize at = 0; at < text->len;) {
        ssize_t n = send(q->fd, text->str + at, text->len - at, MSG_NOSIGNAL);
        if (n < 0 && errno != EINTR)
            return err_errno(err, ERR_IO, errno, "QEMU does not listen");
        at += n > 0 ? (gsize)n : 0;
    }
    return 0;
}

static int take_answer(struct qmp *q, const char *command,
                       struct value **answer, struct err *err)
{
    g_autoptr(GString) line = g_string_new(NULL);
    for (;;) {
        if (next_line(q, line, err) < 0)
            return -1;
        VALUE_AUTO *v = value_json_parse(line->str, line->len, err);
        if (!v)
            return -1;
        const struct value *bad = value_find(v, "error");
        const struct value *good = value_find(v, "return");
        if (bad)
            return err_set(err, ERR_FAIL, "QEMU refuses %s: %s", command,
                           value_get_string(value_find(bad, "desc")));
        if (good && answer)
            *answer = value_copy(good);
        if (good)
            return 0; /* all else is an event */
    }
}

int qmp_call(struct qmp *q, const char *command, struct value *arguments,
             struct value **answer, struct err *err)
{
    VALUE_AUTO *v = value_object();
    g_autoptr(GString) text = g_string_new(NULL);
    value_set(v, "execute", value_string(command));
    if (arguments)
        value_set(v, "arguments", arguments);
    value_json_format(text, v, false);
    g_string_append_c(text, '\n');
    return send_all(q, text, err) < 0 ? -1
                                      : take_answer(q, command, answer, err);
}

static int greet(struct qmp *q, struct err *err)
{
    g_autoptr(GString) line = g_string_new(NULL);
    return next_line(q, line, err) < 0
               ? -1
               : qmp_call(q, "qmp_capabilities", NULL, NULL, err);
}

struct qmp *qmp_open(uint32_t domid, struct err *err)
{
    struct sockaddr_un a = { .sun_family = AF_UNIX };
    struct timeval limit = { .tv_sec = ANSWER_S };
    g_snprintf(a.sun_path, sizeof a.sun_path, "/var/run/xen/qmp-libxl-%u",
               domid);
    struct qmp *q = g_new0(struct qmp, 1);
    q->in = g_string_new(NULL);
    q->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (q->fd >= 0) {
        setsockopt(q->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        setsockopt(q->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    }
    if (q->fd < 0 || connect(q->fd, (struct sockaddr *)&a, sizeof a) < 0)
        err_errno(err, ERR_IO, errno, "cannot reach QEMU at %s", a.sun_path);
    else if (greet(q, err) == 0)
        return q;
    qmp_close(q);
    return NULL;
}

void qmp_close(struct qmp *q)
{
    if (!q)
        return;
    if (q->fd >= 0)
        close(q->fd);
    g_string_free(q->in, TRUE);
    g_free(q);
}
