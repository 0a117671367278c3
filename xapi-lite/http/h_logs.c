/* GET /host_logs_download: the journal since boot and Xen's logs, as tar.gz. */
#include <string.h>
#include <unistd.h>

#include "http/handler.h"

/* One shell line keeps the parts together; $1 is a new folder, $2 the archive.
 * Each part may be missing; each has a time limit. */
static const char collect[] =
    "mkdir -m 700 \"$1\" && cd \"$1\" || exit 1\n"
    "timeout 60 journalctl --no-pager -b >journal.txt 2>&1\n"
    "timeout 20 dmesg >dmesg.txt 2>&1\n"
    "[ -d /var/log/xen ] && timeout 60 cp -r /var/log/xen xen\n"
    "timeout 60 tar -czf \"$2\" -C \"$1\" .\n"
    "r=$?; rm -rf \"$1\"; exit $r\n";

void handle_logs_get(struct http_request *r)
{
    g_autoptr(GError) e = NULL;
    g_autofree char *uuid = g_uuid_string_random();
    g_autofree char *dir =
        g_strdup_printf("%s/logs-%s", r->x->config.state_dir, uuid);
    g_autofree char *file = g_strconcat(dir, ".tgz", NULL);
    const char *argv[] = { "sh", "-c", collect, "sh", dir, file, NULL };
    int status = 0;
    if (!g_spawn_sync("/", (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                      NULL, NULL, &status, &e))
        http_refuse(r, 500, "the logs cannot be collected: %s", e->message);
    else if (status)
        http_refuse(r, 500, "the logs cannot be collected");
    else
        http_file_send(r, file, "application/octet-stream");
    unlink(file);
}
