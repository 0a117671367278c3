/* What this process, its records and Dom0's kernel say (beside way B). */
#include "rrd/gather_own.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/prom.h"

double rrd_own_memory_kib(void)
{
    long pages = 0;
    FILE *f = fopen("/proc/self/statm", "re");
    if (f && fscanf(f, "%*d %ld", &pages) != 1)
        pages = 0;
    if (f)
        fclose(f);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1024;
}

double rrd_own_files(void)
{
    double n = 0;
    DIR *d = opendir("/proc/self/fd");
    while (d && readdir(d))
        n++;
    if (d)
        closedir(d);
    return MAX(n - 3, 0); /* . and .. and the folder itself */
}

double rrd_own_cpu(void)
{
    struct timespec t = { 0 };
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

GArray *rrd_own_nets(void)
{
    GArray *nets = g_array_new(FALSE, FALSE, sizeof(struct proc_netdev));
    g_autofree char *text = NULL;
    if (!g_file_get_contents("/proc/net/dev", &text, NULL, NULL))
        return nets;
    for (const char *p = text; *p;) {
        size_t len = strcspn(p, "\n");
        struct proc_netdev n;
        if (proc_netdev_parse(p, len, &n))
            g_array_append_val(nets, n);
        p += len + (p[len] == '\n');
    }
    return nets;
}

const struct proc_netdev *rrd_own_net_find(const GArray *nets, const char *name)
{
    for (guint i = 0; i < nets->len; i++) {
        const struct proc_netdev *n =
            &g_array_index(nets, struct proc_netdev, i);
        if (!strcmp(n->name, name))
            return n;
    }
    return NULL;
}

/* ---- metrics
 * ---------------------------------------------------------------------- */

static void one(GString *out, const char *metric, const char *type,
                const char *help, double value)
{
    prom_head(out, metric, type, help);
    prom_double(out, metric, "", value);
}

static void vm_states(const struct snapshot *s, GString *out)
{
    static const char *const states[] = { "Halted", "Paused", "Running",
                                          "Suspended" };
    uint64_t n[G_N_ELEMENTS(states)] = { 0 };
    const char *const metric = "xapi_vms";
    for (size_t i = 0; i < snapshot_count(s, CLASS_VM); i++) {
        const struct record *vm = snapshot_at(s, CLASS_VM, i);
        if (record_bool(vm, F_VM_is_a_template) ||
            record_bool(vm, F_VM_is_control_domain))
            continue;
        for (size_t k = 0; k < G_N_ELEMENTS(states); k++)
            n[k] += !strcmp(record_str(vm, F_VM_power_state), states[k]);
    }
    prom_head(out, metric, "gauge", "VMs by power state, without templates.");
    for (size_t k = 0; k < G_N_ELEMENTS(states); k++) {
        g_autoptr(GString) labels = g_string_new(NULL);
        prom_label(labels, "power_state", states[k]);
        prom_u64(out, metric, labels->str, n[k]);
    }
}

static void sr_sizes(const struct snapshot *s, GString *out)
{
    static const struct {
        const char *metric, *help;
        enum field_id field;
    } rows[] = {
        { "xapi_sr_size_bytes", "Size of the SR.", F_SR_physical_size },
        { "xapi_sr_used_bytes", "What the disks take of it.",
          F_SR_physical_utilisation },
        { "xapi_sr_allocated_bytes", "What the disks have promised.",
          F_SR_virtual_allocation },
    };
    for (size_t k = 0; k < G_N_ELEMENTS(rows); k++) {
        prom_head(out, rows[k].metric, "gauge", rows[k].help);
        for (size_t i = 0; i < snapshot_count(s, CLASS_SR); i++) {
            const struct record *sr = snapshot_at(s, CLASS_SR, i);
            g_autoptr(GString) labels = g_string_new(NULL);
            prom_label(labels, "name", record_str(sr, F_SR_name_label));
            prom_label(labels, "uuid", record_str(sr, F_SR_uuid));
            prom_label(labels, "type", record_str(sr, F_SR_type));
            int64_t n = record_int(sr, rows[k].field);
            if (n >= 0)
                prom_u64(out, rows[k].metric, labels->str, (uint64_t)n);
        }
    }
}

void rrd_own_metrics(const struct snapshot *s, GString *out)
{
    vm_states(s, out);
    sr_sizes(s, out);
    one(out, "xapi_sessions", "gauge", "Sessions of the service.",
        (double)snapshot_count(s, CLASS_session));
    one(out, "xapi_tasks", "gauge", "Tasks of the service.",
        (double)snapshot_count(s, CLASS_task));
    one(out, "process_resident_memory_bytes", "gauge",
        "Resident memory of the service.", rrd_own_memory_kib() * 1024);
    one(out, "process_open_fds", "gauge", "Open files of the service.",
        rrd_own_files());
    one(out, "process_cpu_seconds_total", "counter", "CPU time of the service.",
        rrd_own_cpu());
}
