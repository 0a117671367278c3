/* XVA archives into VMs: disks first, marked as unfinished, then all records at
 * once (way B). */
#include <string.h>

#include "class/archive_plan.h"
#include "class/archive_records.h"
#include "class/disk_ahead.h"
#include "class/storage.h"
#include "class/vdi.h"
#include "class/vm_archive.h"

struct import {
    struct ctx *c;
    const struct archive_import *opts;
    struct archive_plan plan;
    struct xva_reader *reader;
    struct planned_disk *disk; /* whose chunks come, or NULL */
    struct contents *open;     /* its contents */
    struct write_behind *behind;
    uint64_t at;            /* up to here it is written */
    uint64_t before, total; /* bytes of the disks before it, and of all */
};

/* ---- disks ----------------------------------------------------------------
 */

static const char *by_ref_or_uuid(const struct snapshot *s, const char *name)
{
    const struct record *sr = snapshot_find(s, CLASS_SR, name);
    if (!sr)
        sr = snapshot_find_uuid(s, CLASS_SR, name);
    return sr ? record_ref(sr) : NULL;
}

/* Where the disks go; borrowed from the snapshot, NULL with the fault. */
static const char *target_sr(struct import *i, const struct snapshot *s)
{
    const struct record *pool = snapshot_find(s, CLASS_pool, i->c->x->pool_ref);
    const char *dflt = record_str(pool, F_pool_default_SR);
    const char *sr = by_ref_or_uuid(s, i->opts->sr ? i->opts->sr : dflt);
    if (!sr && i->opts->sr)
        ctx_fault(i->c, "HANDLE_INVALID", "SR", i->opts->sr);
    else if (!sr)
        ctx_fault(i->c, "DEFAULT_SR_NOT_FOUND", dflt);
    return sr;
}

static int make_disks(struct import *i)
{
    SNAPSHOT_AUTO *s = store_read(i->c->x->store);
    const char *sr = i->plan.disks->len ? target_sr(i, s) : "";
    VALUE_AUTO *mark = value_object();
    value_set(mark, VDI_UNFINISHED, value_string("true"));
    for (guint k = 0; sr && k < i->plan.disks->len; k++) {
        struct planned_disk *d =
            &g_array_index(i->plan.disks, struct planned_disk, k);
        const char *name =
            value_get_string(value_find(d->snapshot, "name_label"));
        d->vdi = vdi_create(i->c, sr, name ? name : "", "", (int64_t)d->size,
                            "user", mark);
        if (!d->vdi)
            return -1;
        i->total += d->size;
    }
    return sr ? 0 : -1;
}

/* The disks are here: those with the UUIDs of the archive. */
static int find_disks(struct import *i)
{
    SNAPSHOT_AUTO *s = store_read(i->c->x->store);
    for (guint k = 0; k < i->plan.disks->len; k++) {
        struct planned_disk *d =
            &g_array_index(i->plan.disks, struct planned_disk, k);
        const char *uuid = value_get_string(value_find(d->snapshot, "uuid"));
        const struct record *vdi =
            snapshot_find_uuid(s, CLASS_VDI, uuid ? uuid : "");
        if (!vdi && !i->opts->force)
            return ctx_fault(i->c, "IMPORT_ERROR_ATTACHED_DISKS_NOT_FOUND");
        d->vdi = vdi ? g_strdup(record_ref(vdi)) : NULL;
    }
    return 0;
}

static void remove_disks(struct import *i)
{
    for (guint k = 0; k < i->plan.disks->len; k++) {
        const struct planned_disk *d =
            &g_array_index(i->plan.disks, struct planned_disk, k);
        FAULT_AUTO f = { 0 };
        if (d->vdi && vdi_remove(i->c->x, d->vdi, &f) < 0)
            g_warning("a disk of a failed import is left until the service "
                      "starts again: %s",
                      f.code);
    }
}

/* ---- chunks -----------------------------------------------------------------
 */

/* What was left out is zeros: on new image files it is so already. */
static int zero_until(struct import *i, uint64_t end)
{
    uint64_t from = i->at;
    i->at = MAX(from, end);
    return write_behind_zero(i->behind, from, i->at - from, i->c->fault);
}

static int end_disk(struct import *i)
{
    int r = 0;
    if (!i->disk)
        return 0;
    r = zero_until(i, i->disk->size);
    i->before += i->disk->size;
    i->disk = NULL;
    if (write_behind_close(g_steal_pointer(&i->behind),
                           r < 0 ? NULL : i->c->fault) < 0)
        r = -1;
    if (contents_close(g_steal_pointer(&i->open), r < 0 ? NULL : i->c->fault) <
        0)
        r = -1;
    return r;
}

