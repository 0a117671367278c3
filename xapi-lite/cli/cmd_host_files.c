/* xe: what of the host goes into a file of the client, or comes from one. */
#include <string.h>

#include "cli/internal.h"

static int fetch(struct cli *c, const char *file, const char *path,
                 const char *query)
{
    g_autofree char *url = g_strdup_printf("%s?session_id=%s%s", path,
                                           c->session, query ? query : "");
    return cli_http(c, THIN_HTTP_GET, cli_param(c, file), url);
}

int cmd_audit_log_get(struct cli *c)
{
    const char *since = cli_param(c, "since");
    g_autofree char *word =
        since ? g_uri_escape_string(since, NULL, FALSE) : NULL;
    g_autofree char *query = word ? g_strconcat("&since=", word, NULL) : NULL;
    return fetch(c, "filename", "/audit_log", query);
}

static int get_status(struct cli *c, const char *ref, void *user)
{
    const char *entries = cli_param(c, "entries");
    const char *output = cli_param(c, "output");
    g_autofree char *e = g_uri_escape_string(entries ? entries : "", NULL, 0);
    g_autofree char *o = g_uri_escape_string(output ? output : "", NULL, 0);
    g_autofree char *query = g_strdup_printf("&entries=%s&output=%s", e, o);
    (void)ref, (void)user;
    return fetch(c, "filename", "/system-status", query);
}

int cmd_host_get_system_status(struct cli *c)
{
    return cli_each_host(c, "filename entries output", get_status, NULL);
}

static int get_backup(struct cli *c, const char *ref, void *user)
{
    (void)ref, (void)user;
    return fetch(c, "file-name", "/host_backup", NULL);
}

int cmd_host_backup(struct cli *c)
{
    return cli_each_host(c, "file-name", get_backup, NULL);
}

static int put_backup(struct cli *c, const char *ref, void *user)
{
    g_autofree char *url =
        g_strdup_printf("/host_restore?session_id=%s", c->session);
    (void)ref, (void)user;
    return cli_http(c, THIN_HTTP_PUT, cli_param(c, "file-name"), url);
}

int cmd_host_restore(struct cli *c)
{
    return cli_each_host(c, "file-name", put_backup, NULL);
}
