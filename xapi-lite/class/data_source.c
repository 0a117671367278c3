/* XenAPI data sources: what can be measured of a VM and of the host now
 * (way B). Nothing is archived: each reading is a fresh one. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "class/vm.h"

enum { CPU_PROBE_MS = 200 };
/* The upper bound of what has none: JSON knows no infinity. */
#define BIG 1e15

/* What the sources read; filled once for a call. */
struct reading {
    const struct snapshot *s;
    const struct record *vm; /* NULL: the host's */
    struct vm_info info;
    struct host_info host;
    double cpu; /* share of one CPU's time, 0 to the number of vCPUs */
};

struct source {
    const char *name, *description, *units;
    double max;
    bool probe_cpu; /* needs reading.cpu, which takes a moment */
    double (*read)(const struct reading *r);
};

/* ---- of a VM ----------------------------------------------------------------
 */

static double vm_memory(const struct reading *r)
{
    return (double)r->info.memory_bytes;
}

static double vm_memory_target(const struct reading *r)
{
    return (double)record_int(r->vm, F_VM_memory_dynamic_max);
}

static double vm_vcpus(const struct reading *r)
{
    return r->info.vcpus;
}

static double vm_cpu_time(const struct reading *r)
{
    return (double)r->info.cpu_time_ns / 1e9;
}

static double vm_cpu_usage(const struct reading *r)
{
    return r->info.vcpus ? r->cpu / r->info.vcpus : 0;
}

static const struct source vm_sources[] = {
    { "memory", "Memory that the guest has", "B", BIG, false, vm_memory },
    { "memory_target", "Memory that the guest shall have", "B", BIG, false,
      vm_memory_target },
    { "vcpus", "Virtual CPUs that run", "count", BIG, false, vm_vcpus },
    { "cpu_time", "CPU time since the guest's start", "s", BIG, false,
      vm_cpu_time },
    { "cpu_usage", "Share of its virtual CPUs' time that the guest uses",
      "(fraction)", 1, true, vm_cpu_usage },
    { 0 },
};

/* ---- of the host ------------------------------------------------------------
 */

static double host_memory_total(const struct reading *r)
{
    return (double)r->host.memory_total / 1024;
}

static double host_memory_free(const struct reading *r)
{
    return (double)r->host.memory_free / 1024;
}

static double host_load(const struct reading *r)
{
    double load = 0;
    (void)r;
    return getloadavg(&load, 1) == 1 ? load : 0;
}

static double running(const struct reading *r, bool vcpus)
{
    double n = 0;
    for (size_t i = 0; i < snapshot_count(r->s, CLASS_VM); i++) {
        const struct record *vm = snapshot_at(r->s, CLASS_VM, i);
        if (!strcmp(record_str(vm, F_VM_power_state), "Running"))
            n += vcpus ? (double)record_int(vm, F_VM_VCPUs_at_startup) : 1;
    }
    return n;
}

static double host_domains(const struct reading *r)
{
    return running(r, false);
}

static double host_vcpus(const struct reading *r)
{
    return running(r, true);
}

static double host_sessions(const struct reading *r)
{
    return (double)snapshot_count(r->s, CLASS_session);
}

static double host_tasks(const struct reading *r)
{
    return (double)snapshot_count(r->s, CLASS_task);
}

static double agent_memory(const struct reading *r)
{
    long pages = 0;
    (void)r;
    FILE *f = fopen("/proc/self/statm", "re");
    if (f && fscanf(f, "%*d %ld", &pages) != 1)
        pages = 0;
    if (f)
        fclose(f);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1024;
}

static double agent_files(const struct reading *r)
{
    double n = 0;
    (void)r;
    DIR *d = opendir("/proc/self/fd");
    while (d && readdir(d))
        n++;
    if (d)
        closedir(d);
    return MAX(n - 3, 0); /* . and .. and the folder itself */
}

