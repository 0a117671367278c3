/* GET and PUT /pool/xmldbdump: the database as a file. The name of the path is
 * XenAPI's; the file is that of our store. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "class/service.h"
#include "http/handler.h"
#include "store/store.h"

/* A name for a new file in the daemon's folder. Caller frees. */
static char *scratch_file(struct http_request *r, const char *kind)
{
    g_autofree char *uuid = g_uuid_string_random();
    return g_strdup_printf("%s/%s-%s", r->x->config.state_dir, kind, uuid);
}

void handle_database_get(struct http_request *r)
{
    ERR_AUTO err = { 0 };
    g_autofree char *path = scratch_file(r, "dump");
    if (store_dump(r->x->store, path, &err))
        http_refuse(r, 500, "%s", err.message);
    else
        http_file_send(r, path, "application/octet-stream");
    unlink(path);
}

/* The daemon opens what stands under this name when it starts, see main.c. */
static int put_in_place(struct http_request *r, const char *path,
                        struct err *err)
{
    g_autofree char *next =
        g_build_filename(r->x->config.state_dir, "restore.db", NULL);
    if (rename(path, next) < 0)
        return err_errno(err, ERR_IO, errno, "cannot make %s", next);
    return 0;
}

void handle_database_put(struct http_request *r)
{
    ERR_AUTO err = { 0 };
    const char *dry = http_query(&r->head, "dry_run");
    bool keep = g_strcmp0(dry, "true") != 0;
    g_autofree char *path = scratch_file(r, "upload");
    int bad = http_file_save(r, path, true, NULL, &err) ||
              store_sqlite_check(path, &err) ||
              (keep && put_in_place(r, path, &err));
    unlink(path);
    if (bad) {
        http_refuse(r, 500, "%s", err.message);
        return;
    }
    http_reply(r, "text/plain", "", 0);
    if (keep) /* main starts anew with the new database */
        service_end_with(SIGHUP);
}
