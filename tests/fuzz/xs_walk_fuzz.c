/* Any answers of xenstored to a walk: it ends, with or without an error. The
 * input is a row of answers: type, id, length, payload; the rest is sent as it
 * is, so that broken headers come, too. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "xs/perm.h"
#include "xs/walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void node(void *arg, const struct walk_node *n)
{
    struct out o = { .fd = -1 };

    (void)arg;
    out_raw(&o, n->path, strlen(n->path));
    if (n->value)
        out_quoted(&o, n->value, n->len);
    if (n->perms) {
        perm_print_words(&o, n->perms, n->perms_len);
        perm_print_json(&o, n->perms, n->perms_len);
    }
    out_dispose(&o);
}

static void trouble(void *arg, const char *path, int errnum)
{
    (void)arg, (void)path, (void)errnum;
}

static bool wanted(void *arg)
{
    (void)arg;
    return true;
}

static void pause_(void *arg)
{
    (void)arg;
}

static void feed(int fd, const uint8_t *data, size_t size)
{
    char head[WIRE_HEADER];

    while (size > 3 && data[0] < 24) {
        struct wire_msg m = { .type = data[0], .id = data[1], .len = data[2] };
        size_t len = m.len < size - 3 ? m.len : size - 3;

        m.len = (uint32_t)len;
        wire_header(head, &m);
        if (write(fd, head, sizeof(head)) < 0 || write(fd, data + 3, len) < 0)
            return;
        data += 3 + len;
        size -= 3 + len;
    }
    if (write(fd, data, size) < 0)
        return;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct client c = { 0 };
    struct walk w = { .client = &c,
                      .max_depth = -1,
                      .node = node,
                      .trouble = trouble,
                      .wanted = wanted,
                      .pause = pause_ };
    int fd[2];

    if (size > 8192 || socketpair(AF_UNIX, SOCK_STREAM, 0, fd))
        return 0;
    w.perms = size & 1;
    feed(fd[1], data, size);
    shutdown(fd[1], SHUT_WR);
    channel_take(&c.channel, fd[0], false);
    walk_run(&w, "/");
    channel_close(&c.channel);
    close(fd[1]);
    return 0;
}
