/* xe: what needs more than one call: certificates, editions, the
 * daemon's own figures, moving a guest. */
#include <inttypes.h>
#include <malloc.h>
#include <string.h>

#include "cli/internal.h"

/* ---- certificate
 * -------------------------------------------------------------- */

/* A file of the client as text; "" when the parameter is not there. */
static struct value *file_text(struct cli *c, const char *name)
{
    const char *file = cli_param(c, name);
    size_t len = 0;
    g_autofree char *data = file ? cli_load(c, file, &len) : NULL;
    g_autofree char *text = data ? g_strndup(data, len) : g_strdup("");
    return file && !data ? NULL : value_string(text);
}

static int install(struct cli *c, const char *ref, void *user)
{
    VALUE_AUTO *cert = file_text(c, "certificate");
    VALUE_AUTO *key = cert ? file_text(c, "private-key") : NULL;
    VALUE_AUTO *chain = key ? file_text(c, "certificate-chain") : NULL;
    (void)user;
    if (!chain)
        return -1;
    return cli_do(c, "host.install_server_certificate", value_string(ref),
                  g_steal_pointer(&cert), g_steal_pointer(&key),
                  g_steal_pointer(&chain), NULL);
}

int cmd_host_server_certificate_install(struct cli *c)
{
    return cli_each_host(c, "certificate private-key certificate-chain",
                         install, NULL);
}

/* ---- what the host is
 * ----------------------------------------------------------- */

int cmd_host_all_editions(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = snapshot_find(s, CLASS_host, c->x->host_ref);
    for (size_t i = 0; i < record_count(r, F_host_editions); i++)
        cli_print(c, record_item(r, F_host_editions, i));
    return 0;
}

/* There is no licence and nothing that needs one. */
int cmd_host_license_view(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = snapshot_find(s, CLASS_host, c->x->host_ref);
    GArray *row = cli_row_new();
    cli_row_add(row, g_strdup("edition (SRO)"),
                g_strdup(record_str(r, F_host_edition)));
    cli_row_add(row, g_strdup("expiry (SRO)"), g_strdup("never"));
    cli_print_row(c, row);
    g_array_unref(row);
    return 0;
}

static int download_logs(struct cli *c, const char *ref, void *user)
{
    (void)ref, (void)user;
    g_autofree char *url =
        g_strdup_printf("/host_logs_download?session_id=%s", c->session);
    return cli_http(c, THIN_HTTP_GET, cli_param(c, "file-name"), url);
}

/* The client writes only files that its command line names. */
int cmd_host_logs_download(struct cli *c)
{
    if (!cli_need(c, "file-name"))
        return -1;
    return cli_each_host(c, "file-name", download_logs, NULL);
}

/* ---- the daemon's own figures
 * --------------------------------------------------- */

/* Gives memory that is free inside the daemon back to the system. */
int cmd_diagnostic_compact(struct cli *c)
{
    (void)c;
    malloc_trim(0);
    return 0;
}

int cmd_diagnostic_gc_stats(struct cli *c)
{
    struct mallinfo2 m = mallinfo2();
    GArray *row = cli_row_new();
    cli_row_add(row, g_strdup("bytes in use"),
                g_strdup_printf("%zu", m.uordblks + m.hblkhd));
    cli_row_add(row, g_strdup("bytes free"),
                g_strdup_printf("%zu", m.fordblks));
    cli_row_add(row, g_strdup("bytes from the system"),
                g_strdup_printf("%zu", m.arena + m.hblkhd));
    cli_print_row(c, row);
    g_array_unref(row);
    return 0;
}

/* How many objects of each class there are. */
int cmd_diagnostic_db_stats(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    GArray *row = cli_row_new();
    for (int i = 0; i < CLASS_COUNT; i++)
        if (snapshot_count(s, i))
            cli_row_add(row, g_strdup(model_class(c->x->model, i)->name),
                        g_strdup_printf("%zu", snapshot_count(s, i)));
    cli_print_row(c, row);
    g_array_unref(row);
    return 0;
}

int cmd_message_destroy_all(struct cli *c)
{
    int64_t priority = -1;
    const char *word = cli_param(c, "priority");
    if (word && cli_int(c, "priority", word, &priority))
        return -1;
    VALUE_AUTO *all = cli_call(c, "message.get_all_records", NULL);
    const char *before = cli_param(c, "before"), *after = cli_param(c, "after");
    for (size_t i = 0; i < value_count(all); i++) {
        const struct value *m = value_item_at(all, i);
        const char *when = value_get_string(value_find(m, "timestamp"));
        if ((before && strcmp(when, before) >= 0) ||
            (after && strcmp(when, after) <= 0) ||
            (word && value_get_int(value_find(m, "priority")) != priority))
            continue;
        if (cli_do(c, "message.destroy", value_string(value_key_at(all, i)),
                   NULL))
            return -1;
    }
    return all ? 0 : -1;
}

/* ---- moving a guest
 * ------------------------------------------------------------- */

/* Another host of the pool (there is only this one), or one elsewhere. */
static int migrate(struct cli *c, const char *ref, void *host)
{
    if (cli_param(c, "remote-master"))
        return cli_do(c, "VM.migrate_send", value_string(ref), value_object(),
                      value_bool(true), value_object(), value_object(),
                      value_object(), NULL);
    return cli_do_long(c, NULL, "VM.pool_migrate", value_string(ref),
                       value_string(host), value_object(), NULL);
}

/* The host that host= (its name or UUID) or host-uuid= names. Caller frees. */
static char *destination(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const char *word = cli_param(c, "host-uuid");
    if (!word)
        word = cli_need(c, "host");
    if (!word)
        return NULL;
    const struct record *r = snapshot_find_uuid(s, CLASS_host, word);
    g_autoptr(GPtrArray) named = snapshot_find_name(s, CLASS_host, word);
    if (!r && named->len)
        r = named->pdata[0];
    if (r)
        return g_strdup(record_ref(r));
    cli_fail(c,
             "No host is named %s. This pool has one host; `xl migrate` "
             "moves guests of xl between hosts",
             word);
    return NULL;
}

int cmd_vm_migrate(struct cli *c)
{
    bool remote = cli_param(c, "remote-master");
    g_autofree char *host = remote ? g_strdup("") : destination(c);
    return host ? cli_each_vm(c, 0,
                              "live host host-uuid remote-master "
                              "remote-username remote-password "
                              "remote-network force copy compress vif vdi "
                              "image-format",
                              migrate, host)
                : -1;
}
