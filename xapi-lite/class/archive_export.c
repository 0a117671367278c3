/* VMs into XVA archives (way B). */
#include <string.h>

#include "class/archive_graph.h"
#include "class/disk_ahead.h"
#include "class/vm.h"
#include "class/vm_archive.h"

/* Of the format, and of the API that its readers know. */
enum { EXPORT_VERSION = 2, KEEP_ALIVE_S = 5 };
#define API_MAJOR "1"
#define API_MINOR "9"

struct export
{
    struct ctx *c;
    const struct archive_export *opts;
    const struct snapshot *s;
    struct archive_graph *graph;
    struct xva_writer *writer;
    uint64_t done, total; /* bytes of disks */
};

/* ---- ova.xml ------------------------------------------------------------ */

static struct value *version(const struct export *e)
{
    const struct record *host =
        snapshot_find(e->s, CLASS_host, e->c->x->host_ref);
    const char *words[] = { "product_version", "product_brand",
                            "build_number" };
    struct value *v = value_object();
    char date[32];
    datetime_format(date, g_get_real_time() / G_USEC_PER_SEC);
    value_set(v, "hostname", value_string(record_str(host, F_host_hostname)));
    value_set(v, "date", value_string(date));
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        const char *text =
            record_map_get(host, F_host_software_version, words[i]);
        value_set(v, words[i], value_string(text ? text : ""));
    }
    value_set(v, "xapi_major", value_string(API_MAJOR));
    value_set(v, "xapi_minor", value_string(API_MINOR));
    value_set(v, "export_vsn", value_int(EXPORT_VERSION));
    return v;
}

static int write_metadata(struct export *e)
{
    VALUE_AUTO *ova = value_object();
    value_set(ova, "version", version(e));
    value_set(ova, "objects", archive_graph_objects(e->graph));
    return xva_write_metadata(e->writer, ova, e->c->fault);
}

/* ---- disks -------------------------------------------------------------- */

/* A chunk of zeros is left out; every few seconds an empty one is written in
 * its place, so that the other side sees that this one lives. */
static int write_hole(struct export *e, const char *id, uint64_t index,
                      gint64 *last)
{
    gint64 now = g_get_monotonic_time();
    if (now - *last < KEEP_ALIVE_S * G_TIME_SPAN_SECOND)
        return 0;
    *last = now;
    return xva_write_chunk(e->writer, id, index, "", 0, e->c->fault);
}

static int write_chunk(struct export *e, const char *id,
                       const struct ahead_piece *p, uint64_t size, gint64 *last)
{
    uint64_t index = p->offset / XVA_CHUNK;
    bool must = index == 0 || p->offset + p->len == size;
    if (contents_check(e->c->task, e->c->fault) < 0)
        return -1;
    e->done += p->len;
    task_progress(e->c->task, (double)e->done / (double)e->total);
    if (!must && (p->hole || contents_is_zero(p->data, p->len)))
        return write_hole(e, id, index, last);
    *last = g_get_monotonic_time();
    return xva_write_chunk(e->writer, id, index, p->data, p->len, e->c->fault);
}

static int write_disk(struct export *e, const char *vdi)
{
    const char *id = archive_graph_id(e->graph, vdi);
    struct contents *t = contents_open(e->c->x, vdi, false, e->c->fault);
    gint64 last = g_get_monotonic_time();
    if (!t)
        return -1;
    struct read_ahead *ahead = read_ahead_open(t, XVA_CHUNK);
    struct ahead_piece p;
    int r;
    while ((r = read_ahead_next(ahead, &p, e->c->fault)) == 1)
        if ((r = write_chunk(e, id, &p, contents_size(t), &last)) < 0)
            break;
    read_ahead_close(ahead);
    contents_close(t, NULL);
    return r;
}

static int write_disks(struct export *e)
{
    g_autoptr(GPtrArray) disks = archive_graph_disks(e->graph);
    for (guint i = 0; i < disks->len; i++)
        e->total += (uint64_t)record_int(
            snapshot_find(e->s, CLASS_VDI, disks->pdata[i]),
            F_VDI_virtual_size);
    for (guint i = 0; i < disks->len; i++)
        if (write_disk(e, disks->pdata[i]) < 0)
            return -1;
    return 0;
}

/* A disk that cannot be read is told before anything is written. */
static int check_disks(struct export *e)
{
    g_autoptr(GPtrArray) disks = archive_graph_disks(e->graph);
    for (guint i = 0; i < disks->len; i++) {
        struct contents *t =
            contents_open(e->c->x, disks->pdata[i], false, e->c->fault);
        if (!t)
            return -1;
        contents_close(t, NULL);
    }
    return 0;
}

/* ---- which VMs ---------------------------------------------------------- */

static void add_all(struct export *e)
{
    for (size_t i = 0; i < snapshot_count(e->s, CLASS_VM); i++) {
        const struct record *r = snapshot_at(e->s, CLASS_VM, i);
        bool dom0 = record_bool(r, F_VM_is_control_domain);
        if (!record_bool(r, F_VM_is_default_template) &&
            (e->opts->control_domain || !dom0))
            archive_graph_add(e->graph, record_ref(r));
    }
}

static unsigned flags_of(const struct archive_export *o)
{
    g_autofree char *out = g_ascii_strdown(o->excluded ? o->excluded : "", -1);
    return (o->snapshots ? GRAPH_SNAPSHOTS : 0) |
           (strstr(out, "vif") ? GRAPH_NO_VIFS : 0) |
           (strstr(out, "vbd") ? GRAPH_NO_VBDS : 0);
}

static int write_all(struct export *e, const char *vm, xva_write_fn *fn,
                     void *user)
{
    e->graph = archive_graph_new(e->s, flags_of(e->opts));
    if (vm)
        archive_graph_add(e->graph, vm);
    else
        add_all(e);
    bool disks = !e->opts->metadata_only;
    int r = disks ? check_disks(e) : 0;
    e->writer = xva_writer_open(e->opts->pack, e->opts->sum, fn, user);
    if (r == 0)
        r = write_metadata(e);
    if (r == 0 && disks)
        r = write_disks(e);
    if (r == 0)
        r = xva_writer_end(e->writer, e->c->fault);
    xva_writer_close(e->writer);
    archive_graph_free(e->graph);
    return r;
}

int archive_export(struct xapi *x, const struct session_info *session,
                   struct task *task, const struct archive_export *opts,
                   xva_write_fn *fn, void *user, struct fault *f)
{
    struct ctx c = { .x = x, .session = *session, .task = task, .fault = f };
    SNAPSHOT_AUTO *s = store_read(x->store);
    struct export e = { .c = &c, .opts = opts, .s = s };
    if (!opts->vm)
        return write_all(&e, NULL, fn, user);
    const struct record *vm = snapshot_find(s, CLASS_VM, opts->vm);
    if (!vm)
        vm = snapshot_find_uuid(s, CLASS_VM, opts->vm);
    if (!vm)
        return fault_set(f, "HANDLE_INVALID", "VM", opts->vm, NULL);
    enum power_op op = opts->metadata_only ? OP_metadata_export : OP_export;
    if (vm_begin(&c, record_ref(vm), op) < 0)
        return -1;
    int r = write_all(&e, record_ref(vm), fn, user);
    vm_end(&c, record_ref(vm));
    return r;
}
