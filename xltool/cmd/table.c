/* The command table, its lookup and its help (way A, between main and one
 * command). */
#include <stdarg.h>
#include <string.h>

#include "base/diag.h"
#include "cmd/cmd.h"
#include "xen/child.h"

const struct cmd_row cmd_rows[] = {
#define CMD(name, id, usage, min, dryrun, modifies, summary)                   \
    { name, cmd_##id##_run, cmd_##id##_opts, usage,                            \
      min,  dryrun,         modifies,        summary },
#include "commands.def"
#undef CMD
    { 0 }
};

static int not_a_command(struct err *err, const char *name,
                         const GString *candidates)
{
    if (candidates->len) {
        err_set(err, ERR_FAIL, "\"%s\" is the beginning of several commands",
                name);
        return err_hint(err, "It could be:%s", candidates->str);
    }
    const char *names[G_N_ELEMENTS(cmd_rows)];
    for (size_t i = 0; i < G_N_ELEMENTS(cmd_rows); i++)
        names[i] = cmd_rows[i].name;
    const char *near = diag_nearest(name, names);
    err_set(err, ERR_FAIL, "command not implemented: \"%s\"", name);
    return near ? err_hint(err, "Did you mean `xl %s`? `xl help` lists all.",
                           near)
                : err_hint(err, "`xl help` lists all commands.");
}

const struct cmd_row *cmd_lookup(const char *name, struct err *err)
{
    const struct cmd_row *found = NULL;
    int nr = 0;
    g_autoptr(GString) candidates = g_string_new(NULL);
    for (const struct cmd_row *r = cmd_rows; r->name; r++) {
        if (!strcmp(r->name, name))
            return r;
        if (*name && g_str_has_prefix(r->name, name)) {
            g_string_append_printf(candidates, " %s", r->name);
            found = r;
            nr++;
        }
    }
    if (nr == 1)
        return found;
    not_a_command(err, name, candidates);
    return NULL;
}

/* What a command's summary and options cannot say. */
static const struct {
    const char *name, *text;
} notes[] = {
    { "list",
      "State: r running, b blocked (it waits for something), p paused, s shut "
      "down, then\nwhy (- power off, r reboot, s suspend, c crash, w watchdog, "
      "S soft reset), d dying.\n------ is a domain that could run and waits "
      "for a cpu: nothing is wrong with it.\n(null) is one that has ended; -v "
      "tells who still holds its memory.\n" },
};

static void print_notes(FILE *f, const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(notes); i++)
        if (!strcmp(notes[i].name, name))
            fprintf(f, "%s\n", notes[i].text);
}

void cmd_print_usage(FILE *f, const struct cmd_row *row)
{
    fprintf(f, "Usage: xl [-v%s%s] %s %s\n\n%s\n\n", row->modifies ? "f" : "",
            row->can_dryrun ? "N" : "", row->name, row->usage, row->summary);
    print_notes(f, row->name);
    if (row->opts && (row->opts->letter || row->opts->name)) {
        fprintf(f, "Options:\n");
        opt_print_help(f, row->opts);
        fputc('\n', f);
    }
}

void cmd_print_all(FILE *f)
{
    fprintf(f, "Usage: xl [-vfNtT] <command> [words]\n\n"
               "  -v  say more; up to three times (-vvv)\n"
               "  -f  accepted for old scripts\n"
               "  -N  only show what would be done (commands that can)\n"
               "  -t  show progress on one line\n"
               "  -T  put time and process id before each message\n\n"
               "Commands (an unambiguous beginning of a name is enough):\n\n");
    for (const struct cmd_row *r = cmd_rows; r->name; r++)
        fprintf(f, " %-23s %s\n", r->name, r->summary);
    fprintf(f, "\n`xl help <command>` or `xl <command> -h` tells more.\n");
}

int cmd_open(struct cmd *c, struct err *err)
{
    bool first = !c->xen.ctx;
    if (xen_open(&c->xen, c->g.verbosity, err))
        return -1;
    if (first) {
        child_setup(&c->xen);
        c->xen.log->stamps = c->g.stamps;
        c->xen.log->cr = c->g.progress_cr;
    }
    return 0;
}

int cmd_domain(struct cmd *c, const char *who, uint32_t *domid_out,
               struct err *err)
{
    if (cmd_open(c, err))
        return -1;
    return find_domain(&c->xen, who, domid_out, err);
}

int cmd_usage(struct cmd *c, struct err *err, const char *fmt, ...)
{
    (void)c;
    va_list ap;
    va_start(ap, fmt);
    g_autofree char *text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    return err_set(err, ERR_USAGE, "%s", text);
}

int cmd_exit(struct err *err, int exit_code)
{
    err_set(err, ERR_FAIL, "%s", "");
    err->exit_code = exit_code;
    return -1;
}

int cmd_newer(struct cmd *c, const char *release, const char *where,
              struct err *err)
{
    err_set(err, ERR_UNSUPPORTED,
            "xl %s works from Xen %s on%s%s; this xl is built for Xen %s",
            c->row->name, release, where ? ", " : "", where ? where : "",
            XEN_VERSION);
    return err_hint(err, "Nothing was done.");
}

void cmd_print_json(struct value *v)
{
    g_autoptr(GString) s = g_string_new(NULL);
    value_json_format(s, v, true);
    if (!s->len || s->str[s->len - 1] != '\n')
        g_string_append_c(s, '\n');
    fwrite(s->str, 1, s->len, stdout);
    value_free(v);
}

void cmd_print(GString *text)
{
    fwrite(text->str, 1, text->len, stdout);
    g_string_free(text, TRUE);
}
