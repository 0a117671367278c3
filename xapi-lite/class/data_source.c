/* XenAPI data sources: what is measured of VMs, of the host and of SRs (way B).
 * The figures themselves are rrd/'s. */
#include <math.h>

#include "class/vm.h"
#include "rrd/rrd.h"

/* The object that the call names, as the figures know it. */
struct measured {
    enum rrd_owner owner;
    char uuid[40];
};

static int of_vm(struct ctx *c, struct measured *m)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vm = ctx_find(c, s, CLASS_VM, arg_str(c, 0));
    if (!vm || power_check(vm, NULL, OP_data_source_op, false, c->fault) < 0)
        return -1;
    m->owner = RRD_VM;
    g_strlcpy(m->uuid, record_str(vm, F_VM_uuid), sizeof m->uuid);
    return 0;
}

static int of_host(struct ctx *c, struct measured *m)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *host = ctx_find(c, s, CLASS_host, arg_str(c, 0));
    if (!host)
        return -1;
    m->owner = RRD_HOST;
    g_strlcpy(m->uuid, record_str(host, F_host_uuid), sizeof m->uuid);
    return 0;
}

static int of_sr(struct ctx *c, struct measured *m)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *sr = ctx_find(c, s, CLASS_SR, arg_str(c, 0));
    if (!sr)
        return -1;
    m->owner = RRD_SR;
    g_strlcpy(m->uuid, record_str(sr, F_SR_uuid), sizeof m->uuid);
    return 0;
}

typedef int find_fn(struct ctx *c, struct measured *m);

static int list(struct ctx *c, find_fn *find, struct value **result_out)
{
    struct measured m;
    if (find(c, &m) < 0)
        return -1;
    *result_out = rrds_sources(c->x->rrds, m.owner, m.uuid);
    if (!*result_out) /* not measured: an SR that is not plugged */
        *result_out = value_array();
    return 0;
}

static int no_such(struct ctx *c)
{
    return ctx_fault(c, "INVALID_VALUE", "data_source", arg_str(c, 1));
}

static int query(struct ctx *c, find_fn *find, struct value **result_out)
{
    struct measured m;
    double value;
    if (find(c, &m) < 0)
        return -1;
    if (rrds_query(c->x->rrds, m.owner, m.uuid, arg_str(c, 1), &value) < 0)
        return no_such(c);
    *result_out = value_double(value);
    return 0;
}

static int record(struct ctx *c, find_fn *find, bool on)
{
    ERR_AUTO err = { 0 };
    struct measured m;
    if (find(c, &m) < 0)
        return -1;
    if (rrds_record(c->x->rrds, m.owner, m.uuid, arg_str(c, 1), on, &err) == 0)
        return 0;
    return err.id == ERR_NOENT ? no_such(c) : ctx_err(c, &err);
}

#define SOURCES_OF(class, find)                                                \
    int handle_##class##_get_data_sources(struct ctx *c, struct value **out)   \
    {                                                                          \
        return list(c, find, out);                                             \
    }                                                                          \
    int handle_##class##_query_data_source(struct ctx *c, struct value **out)  \
    {                                                                          \
        return query(c, find, out);                                            \
    }                                                                          \
    int handle_##class##_record_data_source(struct ctx *c, struct value **out) \
    {                                                                          \
        (void)out;                                                             \
        return record(c, find, true);                                          \
    }                                                                          \
    int handle_##class##_forget_data_source_archives(struct ctx *c,            \
                                                     struct value **out)       \
    {                                                                          \
        (void)out;                                                             \
        return record(c, find, false);                                         \
    }

SOURCES_OF(VM, of_vm)
SOURCES_OF(host, of_host)
SOURCES_OF(SR, of_sr)

int handle_host_backup_rrds(struct ctx *c, struct value **result_out)
{
    ERR_AUTO err = { 0 };
    struct measured m;
    (void)result_out;
    if (of_host(c, &m) < 0)
        return -1;
    double delay = arg_float(c, 1);
    if (!(delay >= 0 && delay <= 3600))
        return ctx_fault(c, "INVALID_VALUE", "delay", "0 to 3600 seconds");
    for (double left = delay; left > 0 && !task_cancelled(c->task); left -= 0.2)
        g_usleep((gulong)(MIN(left, 0.2) * G_USEC_PER_SEC));
    return rrds_sync(c->x->rrds, &err) < 0 ? ctx_err(c, &err) : 0;
}
