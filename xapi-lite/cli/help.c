/* xe help: the lists, and the four lines of one command that bash completion
 * reads. */
#include <string.h>

#include "cli/internal.h"

struct found {
    const char *want;
    char *required, *optional;
};

static void find_generated(void *user, const char *name, const char *required,
                           const char *optional, unsigned flags)
{
    struct found *f = user;
    (void)flags;
    if (f->required || strcmp(name, f->want))
        return;
    f->required = g_strdup(required);
    f->optional = g_strdup(optional);
}

/* "a,b" -> "a, b" */
static char *spaced(const char *list)
{
    g_auto(GStrv) words = g_strsplit(list, ",", -1);
    return g_strjoinv(", ", words);
}

/* What a generated command does, by the end of its name. */
static const char *generated_help(const char *name)
{
    static const struct {
        const char *suffix, *text;
    } rows[] = {
        { "-param-list", "Shows all fields of one object." },
        { "-param-get", "Shows one field; param-key= one key of a map." },
        { "-param-set", "Changes fields; maps as FIELD:KEY=VALUE." },
        { "-param-add", "Adds to a set (param-key=) or a map (KEY=VALUE)." },
        { "-param-remove", "Removes a key from a map or set." },
        { "-param-clear", "Empties a field." },
        { "-list", "Shows the objects whose fields have the given values; "
                   "params= picks columns (params=all: every one)." },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (g_str_has_suffix(name, rows[i].suffix))
            return rows[i].text;
    return "";
}

static void print_one(struct cli *c, const char *name, const char *required,
                      const char *optional, const char *help)
{
    GArray *row = cli_row_new();
    cli_row_add(row, g_strdup("command name        "), g_strdup(name));
    cli_row_add(row, g_strdup("reqd params     "), spaced(required));
    cli_row_add(row, g_strdup("optional params "), spaced(optional));
    cli_row_add(row, g_strdup("description     "), g_strdup(help));
    cli_print_row(c, row);
    g_array_unref(row);
}

static void print_command(struct cli *c, const struct command *cmd)
{
    const char *more = cmd->flags & CMD_VM_SELECTORS     ? "<vm-selectors>"
                       : cmd->flags & CMD_HOST_SELECTORS ? "<host-selectors>"
                       : cmd->flags & CMD_SR_SELECTORS   ? "<sr-selectors>"
                                                         : "";
    const char *how =
        cmd->flags & CMD_VM_SELECTORS
            ? " The VM is named by vm=NAME or UUID, or by values of its "
              "fields; several need --multiple."
        : cmd->flags & CMD_HOST_SELECTORS
            ? " Other hosts than the only one are named by host=NAME or UUID."
        : cmd->flags & CMD_SR_SELECTORS
            ? " The SR is named by sr=NAME or UUID, or by values of its "
              "fields; several need --multiple."
            : "";
    g_autofree char *optional = g_strdup_printf(
        "%s%s%s", cmd->optional, *cmd->optional && *more ? "," : "", more);
    g_autofree char *text = g_strconcat(cmd->help, how, NULL);
    print_one(c, cmd->name, cmd->required, optional, text);
}

static int help_one(struct cli *c, const char *name)
{
    const struct command *cmd = cli_command_find(name);
    struct found f = { .want = name };
    if (cmd) {
        print_command(c, cmd);
        return 0;
    }
    cli_each_generated(find_generated, &f);
    if (!f.required)
        return cli_fail(c, "No help available for unknown command '%s'", name);
    print_one(c, name, f.required, f.optional, generated_help(name));
    g_free(f.required);
    g_free(f.optional);
    return 0;
}

struct names {
    bool all;
    GPtrArray *list;
};

static void add_name(void *user, const char *name, const char *required,
                     const char *optional, unsigned flags)
{
    struct names *n = user;
    (void)required, (void)optional;
    if (n->all ? !(flags & CMD_HIDDEN) : flags & CMD_STANDARD)
        g_ptr_array_add(n->list, g_strdup(name));
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int help_list(struct cli *c, bool all)
{
    struct names n = { all, g_ptr_array_new_with_free_func(g_free) };
    for (const struct command *cmd = cli_commands; cmd->name; cmd++)
        add_name(&n, cmd->name, NULL, NULL, cmd->flags);
    cli_each_generated(add_name, &n);
    g_ptr_array_sort(n.list, by_name);
    g_ptr_array_add(n.list, NULL);
    g_autofree char *names =
        g_strjoinv(c->minimal ? "," : ", ", (char **)n.list->pdata);
    if (c->minimal)
        cli_print(c, names);
    else
        cli_printf(c,
                   "Usage: xe <command> [-s server] [-p port] [-u user] "
                   "[-pw password] [-pwf password-file]\n"
                   "       [parameters of the command]\n\n"
                   "xe help <command> explains one command, xe help --all "
                   "lists every one.\n\n%s commands\n---------------\n%s\n",
                   all ? "All" : "Common", names);
    g_ptr_array_unref(n.list);
    return 0;
}

int cmd_help(struct cli *c)
{
    static const char *const own[] = { "all",      "minimal", "username",
                                       "password", "debug",   "trace",
                                       NULL };
    for (size_t i = 0; i < value_count(c->params); i++) {
        const char *name = value_key_at(c->params, i);
        if (!g_strv_contains(own, name))
            return help_one(c, name);
    }
    return help_list(c, cli_flag(c, "all"));
}
