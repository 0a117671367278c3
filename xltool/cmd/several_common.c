/* Commands that take several domains or config files: each runs as the command
 * for one (way A). */
#include "cmd/several_common.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "op/several.h"

/* What is said of each that succeeded. */
static const struct doing {
    const char *command, *done;
    bool files; /* words with '=' are settings for each of the others */
} doings[] = {
    { "create", "created", true },  { "destroy", "destroyed", false },
    { "pause", "paused", false },   { "unpause", "unpaused", false },
    { "reboot", "reboots", false }, { "shutdown", "shuts down", false },
};

static const struct doing *doing_of(const char *command)
{
    for (size_t i = 0; i < G_N_ELEMENTS(doings); i++)
        if (!strcmp(doings[i].command, command))
            return &doings[i];
    return NULL;
}

static bool is_setting(const struct doing *d, const char *word)
{
    return d->files && strchr(word, '=');
}

static int count(const struct cmd *c, const struct doing *d)
{
    int n = 0;
    for (int i = 0; i < c->o.nr_words; i++)
        n += !is_setting(d, c->o.words[i]);
    return n;
}

bool several_wanted(const struct cmd *c)
{
    const struct doing *d = doing_of(c->row->name);
    return d && count(c, d) > 1 && !cmd_has(c, d->files ? 'f' : 'a');
}

/* Options that make sense for one only. */
static int check(struct cmd *c, const struct doing *d, struct err *err)
{
    for (int i = 0; i < c->o.nr_words; i++)
        if (is_setting(d, c->o.words[i]) &&
            (g_str_has_prefix(c->o.words[i], "name=") ||
             g_str_has_prefix(c->o.words[i], "uuid=")))
            return cmd_usage(c, err, "%s would be the same for all of them",
                             c->o.words[i]);
    for (const char *one = "cFVA"; d->files && *one; one++)
        if (cmd_has(c, *one))
            return cmd_usage(c, err, "-%c is for one domain only", *one);
    return 0;
}

/* The command line again, of its words only this one and the settings. */
static char **line_for(const struct cmd *c, const struct doing *d,
                       const char *word)
{
    GPtrArray *argv = g_ptr_array_new();
    for (char **arg = c->line; *arg; arg++) {
        bool other = false;
        for (int i = 0; i < c->o.nr_words && !other; i++)
            other =
                c->o.words[i] == *arg && *arg != word && !is_setting(d, *arg);
        if (!other)
            g_ptr_array_add(argv, *arg);
    }
    g_ptr_array_add(argv, NULL);
    return (char **)g_ptr_array_free(argv, FALSE);
}

static void tell(const struct several_job *j, void *user)
{
    const struct doing *d = user;
    FILE *to = j->status ? stderr : stdout;
    if (j->status < 0 && !j->said->len)
        fprintf(to, "%s: not begun\n", j->label);
    else
        fprintf(to, "%s: %s\n", j->label, j->status ? "failed" : d->done);
    g_auto(GStrv) lines = g_strsplit(j->said->str, "\n", -1);
    for (char **l = lines; j->status && *l; l++)
        if (**l)
            fprintf(to, "  %s\n", *l);
    fflush(to);
}

/* A dry run's output is its result. */
static void show(const struct several_job *j, void *user)
{
    (void)user;
    fputs(j->said->str, j->status ? stderr : stdout);
}

int several_do(struct cmd *c, struct err *err)
{
    const struct doing *d = doing_of(c->row->name);
    bool dry = d->files && (c->g.dryrun || cmd_has(c, 'n'));
    if (check(c, d, err))
        return -1;
    g_autofree struct several_job *jobs =
        g_new0(struct several_job, count(c, d));
    int n = 0;
    for (int i = 0; i < c->o.nr_words; i++)
        if (!is_setting(d, c->o.words[i]))
            jobs[n++] =
                (struct several_job){ .label = c->o.words[i],
                                      .argv = line_for(c, d, c->o.words[i]) };
    const struct several_self self = { c->again, c->line };
    int status = several_run(&self, jobs, n, several_workers(),
                             dry ? show : tell, (void *)d);
    for (int i = 0; i < n; i++) {
        g_string_free(jobs[i].said, TRUE);
        g_free(jobs[i].argv);
    }
    return status ? cmd_exit(err, status) : 0;
}
