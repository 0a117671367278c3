/* GET /rrd_updates, /vm_rrd, /host_rrd, /sr_rrd, /metrics and PUT /rrd: figures
 * (way B). */
#include <string.h>
#include <unistd.h>

#include "base/prom.h"
#include "http/handler.h"
#include "rrd/rrd.h"
#include "store/store.h"

#define SCRIPTS "Access-Control-Allow-Headers: X-Requested-With\r\n"

static const char *type_of(bool json)
{
    return json ? "application/json" : "text/xml";
}

static int send_text(struct http_request *r, const char *type,
                     const GString *text)
{
    int bad = http_head_send(r, 200, type, (int64_t)text->len, SCRIPTS);
    return bad ? bad : http_send(r, text->str, text->len);
}

/* What fits into one piece is sent with its length. */
struct answer {
    struct http_request *r;
    const char *type;
    GString *first; /* the only piece so far */
    bool begun;
};

static int begin(struct answer *a)
{
    a->begun = true;
    int bad = http_head_send(a->r, 200, a->type, -1, SCRIPTS);
    return bad ? bad : http_send(a->r, a->first->str, a->first->len);
}

static int take(void *user, const char *text, size_t len)
{
    struct answer *a = user;
    if (!a->begun && !a->first->len) {
        g_string_append_len(a->first, text, (gssize)len);
        return 0;
    }
    int bad = a->begun ? 0 : begin(a);
    return bad ? bad : http_send(a->r, text, len);
}

void handle_rrd_updates(struct http_request *r)
{
    ERR_AUTO err = { 0 };
    struct rrd_ask ask;
    if (rrd_ask_parse(r->head.query, http_header(&r->head, "accept"), &ask,
                      &err) < 0) {
        http_refuse(r, 400, "%s", err.message);
        return;
    }
    g_autoptr(GString) first = g_string_new(NULL);
    struct answer a = { r, type_of(ask.query.json), first, false };
    int bad = rrds_updates(r->x->rrds, &ask, take, &a, &err);
    if (err.id)
        http_refuse(r, 404, "%s", err.message);
    else if (!bad && !a.begun)
        send_text(r, a.type, first);
}

static void dump(struct http_request *r, enum rrd_owner owner, const char *uuid)
{
    bool json = rrd_ask_json(r->head.query, http_header(&r->head, "accept"));
    if (!g_uuid_string_is_valid(uuid)) {
        http_refuse(r, 400, "uuid=%s is no uuid", uuid);
        return;
    }
    g_autoptr(GString) text = rrds_dump(r->x->rrds, owner, uuid, json);
    if (text)
        send_text(r, type_of(json), text);
    else
        http_refuse(r, 404, "nothing was measured of %s", uuid);
}

static void dump_named(struct http_request *r, enum rrd_owner owner)
{
    const char *uuid = http_query(&r->head, "uuid");
    if (uuid)
        dump(r, owner, uuid);
    else
        http_refuse(r, 400, "uuid= is missing: of what the figures are wanted");
}

void handle_vm_rrd(struct http_request *r)
{
    dump_named(r, RRD_VM);
}

void handle_sr_rrd(struct http_request *r)
{
    dump_named(r, RRD_SR);
}

void handle_host_rrd(struct http_request *r)
{
    SNAPSHOT_AUTO *s = store_read(r->x->store);
    const struct record *host = snapshot_find(s, CLASS_host, r->x->host_ref);
    dump(r, RRD_HOST, host ? record_str(host, F_host_uuid) : "");
}

enum { ARCHIVES_MAX = 64 << 20 }; /* bytes; a VM with 8 disks has some 4 MB */

/* Whose archives they are; false: nobody's. */
static bool owner_of(struct http_request *r, const char *uuid,
                     enum rrd_owner *out)
{
    static const struct {
        enum class_id class;
        enum rrd_owner owner;
    } rows[] = { { CLASS_VM, RRD_VM },
                 { CLASS_host, RRD_HOST },
                 { CLASS_SR, RRD_SR } };
    SNAPSHOT_AUTO *s = store_read(r->x->store);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (snapshot_find_uuid(s, rows[i].class, uuid)) {
            *out = rows[i].owner;
            return true;
        }
    return false;
}

/* What one host has measured of a VM that goes on here. */
void handle_rrd_put(struct http_request *r)
{
    ERR_AUTO err = { 0 };
    const char *uuid = http_query(&r->head, "uuid");
    g_autofree char *id = g_uuid_string_random();
    g_autofree char *path =
        g_strconcat(r->x->config.state_dir, "/rrd-upload-", id, NULL);
    g_autofree char *text = NULL;
    enum rrd_owner owner;
    int64_t size = 0;
    gsize len = 0;
    if (!uuid || !g_uuid_string_is_valid(uuid) || !owner_of(r, uuid, &owner)) {
        http_refuse(r, uuid ? 404 : 400,
                    "uuid= shall name a VM, the host or an SR");
        return;
    }
    int bad = http_file_save(r, path, false, &size, &err);
    if (!bad && size > ARCHIVES_MAX)
        bad = err_set(&err, ERR_CONFIG, "it is larger than 64 MiB");
    if (!bad && !g_file_get_contents(path, &text, &len, NULL))
        bad = err_set(&err, ERR_IO, "cannot read %s", path);
    unlink(path);
    if (!bad)
        bad = rrds_put(r->x->rrds, owner, uuid, text, len, &err);
    if (bad)
        http_refuse(r, err.id == ERR_CONFIG ? 400 : 500, "%s", err.message);
    else
        http_reply(r, "text/plain", "", 0);
}

void handle_metrics(struct http_request *r)
{
    g_autoptr(GString) text = rrds_metrics(r->x->rrds);
    send_text(r, PROM_CONTENT_TYPE, text);
}