static const struct source host_sources[] = {
    { "memory_total_kib", "Memory of the host", "KiB", BIG, false,
      host_memory_total },
    { "memory_free_kib", "Memory that no domain has", "KiB", BIG, false,
      host_memory_free },
    { "loadavg", "Load of Domain-0 over the last minute", "(fraction)", BIG,
      false, host_load },
    { "running_domains", "Domains that run", "count", BIG, false,
      host_domains },
    { "running_vcpus", "Virtual CPUs of the domains that run", "count", BIG,
      false, host_vcpus },
    { "pool_session_count", "Sessions of this service", "sessions", BIG, false,
      host_sessions },
    { "pool_task_count", "Tasks of this service", "tasks", BIG, false,
      host_tasks },
    { "xapi_memory_usage_kib", "Memory of this service", "KiB", BIG, false,
      agent_memory },
    { "xapi_open_fds", "Open files of this service", "count", BIG, false,
      agent_files },
    { 0 },
};

/* ---- reading ----------------------------------------------------------------
 */

/* Two looks at the guest's CPU time; a guest that has gone used none. */
static void probe_cpu(struct ctx *c, struct reading *r)
{
    struct vm_info later;
    gint64 start = g_get_monotonic_time();
    g_usleep(CPU_PROBE_MS * 1000);
    if (driver_info(c->x->driver, r->info.domid, &later, NULL) < 0)
        return;
    gint64 spent = g_get_monotonic_time() - start;
    r->cpu =
        (double)(later.cpu_time_ns - r->info.cpu_time_ns) / 1e3 / (double)spent;
}

static int read_vm(struct ctx *c, struct reading *r, bool cpu)
{
    ERR_AUTO err = { 0 };
    r->vm = ctx_find(c, r->s, CLASS_VM, arg_str(c, 0));
    if (!r->vm)
        return -1;
    if (power_check(r->vm, NULL, OP_data_source_op, false, c->fault) < 0)
        return -1;
    if (!c->x->driver)
        return ctx_fault(c, "HOST_OFFLINE", c->x->host_ref);
    uint32_t domid = (uint32_t)record_int(r->vm, F_VM_domid);
    if (driver_info(c->x->driver, domid, &r->info, &err) < 0)
        return ctx_err(c, &err);
    if (cpu)
        probe_cpu(c, r);
    return 0;
}

static int read_host(struct ctx *c, struct reading *r)
{
    ERR_AUTO err = { 0 };
    if (!ctx_find(c, r->s, CLASS_host, arg_str(c, 0)))
        return -1;
    if (c->x->driver && driver_host_info(c->x->driver, &r->host, &err) < 0)
        return ctx_err(c, &err);
    return 0;
}

static int fill(struct ctx *c, struct reading *r, bool of_vm, bool cpu)
{
    return of_vm ? read_vm(c, r, cpu) : read_host(c, r);
}

static struct value *describe(const struct source *k, const struct reading *r)
{
    struct value *o = value_object();
    value_set(o, "name_label", value_string(k->name));
    value_set(o, "name_description", value_string(k->description));
    value_set(o, "enabled", value_bool(true));
    value_set(o, "standard", value_bool(true));
    value_set(o, "units", value_string(k->units));
    value_set(o, "min", value_double(0));
    value_set(o, "max", value_double(k->max));
    value_set(o, "value", value_double(k->read(r)));
    return o;
}

static int list(struct ctx *c, const struct source *k, bool of_vm,
                struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    struct reading r = { .s = s };
    if (fill(c, &r, of_vm, true) < 0)
        return -1;
    *result_out = value_array();
    for (; k->name; k++)
        value_push(*result_out, describe(k, &r));
    host_info_dispose(&r.host);
    return 0;
}

static int query(struct ctx *c, const struct source *k, bool of_vm,
                 struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    struct reading r = { .s = s };
    while (k->name && strcmp(k->name, arg_str(c, 1)))
        k++;
    if (!k->name)
        return ctx_fault(c, "INVALID_VALUE", "data_source", arg_str(c, 1));
    if (fill(c, &r, of_vm, k->probe_cpu) < 0)
        return -1;
    *result_out = value_double(k->read(&r));
    host_info_dispose(&r.host);
    return 0;
}

int handle_VM_get_data_sources(struct ctx *c, struct value **result_out)
{
    return list(c, vm_sources, true, result_out);
}

int handle_VM_query_data_source(struct ctx *c, struct value **result_out)
{
    return query(c, vm_sources, true, result_out);
}

int handle_host_get_data_sources(struct ctx *c, struct value **result_out)
{
    return list(c, host_sources, false, result_out);
}

int handle_host_query_data_source(struct ctx *c, struct value **result_out)
{
    return query(c, host_sources, false, result_out);
}
