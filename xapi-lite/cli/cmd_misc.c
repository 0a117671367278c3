/* xe: pool, tasks, messages, secrets, events, passwords. */
#include <string.h>

#include "cli/filter.h"

/* ---- pool
 * ------------------------------------------------------------------------- */

int cmd_pool_dump_database(struct cli *c)
{
    g_autofree char *url =
        g_strdup_printf("/pool/xmldbdump?session_id=%s", c->session);
    return cli_http(c, THIN_HTTP_GET, cli_param(c, "file-name"), url);
}

int cmd_pool_restore_database(struct cli *c)
{
    bool dry = false;
    const char *word = cli_param(c, "dry-run");
    if (word && cli_bool(c, "dry-run", word, &dry))
        return -1;
    g_autofree char *url =
        g_strdup_printf("/pool/xmldbdump?session_id=%s&dry_run=%s", c->session,
                        dry ? "true" : "false");
    if (cli_http(c, THIN_HTTP_PUT, cli_param(c, "file-name"), url))
        return -1;
    cli_print(c, dry ? "The file is a database that can be restored."
                     : "The database is restored; the service restarts.");
    return 0;
}

int cmd_pool_sync_database(struct cli *c)
{
    return cli_do(c, "pool.sync_database", NULL);
}

/* ---- tasks, messages, secrets
 * ------------------------------------------------------- */

static int by_uuid(struct cli *c, enum class_id class, const char *uuid,
                   const char *method)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const char *ref = cli_ref_of_uuid(c, s, class, uuid);
    return ref ? cli_do(c, method, value_string(ref), NULL) : -1;
}

int cmd_task_cancel(struct cli *c)
{
    return by_uuid(c, CLASS_task, cli_param(c, "uuid"), "task.cancel");
}

int cmd_secret_create(struct cli *c)
{
    struct value *rec = value_object();
    value_set(rec, "value", value_string(cli_param(c, "value")));
    value_set(rec, "other_config", value_object());
    VALUE_AUTO *ref = cli_call(c, "secret.create", rec, NULL);
    return ref ? cli_print_uuid(c, CLASS_secret, value_get_string(ref)) : -1;
}

int cmd_secret_destroy(struct cli *c)
{
    return by_uuid(c, CLASS_secret, cli_param(c, "uuid"), "secret.destroy");
}

int cmd_message_create(struct cli *c)
{
    static const struct {
        const char *param, *class;
    } kinds[] = { { "vm-uuid", "VM" },
                  { "host-uuid", "Host" },
                  { "sr-uuid", "SR" },
                  { "pool-uuid", "Pool" } };
    int64_t priority;
    const char *class = NULL, *uuid = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (cli_param(c, kinds[i].param)) {
            if (uuid)
                return cli_fail(c, "Give one of vm-uuid, host-uuid, sr-uuid "
                                   "and pool-uuid, not several");
            uuid = cli_param(c, kinds[i].param);
            class = kinds[i].class;
        }
    if (!uuid)
        return cli_fail(c, "Give one of vm-uuid, host-uuid, sr-uuid and "
                           "pool-uuid");
    if (cli_int(c, "priority", cli_param(c, "priority"), &priority))
        return -1;
    return cli_do(c, "message.create", value_string(cli_param(c, "name")),
                  value_int(priority), value_string(class), value_string(uuid),
                  value_string(cli_param(c, "body")), NULL);
}

int cmd_message_destroy(struct cli *c)
{
    const char *list = cli_param(c, "uuids");
    if (!list)
        list = cli_need(c, "uuid");
    if (!list)
        return -1;
    g_auto(GStrv) uuids = g_strsplit(list, ",", -1);
    for (char **u = uuids; *u; u++)
        if (by_uuid(c, CLASS_message, *u, "message.destroy"))
            return -1;
    return 0;
}

int cmd_user_password_change(struct cli *c)
{
    const char *old = cli_param(c, "old");
    return cli_do(c, "session.change_password", value_string(old ? old : ""),
                  value_string(cli_param(c, "new")), NULL);
}

/* ---- event-wait
 * ------------------------------------------------------------------------ */

/* A wanted value; "/=x" and "field=/x" mean anything else than x. */
struct want {
    const struct xe_field *field;
    const char *value;
    bool other;
};

static int wants_parse(struct cli *c, const struct xe_class *k, GArray *wants)
{
    GArray *f = filters_parse(c, k, "class", "");
    if (!f)
        return -1;
    for (guint i = 0; i < f->len; i++) {
        const struct filter *one = &g_array_index(f, struct filter, i);
        bool no = g_str_has_prefix(one->value, "/=");
        struct want w = { one->field, one->value + (no ? 2 : 0), no };
        g_array_append_val(wants, w);
    }
    g_array_unref(f);
    return 0;
}

static bool is_wanted(struct cli *c, const struct xe_class *k,
                      const GArray *wants)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    for (size_t i = 0; i < snapshot_count(s, k->class); i++) {
        const struct record *r = snapshot_at(s, k->class, i);
        bool all = true;
        for (guint j = 0; all && j < wants->len; j++) {
            const struct want *w = &g_array_index(wants, struct want, j);
            g_autofree char *text =
                xe_field_text(s, c->x->model, r, w->field, filter_ask, c);
            all = (strcmp(text, w->value) == 0) != w->other;
        }
        if (all)
            return true;
    }
    return false;
}

/* Waits for the next change of the class: 0, or -1. */
static int wait_change(struct cli *c, const struct xe_class *k, char **token)
{
    struct value *classes = value_array();
    value_push(classes,
               value_string(model_class(c->x->model, k->class)->lower));
    VALUE_AUTO *batch = cli_call(c, "event.from", classes, value_string(*token),
                                 value_double(30), NULL);
    if (!batch)
        return -1;
    g_free(*token);
    *token = g_strdup(value_get_string(value_find(batch, "token")));
    return 0;
}

/* A heartbeat to a client that is gone ends the wait. */
static bool is_client_there(struct cli *c)
{
    struct thin_message m = { .tag = THIN_DEBUG, .text = (char *)"waiting" };
    return cli_send(c, &m) == 0;
}

int cmd_event_wait(struct cli *c)
{
    const char *class = cli_param(c, "class");
    const struct xe_class *k = xe_class_find(class);
    g_autoptr(GArray) wants = g_array_new(FALSE, FALSE, sizeof(struct want));
    g_autofree char *token = g_strdup("");
    if (!k)
        return cli_fail(c, "There is no class '%s'", class);
    if (wants_parse(c, k, wants))
        return -1;
    while (!is_wanted(c, k, wants))
        if (wait_change(c, k, &token) || !is_client_there(c))
            return -1;
    return 0;
}
