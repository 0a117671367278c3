/* How the back end of a guest's disk shares the host's disks: its place among
 * those that wait for them, and a limit where QEMU serves the disk (way B). */
#include <inttypes.h>
#include <linux/ioprio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "driver/qdisk.h"
#include "driver/qmp.h"
#include "driver/sr_exec.h"

/* ---- what the words mean
 * ---------------------------------------------------- */

static const struct {
    const char *word;
    int value;
} scheds[] = {
    { "rt", IOPRIO_CLASS_RT },
    { "real-time", IOPRIO_CLASS_RT },
    { "best-effort", IOPRIO_CLASS_BE },
    { "idle", IOPRIO_CLASS_IDLE },
}, levels[] = { { "highest", 0 }, { "high", 2 }, { "normal", 4 },
                { "low", 6 },     { "lowest", 7 } };

static const char *text_of(const struct value *params, const char *key)
{
    const char *s = value_get_string(value_find(params, key));
    return s && *s ? s : NULL;
}

static int number_of(const struct value *params, const char *key, uint64_t most,
                     uint64_t *out, struct err *err)
{
    const char *s = text_of(params, key);
    *out = 0;
    if (!s || g_ascii_string_to_unsigned(s, 10, 1, most, out, NULL))
        return 0;
    return err_set(err, ERR_CONFIG, "%s=%s is not a number from 1 to %" PRIu64,
                   key, s, most);
}

static int level_of(const struct value *params, int *out, struct err *err)
{
    const char *s = text_of(params, "class");
    guint64 n;
    *out = 4;
    for (size_t i = 0; s && i < G_N_ELEMENTS(levels); i++)
        if (!strcmp(s, levels[i].word)) {
            *out = levels[i].value;
            return 0;
        }
    if (s && !g_ascii_string_to_unsigned(s, 10, 0, 7, &n, NULL))
        return err_set(err, ERR_CONFIG,
                       "class=%s is not highest, high, normal, low, lowest or "
                       "a number from 0 to 7",
                       s);
    *out = s ? (int)n : 4;
    return 0;
}

static int parse_ionice(const struct value *params, struct disk_qos *out,
                        struct err *err)
{
    const char *s = text_of(params, "sched");
    out->io_class = s ? 0 : IOPRIO_CLASS_BE;
    for (size_t i = 0; s && i < G_N_ELEMENTS(scheds); i++)
        if (!strcmp(s, scheds[i].word))
            out->io_class = scheds[i].value;
    if (!out->io_class)
        return err_set(err, ERR_CONFIG,
                       "sched=%s is not rt, best-effort or idle", s);
    return level_of(params, &out->io_level, err);
}

int driver_disk_qos_parse(const char *type, const struct value *params,
                          struct disk_qos *out, struct err *err)
{
    *out = (struct disk_qos){ 0 };
    if (!*type)
        return 0;
    if (!strcmp(type, "ionice"))
        return parse_ionice(params, out, err);
    if (strcmp(type, "throttle"))
        return err_set(err, ERR_CONFIG,
                       "qos_algorithm_type=%s is neither ionice nor throttle",
                       type);
    if (number_of(params, "kbps", 1ULL << 32, &out->kib_s, err) < 0 ||
        number_of(params, "iops", 1ULL << 32, &out->iops, err) < 0)
        return -1;
    return out->kib_s || out->iops
               ? 0
               : err_set(err, ERR_CONFIG, "throttle needs kbps= or iops=");
}

/* ---- the back end
 * ----------------------------------------------------------- */

struct job {
    uint32_t domid;
    char *vdev, *path;
    bool qemu;
    struct disk_qos qos;
};

static bool set_priority(int tid, const struct disk_qos *qos)
{
    int prio = IOPRIO_PRIO_VALUE(qos->io_class, qos->io_level);
    return syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, tid, prio) == 0;
}

/* Threads of QEMU, or those of the kernel that serve this disk; they are named
 * DOMID.VDEV-N (xen-blkback). */
static int nice_threads(const struct job *j, const char *folder,
                        const char *prefix)
{
    int n = 0;
    g_autoptr(GDir) d = g_dir_open(folder, 0, NULL);
    const char *name;
    while (d && (name = g_dir_read_name(d))) {
        g_autofree char *comm_path =
            g_strdup_printf("%s/%s/comm", folder, name);
        g_autofree char *comm = NULL;
        if (!g_ascii_isdigit(*name) ||
            !g_file_get_contents(comm_path, &comm, NULL, NULL) ||
            (prefix && !g_str_has_prefix(comm, prefix)))
            continue;
        n += set_priority(atoi(name), &j->qos);
    }
    return n;
}

static int apply_ionice(const struct job *j)
{
    g_autofree char *prefix = g_strdup_printf("%u.%s-", j->domid, j->vdev);
    int pid = j->qemu ? qdisk_pid(j->domid) : 0;
    g_autofree char *tasks = g_strdup_printf("/proc/%d/task", pid);
    if (j->qemu)
        return pid > 0 ? nice_threads(j, tasks, NULL) : 0;
    return nice_threads(j, "/proc", prefix);
}

static int throttle(struct qmp *q, const char *device, const struct job *j)
{
    static const char *const zero[] = { "bps_rd", "bps_wr", "iops_rd",
                                        "iops_wr" };
    struct value *a = value_object();
    value_set(a, "id", value_string(device));
    value_set(a, "bps", value_int((int64_t)(j->qos.kib_s * 1024)));
    value_set(a, "iops", value_int((int64_t)j->qos.iops));
    for (size_t i = 0; i < G_N_ELEMENTS(zero); i++)
        value_set(a, zero[i], value_int(0));
    return qmp_call(q, "block_set_io_throttle", a, NULL, NULL) == 0;
}

static int apply_throttle(const struct job *j)
{
    QMP_AUTO *q = qmp_open(j->domid, NULL);
    g_autofree char *device = q ? qdisk_device(q, j->path) : NULL;
    return device ? throttle(q, device, j) : 0;
}

static void job_free(struct job *j)
{
    g_free(j->vdev);
    g_free(j->path);
    g_free(j);
}

/* The back end is there when the guest has connected to it. */
static gpointer run(gpointer arg)
{
    enum { TRIES = 240, EVERY_US = 500000 };
    struct job *j = arg;
    int done = 0;
    for (int i = 0; i < TRIES && !done; i++) {
        if (i)
            g_usleep(EVERY_US);
        done = j->qos.io_class ? apply_ionice(j) : apply_throttle(j);
    }
    if (!done)
        g_warning("qos of %s of domain %u: its back end did not come", j->vdev,
                  j->domid);
    job_free(j);
    return NULL;
}

void driver_disk_qos(uint32_t domid, const struct disk_spec *disk,
                     const struct disk_qos *qos)
{
    struct job *j = g_new0(struct job, 1);
    *j = (struct job){ .domid = domid,
                       .vdev = g_strdup(disk->vdev),
                       .path = g_strdup(disk->path),
                       .qemu = qdisk_is(disk),
                       .qos = *qos };
    if (qos->io_class || (j->qemu && (qos->kib_s || qos->iops)))
        g_thread_unref(g_thread_new("disk-qos", run, j));
    else
        job_free(j);
}

const char *const *driver_disk_qos_supported(const struct disk_spec *disk)
{
    static const char *const by_kernel[] = { "ionice", NULL };
    static const char *const by_qemu[] = { "ionice", "throttle", NULL };
    return qdisk_is(disk) ? by_qemu : by_kernel;
}
