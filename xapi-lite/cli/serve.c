/* Way B: one command of a thin client, from its words to its exit code. */
#include <string.h>

#include "class/session.h"
#include "cli/internal.h"

/* ---- who asks
 * ------------------------------------------------------------------ */

/* A session given by the client is used; otherwise user and password make one
 * for this command. By the local socket root needs neither. */
static int log_in(struct cli *c, const char *client)
{
    struct session_info who = { 0 };
    const char *user = cli_param(c, "username");
    const char *password = cli_param(c, "password");
    if (c->session) {
        int r = session_check(c->x, c->session, &who, &c->fault);
        session_info_dispose(&who);
        return r;
    }
    if (!c->root && (!user || !password))
        return cli_need(c, user ? "password" : "username") ? 0 : -1;
    if (session_login(c->x, user ? user : "root", password ? password : "",
                      c->root, "cli", client, &c->session, &c->fault))
        return -1;
    c->own_session = true;
    return 0;
}

/* ---- which command
 * --------------------------------------------------------------- */

static int unknown(struct cli *c)
{
    if (cli_command_is_missing(c->command)) {
        c->message =
            g_strdup_printf("Error: the command %s is not served by this "
                            "host's service yet\n",
                            c->command);
        return -1;
    }
    c->message = g_strdup_printf("Unknown command: %s\n"
                                 "For usage run: 'xe help'\n",
                                 c->command);
    return -1;
}

static int check_required(struct cli *c, const struct command *cmd)
{
    g_auto(GStrv) names = g_strsplit(cmd->required, ",", -1);
    for (char **n = names; *n; n++)
        if (!cli_need(c, *n))
            return -1;
    return 0;
}

static bool is_known(struct cli *c, const struct command *cmd)
{
    /* the words "list" and "param-*" are looked up when they run */
    return cmd || strstr(c->command, "-list") || strstr(c->command, "-param-");
}

static int run(struct cli *c, const char *client)
{
    const struct command *cmd = cli_command_find(c->command);
    int result;
    if (!is_known(c, cmd))
        return unknown(c);
    if (cmd && check_required(c, cmd))
        return -1;
    if (log_in(c, client))
        return -1;
    if (cmd)
        return cmd->run(c);
    return cli_generated(c, &result) ? result : unknown(c);
}

/* ---- how it ends
 * ------------------------------------------------------------------ */

/* The items are listed with the last printed first. */
static void flush_minimal(struct cli *c)
{
    GString *line = g_string_new(NULL);
    for (guint i = c->items->len; i > 0; i--)
        g_string_append_printf(line, "%s%s",
                               line->len || i < c->items->len ? "," : "",
                               (char *)c->items->pdata[i - 1]);
    struct thin_message m = { .tag = THIN_PRINT, .text = line->str };
    cli_send(c, &m);
    g_string_free(line, TRUE);
}

/* --trace: what the command was doing, beside the error itself. */
static void show_trace(struct cli *c, const char *why)
{
    g_autofree char *line = g_strdup_printf(
        "trace: command %s%s%s\n", c->command, c->failed_call ? ", call " : "",
        c->failed_call ? c->failed_call : "");
    g_info("%s failed: %s", c->command, why);
    cli_stderr(c, line);
}

static void finish(struct cli *c, int result)
{
    struct thin_message m = { .tag = THIN_EXIT, .number = result ? 1 : 0 };
    if (c->minimal && (result == 0 || c->items->len))
        flush_minimal(c);
    if (result && !c->silent) {
        g_autofree char *why = cli_take_error(c);
        cli_stderr(c, why);
        if (cli_flag(c, "trace"))
            show_trace(c, why);
    }
    cli_send(c, &m);
}

static void dispose(struct cli *c)
{
    if (c->own_session)
        session_logout(c->x, c->session);
    g_free(c->session);
    g_free(c->command);
    g_free(c->message);
    g_free(c->failed_call);
    fault_dispose(&c->fault);
    value_free(c->params);
    g_ptr_array_unref(c->items);
}

void cli_serve(struct xapi *x, int fd, const char *body, size_t len, bool root,
               const char *client)
{
    struct cli c = { .x = x,
                     .fd = fd,
                     .root = root,
                     .items = g_ptr_array_new_with_free_func(g_free) };
    bool good = cli_parse(&c, body, len);
    if (cli_greet(&c) == 0)
        finish(&c,
               good ? run(&c, client) : cli_fail(&c, "no command was given"));
    dispose(&c);
}
