/* GET /export and /export_metadata, PUT /import and /import_metadata: VMs as
 * XVA archives, streamed. */
#include <string.h>
#include <sys/socket.h>

#include "class/vm_archive.h"
#include "http/handler.h"

static const char *param(struct http_request *r, const char *name)
{
    return http_query(&r->head, name);
}

static bool flag(struct http_request *r, const char *name, bool otherwise)
{
    const char *s = param(r, name);
    return s ? !strcmp(s, "true") || !strcmp(s, "1") : otherwise;
}

/* The client's task, or one of our own for this time: VMs name it while they
 * are busy. */
static int take_task(struct http_request *r, const char *label,
                     struct task **task_out, bool *own, struct fault *f)
{
    if (http_task_take(r, task_out, f) < 0)
        return -1;
    *own = !*task_out;
    if (*own)
        *task_out = task_new(r->x->tasks, label, "", r->session.ref, NULL);
    r->task = *task_out;
    return 0;
}

/* ---- export ------------------------------------------------------------- */

struct down {
    struct http_request *r;
    const char *task;
};

/* The head goes with the first bytes: until then a fault can be answered. */
static int send_bytes(void *user, const void *buf, size_t len, struct fault *f)
{
    struct down *d = user;
    g_autofree char *extra =
        g_strdup_printf("task-id: %s\r\nContent-Disposition: attachment; "
                        "filename=\"export.xva\"\r\n",
                        d->task);
    if ((d->r->answered ||
         !http_head_send(d->r, 200, "application/octet-stream", -1, extra)) &&
        !http_send(d->r, buf, len))
        return 0;
    return fault_set(f, "CLIENT_ERROR", "the client has gone", NULL);
}

static int export_options(struct http_request *r, struct archive_export *e,
                          struct fault *f)
{
    const char *word = param(r, "use_compression");
    const char *checksum = param(r, "checksum");
    int pack = xva_pack_parse(word), sum = xva_sum_parse(checksum);
    if (sum < 0)
        return fault_set(f, "INVALID_VALUE", "checksum", checksum, NULL);
    e->sum = (enum xva_sum)sum;
    e->pack = pack < 0 ? XVA_PLAIN : (enum xva_pack)pack;
    e->vm = param(r, "uuid");
    if (!e->vm)
        e->vm = param(r, "ref");
    e->snapshots = flag(r, "export_snapshots", false);
    e->control_domain = flag(r, "include_dom0", false);
    e->excluded = param(r, "excluded_device_types");
    if (flag(r, "all", false))
        e->vm = NULL;
    else if (!e->vm)
        return fault_set(f, "MESSAGE_PARAMETER_COUNT_MISMATCH", r->head.path,
                         "uuid or ref", "none", NULL);
    return pack < 0
               ? fault_set(f, "INVALID_VALUE", "use_compression", word, NULL)
               : 0;
}

/* After a failure in the middle of an answer without a length the connection
 * is cut, so that what came so far is not taken for the whole. */
static void cut(struct http_request *r)
{
    struct linger now = { .l_onoff = 1 };
    r->cut = r->answered;
    if (r->cut)
        setsockopt(r->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

static void export_vms(struct http_request *r, bool metadata)
{
    FAULT_AUTO f = { 0 };
    struct task *task = NULL;
    bool own = false;
    struct archive_export e = { .metadata_only = metadata };
    if (take_task(r, "Export of VM", &task, &own, &f) == 0 &&
        export_options(r, &e, &f) == 0) {
        struct down d = { r, task_ref(task) };
        archive_export(r->x, &r->session, task, &e, send_bytes, &d, &f);
    }
    if (f.code)
        cut(r);
    http_task_end(r, task, own, NULL, &f);
}

void handle_export(struct http_request *r)
{
    export_vms(r, flag(r, "metadata", false));
}

void handle_export_metadata(struct http_request *r)
{
    export_vms(r, true);
}

/* ---- import ------------------------------------------------------------- */

/* Clients that do not know the length announce too much and end their side:
 * the archive itself tells whether it is whole. */
static ssize_t receive_bytes(void *user, void *buf, size_t len, struct fault *f)
{
    struct http_request *r = user;
    ERR_AUTO err = { 0 };
    ssize_t n = http_body_read(r, buf, len, &err);
    if (n < 0 && r->task && task_cancelled(r->task))
        return fault_set(f, "TASK_CANCELLED", task_ref(r->task), NULL);
    return n < 0 ? 0 : n;
}

static void import_vms(struct http_request *r, bool metadata)
{
    FAULT_AUTO f = { 0 };
    VALUE_AUTO *vms = NULL;
    struct task *task = NULL;
    bool own = false;
    struct archive_import i = {
        .metadata_only = metadata,
        .sr = param(r, "sr_id"),
        .restore = flag(r, "restore", false),
        .force = flag(r, "force", false),
        .dry_run = flag(r, "dry_run", false),
    };
    if (take_task(r, "Import of VM", &task, &own, &f) == 0)
        archive_import(r->x, &r->session, task, &i, receive_bytes, r, &vms, &f);
    http_task_end(r, task, own, vms, &f);
    if (!f.code)
        http_reply(r, "text/plain", "", 0);
}

void handle_import(struct http_request *r)
{
    import_vms(r, flag(r, "metadata", false));
}

void handle_import_metadata(struct http_request *r)
{
    import_vms(r, true);
}
