/* Counters of Dom0's kernel: interfaces from /proc/net/dev, disks from sysfs
 * (way C, input). Files are opened once and read again from their start: that
 * costs one system call a number. */
#include "top/counters.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "top/proc.h"

enum { VBD_FILES = 5 };

/* The open counter files of one disk; -1 where one could not be opened. */
struct disk {
    int fd[VBD_FILES];
    bool seen; /* in the listing that is being read */
};

struct counters {
    char *root;
    int netdev, stat, uptime; /* -1: not there */
    GHashTable *disks;        /* folder name -> struct disk */
    GString *text;            /* last file that was read */
};

static int open_below(const struct counters *c, const char *path)
{
    g_autofree char *full = g_strconcat(c->root, path, NULL);
    return open(full, O_RDONLY | O_CLOEXEC);
}

static void disk_free(gpointer data)
{
    struct disk *d = data;
    for (int i = 0; i < VBD_FILES; i++)
        if (d->fd[i] >= 0)
            close(d->fd[i]);
    g_free(d);
}

/* Five files for each disk may be more than the usual 1,024. */
static void raise_file_limit(void)
{
    struct rlimit limit;
    if (!getrlimit(RLIMIT_NOFILE, &limit)) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

struct counters *counters_open(const char *root)
{
    struct counters *c = g_new0(struct counters, 1);
    c->root = g_strdup(root);
    c->netdev = c->stat = c->uptime = -1;
    c->disks =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, disk_free);
    c->text = g_string_new(NULL);
    raise_file_limit();
    return c;
}

static void close_fd(int fd)
{
    if (fd >= 0)
        close(fd);
}

void counters_close(struct counters *c)
{
    if (!c)
        return;
    close_fd(c->netdev);
    close_fd(c->stat);
    close_fd(c->uptime);
    g_hash_table_destroy(c->disks);
    g_string_free(c->text, TRUE);
    g_free(c->root);
    g_free(c);
}

/* The whole file into c->text; false when it cannot be read. */
static bool read_again(struct counters *c, int *fd, const char *path)
{
    if (*fd < 0)
        *fd = open_below(c, path);
    g_string_truncate(c->text, 0);
    for (;;) {
        gsize had = c->text->len;
        g_string_set_size(c->text, had + 16384);
        ssize_t n =
            *fd < 0 ? -1 : pread(*fd, c->text->str + had, 16384, (off_t)had);
        g_string_truncate(c->text, had + (gsize)MAX(n, 0));
        if (n <= 0)
            return n == 0 && c->text->len;
    }
}

/* "backend/vif/1/0" of an interface, or NULL. Source: xen-netback gives its
 * devices this attribute of the XenBus. */
static const char *nodename(struct counters *c, const char *ifname,
                            char buffer[64])
{
    char path[128];
    g_snprintf(path, sizeof path, "/sys/class/net/%s/device/nodename", ifname);
    int fd = open_below(c, path);
    if (fd < 0)
        return NULL;
    ssize_t n = read(fd, buffer, 63);
    close(fd);
    buffer[MAX(n, 0)] = '\0';
    return buffer;
}

static void net_line(struct counters *c, struct sample *s, GArray *out,
                     const char *line, size_t len)
{
    struct proc_netdev l;
    struct owned_net o = { 0 };
    uint32_t id;
    char buffer[64];
    if (!proc_netdev_parse(line, len, &l))
        return;
    /* The usual name tells all; only a name given by vifname= must be asked. */
    if (!proc_vif_parse(NULL, l.name, &o.domid, &id) &&
        !proc_vif_parse(nodename(c, l.name, buffer), l.name, &o.domid, &id))
        return;
    o.net = (struct net){
        .id = id,
        .ifname = sample_text(s, l.name),
        .rx_bytes = l.rx_bytes,
        .rx_packets = l.rx_packets,
        .rx_errors = l.rx_errors,
        .rx_drops = l.rx_drops,
        .tx_bytes = l.tx_bytes,
        .tx_packets = l.tx_packets,
        .tx_errors = l.tx_errors,
        .tx_drops = l.tx_drops,
        .state = -1,
        .backend_id = 0,
    };
    g_array_append_val(out, o);
}

