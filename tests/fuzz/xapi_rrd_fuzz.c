/* Any request line as one for figures, and any bytes as a file of them. */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "http/head.h"
#include "rrd/rrd.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int drop(void *user, const char *text, size_t len)
{
    *(size_t *)user += text[0] + len;
    return 0;
}

static void answer(const struct rrd_ask *ask, const char *path)
{
    size_t sum = 0;
    struct rrd_target t = { RRD_VM, "u", path };
    struct rrd_query q = ask->query;
    q.last = 1727913615;
    rrd_updates(&q, &t, 1, NULL, drop, &sum);
}

static void as_request(const uint8_t *data, size_t size)
{
    ERR_AUTO err = { 0 };
    struct http_head h = { 0 };
    struct rrd_ask ask;
    g_autofree char *query = g_strndup((const char *)data, size);
    g_autofree char *head =
        g_strdup_printf("GET /rrd_updates?start=0&%s HTTP/1.1\r\n\r\n", query);
    if (http_head_parse(head, strlen(head), &h, &err) == 0 &&
        rrd_ask_parse(h.query, query, &ask, &err) == 0)
        answer(&ask, "/nonexistent");
    http_head_dispose(&h);
}

/* Behind the magic word, so that it is taken for one of ours; sized so that
 * small heads are whole. */
static void as_file(const uint8_t *data, size_t size)
{
    static const struct rrd_ask all = { .query = { .start = 0, .cf = -1 } };
    ERR_AUTO err = { 0 };
    size_t sum = 0;
    struct rrd r;
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    if (write(fd, "XRRD0001", 8) == 8 &&
        write(fd, data, size) == (ssize_t)size && ftruncate(fd, 1 << 20) == 0) {
        struct rrd_file *f = rrd_file_open(path);
        rrd_init(&r, RRD_VM);
        /* a file with columns that are no more would be made anew there */
        bool ours = f != NULL;
        for (guint i = 0; f && i < rrd_file_columns(f); i++)
            ours &= rrd_source_find(RRD_VM, rrd_file_name(f, i)) != NULL;
        if (ours && rrd_file_load(path, &r, &err) > 0)
            rrd_dump(&r, f, false, drop, &sum);
        rrd_file_close(f);
        rrd_dispose(&r);
        answer(&all, path);
    }
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size && data[0] & 1)
        as_request(data + 1, size - 1);
    else if (size && size < 65536)
        as_file(data + 1, size - 1);
    return 0;
}
