/* Counters of the disks that QEMU serves (way C, input). One QEMU is asked per
 * domain, all at the same time; each is left again after its answer, because
 * its socket serves one client only. Source: QEMU's qapi/block-core.json. */
#include "top/qmp.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { ID_BLOCKS = 2, ID_STATS = 3, SECTOR = 512 };
enum { ANSWER_MAX = 4 << 20 };

static const char questions[] = "{\"execute\":\"qmp_capabilities\",\"id\":1}\n"
                                "{\"execute\":\"query-block\",\"id\":2}\n"
                                "{\"execute\":\"query-blockstats\",\"id\":3}\n";

void qmp_dispose(struct qmp_answers *a)
{
    value_free(a->blocks);
    value_free(a->stats);
    *a = (struct qmp_answers){ 0 };
}

static void take(struct value **into, const struct value *answer)
{
    const struct value *list = value_find(answer, "return");
    if (!list)
        return;
    value_free(*into);
    *into = value_copy(list);
}

void qmp_parse(struct qmp_answers *a, const char *text, size_t len)
{
    const char *end = text + len;
    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        stop = stop ? stop : end;
        VALUE_AUTO *v = value_json_parse(text, (size_t)(stop - text), NULL);
        int64_t id = value_get_int(value_find(v, "id"));
        if (id == ID_BLOCKS)
            take(&a->blocks, v);
        else if (id == ID_STATS)
            take(&a->stats, v);
        text = stop + 1;
    }
}

static const char *text_of(const struct value *o, const char *key)
{
    const char *text = value_get_string(value_find(o, key));
    return text && *text ? text : NULL;
}

/* The disks that QEMU opens for a PV front end have the node name DEV-FORMAT.
 */
static bool named_after(const struct value *stats, const char *dev)
{
    const char *node = text_of(stats, "node-name");
    size_t n = dev ? strlen(dev) : 0;
    return n && node && !strncmp(node, dev, n) && node[n] == '-';
}

/* An emulated disk has a name of QEMU's own; the image file tells whose it is.
 */
static bool same_file(const struct qmp_answers *a, const struct value *stats,
                      const char *params)
{
    const char *device = text_of(stats, "device");
    if (!device || !params)
        return false;
    const char *colon = strchr(params, ':');
    for (size_t i = 0; i < value_count(a->blocks); i++) {
        const struct value *b = value_at(a->blocks, i);
        const struct value *inserted = value_find(b, "inserted");
        const char *file = text_of(inserted, "file");
        if (g_strcmp0(text_of(b, "device"), device) || !file)
            continue;
        return !strcmp(file, params) || (colon && !strcmp(file, colon + 1));
    }
    return false;
}

static uint64_t counter(const struct value *stats, const char *key)
{
    int64_t n = value_get_int(value_find(value_find(stats, "stats"), key));
    return n > 0 ? (uint64_t)n : 0;
}

bool qmp_fill(const struct qmp_answers *a, struct qmp_disk *d)
{
    bool found = false;
    for (size_t i = 0; i < value_count(a->stats); i++) {
        const struct value *s = value_at(a->stats, i);
        if (!named_after(s, d->dev) && !same_file(a, s, d->params))
            continue;
        found = true;
        d->vbd.rd_reqs += counter(s, "rd_operations");
        d->vbd.wr_reqs += counter(s, "wr_operations");
        d->vbd.rd_sects += counter(s, "rd_bytes") / SECTOR;
        d->vbd.wr_sects += counter(s, "wr_bytes") / SECTOR;
    }
    return found;
}

/* One conversation: with the QEMU of disks[first .. first + count). */
struct talk {
    guint first, count;
    int fd;
    GString *received;
};

static bool answered(const GString *received)
{
    /* Answers come in the order of the questions; the last one ends the talk.
     */
    const char *last =
        g_strrstr_len(received->str, (gssize)received->len, "\"id\": 3");
    return last && received->str[received->len - 1] == '\n';
}

static int connect_to(const char *folder, uint32_t domid)
{
    struct sockaddr_un a = { .sun_family = AF_UNIX };
    int n = g_snprintf(a.sun_path, sizeof a.sun_path, "%s/qmp-libxenstat-%u",
                       folder, domid);
    if (n >= (int)sizeof a.sun_path)
        return -1;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    const size_t len = sizeof questions - 1;
    if (connect(fd, (struct sockaddr *)&a, sizeof a) ||
        send(fd, questions, len, MSG_NOSIGNAL) != (ssize_t)len) {
        close(fd);
        return -1;
    }
    return fd;
}

/* False when the conversation is over. */
static bool listen_to(struct talk *t)
{
    char buffer[16384];
    ssize_t n = read(t->fd, buffer, sizeof buffer);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    g_string_append_len(t->received, buffer, n);
    return n && t->received->len < ANSWER_MAX && !answered(t->received);
}

static void hang_up(struct talk *t, GArray *disks)
{
    struct qmp_answers a = { 0 };
    qmp_parse(&a, t->received->str, t->received->len);
    for (guint i = 0; i < t->count; i++) {
        struct qmp_disk *d =
            &g_array_index(disks, struct qmp_disk, t->first + i);
        d->vbd.error = !qmp_fill(&a, d);
    }
    qmp_dispose(&a);
    g_string_free(t->received, TRUE);
    close(t->fd);
    t->fd = -1;
}

static void listen_all(GArray *talks, GArray *disks, int timeout_ms)
{
    gint64 end = g_get_monotonic_time() + timeout_ms * G_TIME_SPAN_MILLISECOND;
    g_autofree struct pollfd *fds = g_new0(struct pollfd, talks->len);
    guint open = talks->len;
    while (open) {
        gint64 left = (end - g_get_monotonic_time()) / G_TIME_SPAN_MILLISECOND;
        for (guint i = 0; i < talks->len; i++)
            fds[i] = (struct pollfd){
                .fd = g_array_index(talks, struct talk, i).fd,
                .events = POLLIN,
            };
        if (left <= 0 || poll(fds, talks->len, (int)left) < 0)
            break;
        for (guint i = 0; i < talks->len; i++) {
            struct talk *t = &g_array_index(talks, struct talk, i);
            if (fds[i].revents && t->fd >= 0 && !listen_to(t)) {
                hang_up(t, disks);
                open--;
            }
        }
    }
    for (guint i = 0; i < talks->len; i++)
        if (g_array_index(talks, struct talk, i).fd >= 0)
            hang_up(&g_array_index(talks, struct talk, i), disks);
}

void qmp_ask(const char *folder, GArray *disks, int timeout_ms)
{
    g_autoptr(GArray) talks = g_array_new(FALSE, FALSE, sizeof(struct talk));
    for (guint i = 0; i < disks->len;) {
        uint32_t domid = g_array_index(disks, struct qmp_disk, i).domid;
        struct talk t = { .first = i, .fd = connect_to(folder, domid) };
        for (; i < disks->len; i++, t.count++) {
            struct qmp_disk *d = &g_array_index(disks, struct qmp_disk, i);
            if (d->domid != domid)
                break;
            d->vbd.error = true;
        }
        if (t.fd < 0)
            continue;
        t.received = g_string_new(NULL);
        g_array_append_val(talks, t);
    }
    if (talks->len)
        listen_all(talks, disks, timeout_ms);
}
