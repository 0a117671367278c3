/* GET and PUT /blob: contents of blobs, a file each in state_dir/blobs. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "http/handler.h"
#include "store/store.h"

/* The blob that ref= or uuid= names, or NULL when it was refused. */
static const struct record *find_blob(struct http_request *r,
                                      const struct snapshot *s)
{
    const char *ref = http_query(&r->head, "ref");
    const char *uuid = http_query(&r->head, "uuid");
    const struct record *b =
        ref ? snapshot_find(s, CLASS_blob, ref)
            : snapshot_find_uuid(s, CLASS_blob, uuid ? uuid : "");
    if (!b)
        http_refuse(r, 404, "there is no such blob: give ref= or uuid=");
    return b;
}

/* Caller frees. */
static char *blob_path(struct http_request *r, const char *name)
{
    g_autofree char *dir =
        g_build_filename(r->x->config.state_dir, "blobs", NULL);
    g_mkdir_with_parents(dir, 0700);
    return g_build_filename(dir, name, NULL);
}

void handle_blob_get(struct http_request *r)
{
    SNAPSHOT_AUTO *s = store_read(r->x->store);
    const struct record *b = find_blob(r, s);
    if (!b)
        return;
    g_autofree char *path = blob_path(r, record_str(b, F_blob_uuid));
    const char *type = record_str(b, F_blob_mime_type);
    if (strpbrk(type, "\r\n")) /* it becomes a line of the head */
        type = "application/octet-stream";
    if (access(path, F_OK) == 0)
        http_file_send(r, path, type);
    else
        http_reply(r, type, "", 0);
}

/* The new contents replace the old ones at once or not at all. */
static int keep(struct http_request *r, const struct record *b,
                const char *scratch, int64_t size, struct err *err)
{
    g_autofree char *path = blob_path(r, record_str(b, F_blob_uuid));
    if (rename(scratch, path) < 0)
        return err_errno(err, ERR_IO, errno, "cannot make %s", path);
    struct txn *t = store_begin(r->x->store);
    if (!txn_find(t, CLASS_blob, record_ref(b))) {
        store_rollback(t);
        unlink(path);
        return err_set(err, ERR_NOENT, "the blob was destroyed meanwhile");
    }
    store_set_int(t, record_ref(b), F_blob_size, size);
    store_set_time(t, record_ref(b), F_blob_last_updated,
                   g_get_real_time() / G_USEC_PER_SEC);
    return store_commit(t, err);
}

void handle_blob_put(struct http_request *r)
{
    ERR_AUTO err = { 0 };
    SNAPSHOT_AUTO *s = store_read(r->x->store);
    const struct record *b = find_blob(r, s);
    int64_t size = 0;
    if (!b)
        return;
    g_autofree char *id = g_uuid_string_random();
    g_autofree char *name = g_strconcat("upload-", id, NULL);
    g_autofree char *scratch = blob_path(r, name);
    int bad = http_file_save(r, scratch, true, &size, &err) ||
              keep(r, b, scratch, size, &err);
    unlink(scratch);
    if (bad)
        http_refuse(r, 500, "%s", err.message);
    else
        http_reply(r, "text/plain", "", 0);
}
