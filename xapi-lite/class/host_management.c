/* XenAPI host: the address that clients are told, and where the log goes (way
 * B). */
#include <string.h>
#include <unistd.h>

#include "class/handler.h"
#include "class/management.h"

#define SYSLOG_FILE "/etc/rsyslog.d/90-xapi-lite.conf"

/* ---- the management interface
 * ------------------------------------------------ */

/* In host.other_config: the UUID of the PIF that was chosen. */
#define CHOSEN "management-pif"

bool management_is(struct txn *t, const char *pif, bool has_route)
{
    const struct snapshot *s = txn_snapshot(t);
    const struct record *host =
        snapshot_count(s, CLASS_host) ? snapshot_at(s, CLASS_host, 0) : NULL;
    const char *uuid =
        host ? record_map_get(host, F_host_other_config, CHOSEN) : NULL;
    const struct record *chosen =
        uuid ? txn_find_uuid(t, CLASS_PIF, uuid) : NULL;
    return chosen ? !strcmp(record_ref(chosen), pif) : has_route;
}

/* This PIF and no other is the host's; its address is told to clients from
 * then on. Where the service listens is the configuration's affair. */
static int manage_by(struct ctx *c, const char *pif)
{
    struct txn *t = store_begin(c->x->store);
    const struct record *r = ctx_txn_find(c, t, CLASS_PIF, pif);
    g_autofree char *address = g_strdup(r ? record_str(r, F_PIF_IP) : "");
    if (!*address) {
        if (r)
            ctx_fault(c, "INTERFACE_HAS_NO_IP", record_str(r, F_PIF_device));
        store_rollback(t);
        return -1;
    }
    const struct snapshot *s = txn_snapshot(t);
    for (size_t i = 0; i < snapshot_count(s, CLASS_PIF); i++) {
        const char *ref = record_ref(snapshot_at(s, CLASS_PIF, i));
        store_set_bool(t, ref, F_PIF_management, !strcmp(ref, pif));
    }
    store_map_put(t, c->x->host_ref, F_host_other_config, CHOSEN,
                  record_str(txn_find(t, CLASS_PIF, pif), F_PIF_uuid));
    store_set_str(t, c->x->host_ref, F_host_address, address);
    return ctx_commit(c, t);
}

int handle_host_management_reconfigure(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return manage_by(c, arg_str(c, 0));
}

/* The PIF for which `field` has this value; "" when there is none. */
static char *find_pif(struct ctx *c, enum field_id field, const char *value)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    for (size_t i = 0; i < snapshot_count(s, CLASS_PIF); i++) {
        const struct record *r = snapshot_at(s, CLASS_PIF, i);
        if (!strcmp(record_str(r, field), value))
            return g_strdup(record_ref(r));
    }
    return NULL;
}

/* By the name of the interface, as it is called on the host. */
int handle_host_local_management_reconfigure(struct ctx *c,
                                             struct value **result_out)
{
    g_autofree char *pif = find_pif(c, F_PIF_device, arg_str(c, 0));
    (void)result_out;
    return pif ? manage_by(c, pif)
               : ctx_fault(c, "INVALID_VALUE", "interface", arg_str(c, 0));
}

int handle_pool_management_reconfigure(struct ctx *c, struct value **result_out)
{
    g_autofree char *pif = find_pif(c, F_PIF_network, arg_str(c, 0));
    (void)result_out;
    return pif ? manage_by(c, pif)
               : ctx_fault(c, "PIF_NOT_PRESENT", c->x->host_ref, arg_str(c, 0));
}

/* ---- the log
 * ------------------------------------------------------------------ */

/* A host name or address, and nothing that rsyslog would take for more. */
static bool good_destination(const char *s)
{
    for (; *s; s++)
        if (!g_ascii_isalnum(*s) && !strchr(".:-", *s))
            return false;
    return true;
}

static int restart_rsyslog(struct ctx *c)
{
    g_autoptr(GError) e = NULL;
    g_autofree char *said = NULL;
    int status = 0;
    const char *argv[] = { "timeout",     "30",      "systemctl",
                           "try-restart", "rsyslog", NULL };
    if (!g_spawn_sync(NULL, (char **)argv, NULL,
                      G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
                      NULL, NULL, &said, &status, &e))
        return ctx_fault(c, "INTERNAL_ERROR", e->message);
    return status ? ctx_fault(c, "INTERNAL_ERROR", g_strstrip(said)) : 0;
}

/* host.logging:syslog_destination is where all of the host's log goes, too;
 * empty or not there: nowhere else. rsyslog does it. */
int handle_host_syslog_reconfigure(struct ctx *c, struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *host = ctx_find(c, s, CLASS_host, arg_str(c, 0));
    g_autoptr(GError) e = NULL;
    (void)result_out;
    if (!host)
        return -1;
    const char *to = record_map_get(host, F_host_logging, "syslog_destination");
    if (!to || !*to)
        return unlink(SYSLOG_FILE) == 0 ? restart_rsyslog(c) : 0;
    if (!good_destination(to))
        return ctx_fault(c, "INVALID_VALUE", "logging:syslog_destination", to);
    g_autofree char *folder = g_path_get_dirname(SYSLOG_FILE);
    if (!g_file_test(folder, G_FILE_TEST_IS_DIR))
        return ctx_fault(c, "OPERATION_NOT_ALLOWED",
                         "the log is sent by rsyslog, which is not installed");
    g_autofree char *text = g_strdup_printf(
        "# written by xapi-lite: host.syslog_reconfigure\n"
        "*.* @%s%s%s\n",
        strchr(to, ':') ? "[" : "", to, strchr(to, ':') ? "]" : "");
    if (!g_file_set_contents(SYSLOG_FILE, text, -1, &e))
        return ctx_fault(c, "INTERNAL_ERROR", e->message);
    return restart_rsyslog(c);
}
