/* Disks in image files under running guests, by the guest's QEMU (way B). */
#include "driver/qdisk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xenstore.h>

#include "driver/qmp.h"
#include "driver/sr_exec.h"

bool qdisk_is(const struct disk_spec *disk)
{
    return disk->path && disk->format && strcmp(disk->format, "raw");
}

/* ---- the QEMU of a guest
 * ---------------------------------------------------- */

/* Where Debian and a Xen built from source put it. */
static const char *program(void)
{
    static const char *const places[] = {
        "/usr/libexec/xen-qemu-system-i386",
        "/usr/lib/xen/bin/qemu-system-i386",
        "/usr/local/lib/xen/bin/qemu-system-i386",
        "/usr/bin/qemu-system-i386",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
        if (access(places[i], X_OK) == 0)
            return places[i];
    return NULL;
}

static char *pid_path(uint32_t domid)
{
    return g_strdup_printf("/local/domain/%u/image/device-model-pid", domid);
}

static bool is_served(struct xs_handle *xs, uint32_t domid)
{
    g_autofree char *path = pid_path(domid);
    unsigned len;
    char *pid = xs_read(xs, XBT_NULL, path, &len);
    free(pid);
    return pid != NULL;
}

/* The arguments are those with which libxl serves PV guests (libxl_dm.c). QEMU
 * holds the pid file locked, so there is never a second one. */
static int start(uint32_t domid, const char *pid_file, struct err *err)
{
    const char *qemu = program();
    if (!qemu)
        return sr_fail(err, 0,
                       "there is no QEMU for Xen on this host, which a disk in "
                       "an image file needs; install qemu-system-xen");
    g_autofree char *id = g_strdup_printf("%u", domid);
    g_autofree char *name = g_strdup_printf("disks-of-%u", domid);
    g_autofree char *socket = g_strdup_printf(
        "socket,id=libxl-cmd,path=/var/run/xen/qmp-libxl-%u,server=on,"
        "wait=off",
        domid);
    return SR_RUN(SR_QUICK_S, NULL, err, qemu, "-xen-domid", id, "-chardev",
                  socket, "-mon", "chardev=libxl-cmd,mode=control",
                  "-nodefaults", "-no-user-config", "-xen-attach", "-name",
                  name, "-vnc", "none", "-display", "none", "-machine", "xenpv",
                  "-m", "1", "-daemonize", "-pidfile", pid_file);
}

/* libxl ends the process it finds there when the guest is destroyed. */
static int note_pid(struct xs_handle *xs, uint32_t domid, const char *pid_file,
                    struct err *err)
{
    g_autofree char *pid = NULL;
    g_autofree char *path = pid_path(domid);
    for (int i = 0; i < 20; i++, g_usleep(50000)) {
        g_clear_pointer(&pid, g_free);
        if (g_file_get_contents(pid_file, &pid, NULL, NULL) && *g_strstrip(pid))
            return xs_write(xs, XBT_NULL, path, pid, (unsigned)strlen(pid))
                       ? 0
                       : sr_fail(err, 0, "xenstore does not take %s", path);
    }
    return sr_fail(err, 0, "QEMU wrote no %s", pid_file);
}

int qdisk_serve(uint32_t domid, struct err *err)
{
    ERR_AUTO why = { 0 };
    g_autofree char *pid_file =
        g_strdup_printf("/var/run/xen/disks-of-%u.pid", domid);
    struct xs_handle *xs = xs_open(0);
    if (!xs)
        return err_set(err, ERR_NOXEN, "xenstored does not answer");
    int r = 0;
    if (!is_served(xs, domid)) {
        r = start(domid, pid_file, &why);
        /* one that was started before, or beside us, is as good */
        if (r == 0 || strstr(why.message, "lock"))
            r = note_pid(xs, domid, pid_file, err);
        else
            sr_fail(err, why.exit_code, "%s", why.message);
    }
    xs_close(xs);
    return r;
}

static char *read_node(struct xs_handle *xs, const char *back_end,
                       const char *name)
{
    char path[96];
    unsigned len;
    g_snprintf(path, sizeof path, "%s/%s", back_end, name);
    return xs_read(xs, XBT_NULL, path, &len);
}

/* The state of the back end whose device has this name, 0: there is none. */
static int back_end_state(struct xs_handle *xs, uint32_t domid,
                          const char *vdev)
{
    char path[64], back_end[80];
    unsigned n = 0;
    int state = 0;
    g_snprintf(path, sizeof path, "/local/domain/0/backend/qdisk/%u", domid);
    char **ids = xs_directory(xs, XBT_NULL, path, &n);
    for (unsigned i = 0; i < n; i++) {
        g_snprintf(back_end, sizeof back_end, "%s/%s", path, ids[i]);
        char *dev = read_node(xs, back_end, "dev");
        char *text = read_node(xs, back_end, "state");
        if (dev && text && !strcmp(dev, vdev))
            state = atoi(text);
        free(dev);
        free(text);
    }
    free(ids);
    return state;
}

int qdisk_wait(uint32_t domid, const char *vdev, struct err *err)
{
    enum { INIT_WAIT = 2 }; /* of xen/io/xenbus.h: it is open */
    struct xs_handle *xs = xs_open(0);
    int state = 0;
    for (int i = 0; xs && i < 100 && state < INIT_WAIT; i++) {
        if (i)
            g_usleep(100000);
        state = back_end_state(xs, domid, vdev);
    }
    if (xs)
        xs_close(xs);
    return state >= INIT_WAIT
               ? 0
               : sr_fail(err, 0, "QEMU has not opened the disk within 10 s");
}

/* ---- its disks
 * -------------------------------------------------------------- */

/* The file that a node writes to; QEMU shows an overlay as "json:" with all it
 * stands on. Caller frees. */
static char *file_of(const char *shown)
{
    if (!shown || !g_str_has_prefix(shown, "json:"))
        return g_strdup(shown);
    const char *json = shown + strlen("json:");
    VALUE_AUTO *v = value_json_parse(json, strlen(json), NULL);
    return g_strdup(
        value_get_string(value_find(value_find(v, "file"), "filename")));
}

static bool is_disk(const char *shown, const char *path)
{
    struct stat a, b;
    g_autofree char *file = file_of(shown);
    return file && stat(file, &a) == 0 && stat(path, &b) == 0 &&
           a.st_ino == b.st_ino && a.st_dev == b.st_dev;
}

char *qdisk_node(struct qmp *q, const char *path, struct err *err)
{
    VALUE_AUTO *all = NULL;
    const char *node = NULL;
    int n = 0;
    if (qmp_call(q, "query-block", NULL, &all, err) < 0)
        return NULL;
    for (size_t i = 0; i < value_count(all); i++) {
        const struct value *v = value_find(value_at(all, i), "inserted");
        if (!is_disk(value_get_string(value_find(v, "file")), path))
            continue;
        node = value_get_string(value_find(v, "node-name"));
        n++;
    }
    if (n == 1 && node)
        return g_strdup(node);
    sr_fail(err, SR_FAIL_VDI,
            n ? "%s is open twice in QEMU: the guest must load its Xen disk "
                "driver first"
              : "%s is not open in the guest's QEMU",
            path);
    return NULL;
}

char *qdisk_device(struct qmp *q, const char *path)
{
    VALUE_AUTO *all = NULL;
    if (qmp_call(q, "query-block", NULL, &all, NULL) < 0)
        return NULL;
    for (size_t i = 0; i < value_count(all); i++) {
        const struct value *b = value_at(all, i);
        const struct value *v = value_find(b, "inserted");
        if (is_disk(value_get_string(value_find(v, "file")), path))
            return g_strdup(value_get_string(value_find(b, "qdev")));
    }
    return NULL;
}

int qdisk_pid(uint32_t domid)
{
    unsigned len;
    g_autofree char *path = pid_path(domid);
    struct xs_handle *xs = xs_open(0);
    char *pid = xs ? xs_read(xs, XBT_NULL, path, &len) : NULL;
    int n = pid ? atoi(pid) : 0;
    free(pid);
    if (xs)
        xs_close(xs);
    return n;
}

/* Whether one of QEMU's nodes has this text there. */
static enum qdisk_answer has_node(uint32_t domid, const char *key,
                                  const char *text)
{
    VALUE_AUTO *all = NULL;
    QMP_AUTO *q = qmp_open(domid, NULL);
    if (!q || qmp_call(q, "query-named-block-nodes", NULL, &all, NULL) < 0)
        return QDISK_SILENT;
    for (size_t i = 0; i < value_count(all); i++) {
        const char *s = value_get_string(value_find(value_at(all, i), key));
        if (s && !strcmp(s, text))
            return QDISK_YES;
    }
    return QDISK_NO;
}

enum qdisk_answer qdisk_opens(uint32_t domid, const char *file)
{
    return has_node(domid, "file", file);
}

static int snapshot_to(struct qmp *q, const char *node, const char *overlay,
                       const char *name, struct err *err)
{
    struct value *a = value_object();
    value_set(a, "node-name", value_string(node));
    value_set(a, "snapshot-file", value_string(overlay));
    value_set(a, "snapshot-node-name", value_string(name));
    value_set(a, "format", value_string("qcow2"));
    value_set(a, "mode", value_string("existing"));
    return qmp_call(q, "blockdev-snapshot-sync", a, NULL, err);
}

enum qdisk_answer qdisk_snapshot(uint32_t domid, const char *path,
                                 const char *overlay, struct err *err)
{
    g_autofree char *id = g_uuid_string_random();
    g_autofree char *name = g_strdup_printf("s%.20s", id);
    struct qmp *q = qmp_open(domid, err);
    g_autofree char *node = q ? qdisk_node(q, path, err) : NULL;
    ERR_AUTO why = { 0 };
    int r = node ? snapshot_to(q, node, overlay, name, &why) : -1;
    qmp_close(q);
    if (r == 0)
        return QDISK_YES;
    if (node)
        err_set(err, why.id, "%s", why.message);
    /* one that has not answered in time may have done it */
    if (!node || why.id == ERR_FAIL)
        return QDISK_NO;
    enum qdisk_answer a = has_node(domid, "node-name", name);
    if (a == QDISK_YES)
        err_dispose(err);
    return a;
}

int qdisk_resize(uint32_t domid, const char *path, uint64_t size,
                 struct err *err)
{
    QMP_AUTO *q = qmp_open(domid, err);
    g_autofree char *node = q ? qdisk_node(q, path, err) : NULL;
    if (!node)
        return -1;
    struct value *a = value_object();
    value_set(a, "node-name", value_string(node));
    value_set(a, "size", value_int((int64_t)size));
    return qmp_call(q, "block_resize", a, NULL, err);
}