void counters_nets(struct counters *c, struct sample *s, GArray *out)
{
    if (!read_again(c, &c->netdev, "/proc/net/dev"))
        return;
    const char *p = c->text->str;
    while (*p) {
        size_t len = strcspn(p, "\n");
        net_line(c, s, out, p, len);
        p += len + (p[len] == '\n');
    }
}

#define XEN_BACKENDS "/sys/bus/xen-backend/devices"

static struct disk *disk_open(const struct counters *c, const char *folder)
{
    /* Source: xen-blkback's statistics, Documentation/ABI/testing of Linux */
    static const char *const files[VBD_FILES] = { "oo_req", "rd_req", "wr_req",
                                                  "rd_sect", "wr_sect" };
    struct disk *d = g_new(struct disk, 1);
    for (int i = 0; i < VBD_FILES; i++) {
        char path[384];
        g_snprintf(path, sizeof path, XEN_BACKENDS "/%s/statistics/%s", folder,
                   files[i]);
        d->fd[i] = open_below(c, path);
    }
    return d;
}

static bool disk_read(const struct disk *d, struct vbd *v)
{
    uint64_t *const into[VBD_FILES] = { &v->oo_reqs, &v->rd_reqs, &v->wr_reqs,
                                        &v->rd_sects, &v->wr_sects };
    for (int i = 0; i < VBD_FILES; i++) {
        char buffer[64];
        ssize_t n =
            d->fd[i] < 0 ? -1 : pread(d->fd[i], buffer, sizeof buffer - 1, 0);
        if (n <= 0)
            return false;
        buffer[n] = '\0';
        if (!proc_number_parse(buffer, into[i]))
            return false;
    }
    return true;
}

/* Reads by the open files; when they belong to a back end that went away and
 * came again under the same name, opens them anew. */
static bool disk_counters(struct counters *c, const char *folder, struct vbd *v)
{
    struct disk *d = g_hash_table_lookup(c->disks, folder);
    bool done = d && disk_read(d, v);
    if (!done) {
        d = disk_open(c, folder);
        g_hash_table_replace(c->disks, g_strdup(folder), d);
        done = disk_read(d, v);
    }
    d->seen = true;
    return done;
}

static gboolean forget_unseen(gpointer key, gpointer value, gpointer data)
{
    (void)key, (void)data;
    struct disk *d = value;
    bool gone = !d->seen;
    d->seen = false;
    return gone;
}

void counters_vbds(struct counters *c, GArray *out)
{
    g_autofree char *path = g_strconcat(c->root, XEN_BACKENDS, NULL);
    DIR *dir = opendir(path);
    if (!dir)
        return; /* no back end driver in this kernel: no disks to count */
    for (struct dirent *e; (e = readdir(dir));) {
        struct owned_vbd o = { .vbd = { .counted = true, .state = -1 } };
        uint32_t id;
        if (!proc_vbd_parse(e->d_name, &o.domid, &id, &o.vbd.kind))
            continue;
        o.vbd.id = id;
        o.vbd.error = !disk_counters(c, e->d_name, &o.vbd);
        g_array_append_val(out, o);
    }
    closedir(dir);
    g_hash_table_foreach_remove(c->disks, forget_unseen, NULL);
}

int64_t counters_dom0_steal(struct counters *c)
{
    if (!read_again(c, &c->stat, "/proc/stat"))
        return -1;
    return proc_steal_parse(c->text->str, sysconf(_SC_CLK_TCK));
}

int64_t counters_dom0_uptime(struct counters *c)
{
    if (!read_again(c, &c->uptime, "/proc/uptime"))
        return -1;
    return (int64_t)g_ascii_strtoull(c->text->str, NULL, 10);
}
