/* XenAPI host: this service itself, its log, its certificate, and what makes
 * sense only with other hosts (way B). */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "class/certificate.h"
#include "class/handler.h"
#include "class/service.h"
#include "class/setup.h"

enum { ANSWER_FIRST_MS = 300 };

/* The answer leaves before the signal comes. */
static gpointer signal_soon(gpointer sig)
{
    g_usleep(ANSWER_FIRST_MS * 1000);
    kill(getpid(), GPOINTER_TO_INT(sig));
    return NULL;
}

int service_end_with(int sig)
{
    g_thread_unref(g_thread_new("signal", signal_soon, GINT_TO_POINTER(sig)));
    return 0;
}

/* main opens everything anew upon SIGHUP; guests are left alone. */
int handle_host_restart_agent(struct ctx *c, struct value **result_out)
{
    (void)c, (void)result_out;
    return service_end_with(SIGHUP);
}

int handle_host_shutdown_agent(struct ctx *c, struct value **result_out)
{
    (void)c, (void)result_out;
    return service_end_with(SIGTERM);
}

/* What the hardware says is read again. */
int handle_host_sync_data(struct ctx *c, struct value **result_out)
{
    ERR_AUTO err = { 0 };
    (void)result_out;
    return setup_refresh(c->x, &err) < 0 ? ctx_err(c, &err) : 0;
}

/* Programs that add messages are not taken. */
int handle_host_has_extension(struct ctx *c, struct value **result_out)
{
    (void)c;
    *result_out = value_bool(false);
    return 0;
}

int handle_pool_has_extension(struct ctx *c, struct value **result_out)
{
    return handle_host_has_extension(c, result_out);
}

/* sched-gran= of Xen's command line; cpu is what it does without one. */
int handle_host_get_sched_gran(struct ctx *c, struct value **result_out)
{
    static const char *const words[] = { "core", "socket" };
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *host = ctx_find(c, s, CLASS_host, arg_str(c, 0));
    if (!host)
        return -1;
    const char *line =
        record_map_get(host, F_host_software_version, "xen_cmdline");
    const char *at = line ? strstr(line, "sched-gran=") : NULL;
    const char *word = "cpu";
    for (size_t i = 0; at && i < G_N_ELEMENTS(words); i++)
        if (g_str_has_prefix(at + strlen("sched-gran="), words[i]))
            word = words[i];
    *result_out = value_string(word);
    return 0;
}

/* The parts that GET /system-status?entries= knows. */
int handle_host_get_system_status_capabilities(struct ctx *c,
                                               struct value **result_out)
{
    static const char *const parts[] = { "host", "guests", "network", "storage",
                                         "logs" };
    g_autoptr(GString) s = g_string_new("<?xml version=\"1.0\" ?>\n"
                                        "<system-status-capabilities>\n");
    (void)c;
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        g_string_append_printf(s,
                               "  <capability key=\"%s\" checked=\"true\" "
                               "content-type=\"text/plain\"/>\n",
                               parts[i]);
    g_string_append(s, "</system-status-capabilities>\n");
    *result_out = value_string(s->str);
    return 0;
}

/* What this service has written to the journal since the last boot. */
int handle_host_get_log(struct ctx *c, struct value **result_out)
{
    g_autofree char *out = NULL, *said = NULL;
    g_autoptr(GError) e = NULL;
    int status = 0;
    const char *argv[] = {
        "timeout", "30",   "journalctl", "--no-pager", "-b",
        "-n",      "2000", "-u",         "xapi-lite",  NULL
    };
    if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL,
                      NULL, &out, &said, &status, &e))
        return ctx_fault(c, "INTERNAL_ERROR", e->message);
    if (status)
        return ctx_fault(c, "INTERNAL_ERROR", g_strstrip(said));
    *result_out = value_string(out);
    return 0;
}

int handle_host_set_power_on_mode(struct ctx *c, struct value **result_out)
{
    const char *host = arg_str(c, 0);
    (void)result_out;
    struct txn *t = store_begin(c->x->store);
    store_set(t, host, model_field(c->x->model, F_host_power_on_mode),
              arg(c, 1));
    store_set(t, host, model_field(c->x->model, F_host_power_on_config),
              arg(c, 2));
    return ctx_commit(c, t);
}

/* ---- certificate
 * ------------------------------------------------------------- */

int handle_host_get_server_certificate(struct ctx *c, struct value **result_out)
{
    g_autofree char *pem = certificate_pem(c->x);
    if (!pem)
        return ctx_fault(c, "CERTIFICATE_DOES_NOT_EXIST",
                         "TLS is not configured: tls_port is 0");
    *result_out = value_string(pem);
    return 0;
}

/* ---- pool of one ----------------------------------------------------------
 */

/* Without a second host no failure is survived. */
static int no_failures(struct value **result_out)
{
    *result_out = value_int(0);
    return 0;
}

int handle_pool_ha_compute_max_host_failures_to_tolerate(
    struct ctx *c, struct value **result_out)
{
    (void)c;
    return no_failures(result_out);
}

int handle_pool_ha_compute_hypothetical_max_host_failures_to_tolerate(
    struct ctx *c, struct value **result_out)
{
    (void)c;
    return no_failures(result_out);
}

/* Why no other host could run this guest: it needs storage that only this one
 * has, or there is no other. */
static struct value *no_host(struct ctx *c, const char *vm)
{
    FAULT_AUTO f = { 0 };
    struct value *why = value_object();
    VALUE_AUTO *args = value_array();
    struct ctx one = *c;
    value_push(args, value_string(vm));
    one.args = args;
    one.fault = &f;
    bool agile = handle_VM_assert_agile(&one, NULL) == 0;
    value_set(why, "error_code",
              value_string(agile ? "NO_HOSTS_AVAILABLE" : f.code));
    return why;
}

int handle_pool_ha_compute_vm_failover_plan(struct ctx *c,
                                            struct value **result_out)
{
    const struct value *vms = arg(c, 1);
    *result_out = value_object();
    for (size_t i = 0; i < value_count(vms); i++) {
        const char *vm = value_get_string(value_at(vms, i));
        value_set(*result_out, vm, no_host(c, vm));
    }
    return 0;
}

/* ---- editions: there is one
 * ------------------------------------------------ */

static int take_edition(struct ctx *c)
{
    const char *edition = arg_str(c, 1);
    return strcmp(edition, "free") ? ctx_fault(c, "INVALID_EDITION", edition)
                                   : 0;
}

int handle_pool_apply_edition(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return take_edition(c);
}

int handle_host_apply_edition(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return take_edition(c);
}