static int begin_disk(struct import *i, const char *id)
{
    if (end_disk(i) < 0)
        return -1;
    struct planned_disk *d = archive_disk(&i->plan, id);
    if (!d)
        return ctx_fault(i->c, "IMPORT_ERROR_FAILED_TO_FIND_OBJECT", id);
    i->open = contents_open(i->c->x, d->vdi, true, i->c->fault);
    i->at = 0;
    if (!i->open)
        return -1;
    i->behind = write_behind_open(i->open);
    d->seen = true;
    i->disk = d;
    return 0;
}

static int take_chunk(struct import *i, const struct xva_chunk *c)
{
    if (contents_check(i->c->task, i->c->fault) < 0 ||
        (c->first && begin_disk(i, c->disk) < 0))
        return -1;
    if (c->offset > i->disk->size || c->len > i->disk->size - c->offset)
        return ctx_fault(i->c, "IMPORT_ERROR",
                         "a disk of the archive has more data than ova.xml "
                         "says");
    if (zero_until(i, c->offset) < 0 ||
        (c->len && write_behind_put(i->behind, c->offset, c->data, c->len,
                                    i->c->fault) < 0))
        return -1;
    i->at = c->offset + c->len;
    task_progress(i->c->task,
                  (double)(i->before + i->at) / (double)(i->total + 1));
    return 0;
}

static int take_chunks(struct import *i)
{
    struct xva_chunk c;
    int r;
    while ((r = xva_read_chunk(i->reader, &c, i->c->fault)) == 1)
        if (take_chunk(i, &c) < 0)
            return -1;
    if (r < 0 || end_disk(i) < 0)
        return -1;
    for (guint k = 0; k < i->plan.disks->len; k++)
        if (!g_array_index(i->plan.disks, struct planned_disk, k).seen)
            return ctx_fault(i->c, "IMPORT_ERROR_ATTACHED_DISKS_NOT_FOUND");
    return 0;
}

/* ---- from start to end
 * -------------------------------------------------------- */

static int make_records(struct import *i, struct value **vms_out)
{
    struct txn *t = store_begin(i->c->x->store);
    if (archive_records_make(i->c, t, &i->plan, i->opts, vms_out) < 0) {
        store_rollback(t);
        return -1;
    }
    if (i->opts->dry_run) {
        store_rollback(t);
        g_clear_pointer(vms_out, value_free);
        *vms_out = value_array();
        return 0;
    }
    if (ctx_commit(i->c, t) == 0)
        return 0;
    g_clear_pointer(vms_out, value_free);
    return -1;
}

/* A trial reads all of the archive, too: so its checksums are known. */
static int read_chunks(struct import *i)
{
    struct xva_chunk c;
    int r;
    while ((r = xva_read_chunk(i->reader, &c, i->c->fault)) == 1)
        if (contents_check(i->c->task, i->c->fault) < 0)
            return -1;
    return r;
}

/* With the disks' data. */
static int import_whole(struct import *i, struct value **vms_out)
{
    int r = i->opts->dry_run ? read_chunks(i) : make_disks(i);
    if (r == 0 && !i->opts->dry_run)
        r = take_chunks(i);
    write_behind_close(i->behind, NULL);
    contents_close(i->open, NULL);
    if (r == 0)
        r = make_records(i, vms_out);
    if (r < 0)
        remove_disks(i);
    return r;
}

static int import_metadata(struct import *i, struct value **vms_out)
{
    return find_disks(i) < 0 ? -1 : make_records(i, vms_out);
}

static int import(struct import *i, struct value **vms_out)
{
    VALUE_AUTO *ova = xva_read_metadata(i->reader, i->c->fault);
    if (!ova)
        return -1;
    SNAPSHOT_AUTO *s = store_read(i->c->x->store);
    int r = archive_plan_make(s, ova, i->opts, &i->plan, i->c->fault);
    if (r == 0)
        r = i->opts->metadata_only ? import_metadata(i, vms_out)
                                   : import_whole(i, vms_out);
    archive_plan_dispose(&i->plan);
    return r;
}

int archive_import(struct xapi *x, const struct session_info *session,
                   struct task *task, const struct archive_import *opts,
                   xva_read_fn *fn, void *user, struct value **vms_out,
                   struct fault *f)
{
    struct ctx c = { .x = x, .session = *session, .task = task, .fault = f };
    struct import i = { .c = &c, .opts = opts };
    i.reader = xva_reader_open(fn, user);
    if (opts->force)
        xva_reader_trust(i.reader);
    int r = import(&i, vms_out);
    xva_reader_close(i.reader);
    return r;
}
