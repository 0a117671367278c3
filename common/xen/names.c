/* Names of domains with all requests in flight at once (ways A and C). The
 * messages: xen/io/xs_wire.h. */
#include "xen/names.h"

#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>
#include <xen/io/xs_wire.h>

/* Requests written before the first answer is read: their answers fit into
 * what the kernel keeps for a socket. */
enum { BATCH = 128, SILENCE_S = 30 };

static int connect_to(const char *path)
{
    struct sockaddr_un addr = { .sun_family = AF_UNIX };
    const struct timeval limit = { .tv_sec = SILENCE_S };
    if (strlen(path) >= sizeof(addr.sun_path))
        return -1;
    memcpy(addr.sun_path, path, strlen(path));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
    if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0)
        return fd;
    close(fd);
    return -1;
}

/* The socket where libxenstore looks for it. */
static int open_socket(void)
{
    const char *path = getenv("XENSTORED_PATH");
    if (path)
        return connect_to(path);
    const char *dir = getenv("XENSTORED_RUNDIR");
    g_autofree char *usual =
        g_strdup_printf("%s/socket", dir ? dir : "/var/run/xenstored");
    return connect_to(usual);
}

static bool write_requests(int fd, const uint32_t *domids, int from, int to)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (int i = from; i < to; i++) {
        char path[64];
        int len =
            g_snprintf(path, sizeof(path), "/local/domain/%u/name", domids[i]);
        struct xsd_sockmsg head = { .type = XS_READ,
                                    .req_id = (uint32_t)i,
                                    .len = (uint32_t)len + 1 };
        g_string_append_len(out, (const char *)&head, sizeof(head));
        g_string_append_len(out, path, len + 1);
    }
    for (size_t done = 0; done < out->len;) {
        ssize_t n = send(fd, out->str + done, out->len - done, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        done += (size_t)n;
    }
    return true;
}

/* Takes the whole answers from the front of `in`; their number, or -1. */
static int take_answers(GString *in, int from, int to, char **names_out)
{
    int nr = 0;
    size_t at = 0;
    struct xsd_sockmsg head;
    while (in->len - at >= sizeof(head)) {
        memcpy(&head, in->str + at, sizeof(head));
        if (head.len > XENSTORE_PAYLOAD_MAX || head.req_id < (uint32_t)from ||
            head.req_id >= (uint32_t)to || names_out[head.req_id])
            return -1;
        if (in->len - at - sizeof(head) < head.len)
            break;
        if (head.type == XS_READ)
            names_out[head.req_id] =
                strndup(in->str + at + sizeof(head), head.len);
        else if (head.type != XS_ERROR)
            return -1;
        at += sizeof(head) + head.len;
        nr++;
    }
    g_string_erase(in, 0, (gssize)at);
    return nr;
}

static bool read_answers(int fd, int from, int to, char **names_out)
{
    g_autoptr(GString) in = g_string_new(NULL);
    char buf[8192];
    for (int left = to - from; left > 0;) {
        ssize_t n = recv(fd, buf, sizeof(buf), 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        g_string_append_len(in, buf, n);
        int nr = take_answers(in, from, to, names_out);
        if (nr < 0)
            return false;
        left -= nr;
    }
    return true;
}

bool xen_names_read(const uint32_t *domids, int nr, char **names_out)
{
    int fd = open_socket();
    bool good = fd >= 0;
    memset(names_out, 0, sizeof(*names_out) * (size_t)nr);
    for (int from = 0; from < nr && good; from += BATCH) {
        int to = MIN(from + BATCH, nr);
        good = write_requests(fd, domids, from, to) &&
               read_answers(fd, from, to, names_out);
    }
    if (fd >= 0)
        close(fd);
    for (int i = 0; i < nr && !good; i++)
        g_clear_pointer(&names_out[i], free);
    return good;
}
