/* The program xl: options before the command, the command's row, the one error
 * printed, the exit code (way A, both ends). */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/several_common.h"

/* Options before the command; stops at the first word. Returns the index of
 * the command, or -1. */
static int parse_globals(int argc, char **argv, struct cmd_globals *g,
                         bool *help, struct err *err)
{
    int i = 1;
    for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
            *help = true;
            return i;
        }
        for (const char *p = argv[i] + 1; *p; p++) {
            switch (*p) {
            case 'v':
                g->verbosity++;
                break;
            case 'f':
                g->force = true;
                break;
            case 'N':
                g->dryrun = true;
                break;
            case 't':
                g->progress_cr = true;
                break;
            case 'T':
                g->stamps = true;
                break;
            default:
                err_set(err, ERR_FAIL, "unknown global option `%s'", argv[i]);
                return err_hint(err, "There are -v -f -N -t -T; options of a "
                                     "command go behind its name.");
            }
        }
    }
    return i;
}

static int help(const char *name, struct err *err)
{
    if (!name) {
        cmd_print_all(stdout);
        return 0;
    }
    const struct cmd_row *row = cmd_lookup(name, err);
    if (!row)
        return -1;
    cmd_print_usage(stdout, row);
    return 0;
}

static int check_words(const struct cmd *c, struct err *err)
{
    int min = c->row->min_words;
    if (c->o.nr_words >= min)
        return 0;
    return err_set(err, ERR_USAGE, "'xl %s' needs at least %d argument%s: %s",
                   c->row->name, min, min == 1 ? "" : "s", c->row->usage);
}

static int run(struct cmd *c, int argc, char **argv, struct err *err)
{
    if (c->g.dryrun && !c->row->can_dryrun)
        return err_set(err, ERR_FAIL,
                       "command does not implement -N (dry run)"
                       " option: %s",
                       c->row->name);
    if (opt_parse(c->row->opts, argc, argv, &c->o, err))
        return -1;
    if (c->o.help) {
        cmd_print_usage(stdout, c->row);
        return 0;
    }
    if (check_words(c, err))
        return -1;
    return several_wanted(c) ? several_do(c, err) : c->row->run(c, err);
}

static int report(struct cmd *c, const struct err *err)
{
    if (err->id == ERR_NONE) {
        if (c->xen.log)
            xen_log_flush(c->xen.log);
        return 0;
    }
    err_print(stderr, "xl", err);
    if (err->id == ERR_USAGE && c->row)
        cmd_print_usage(stderr, c->row);
    return err_exit_code(err);
}

/* A full disk or a closed pipe must not look like success. */
static void check_stdout(struct err *err)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return;
    if (err->id == ERR_NONE && errno != EPIPE)
        err_errno(err, ERR_IO, errno, "cannot write to standard output");
}

int main(int argc, char **argv)
{
    g_autofree char **line = g_memdup2(argv, (argc + 1) * sizeof(*argv));
    struct cmd c = { .line = line, .again = main };
    ERR_AUTO err = { 0 };
    bool want_help = false;
    int i = parse_globals(argc, argv, &c.g, &want_help, &err);

    if (i >= 0 && want_help) {
        help(NULL, &err);
    } else if (i >= argc) {
        cmd_print_all(stdout); /* as the original does */
        return 1;
    } else if (i >= 0 && !strcmp(argv[i], "help")) {
        help(argv[i + 1], &err);
    } else if (i >= 0 && (c.row = cmd_lookup(argv[i], &err))) {
        run(&c, argc - i, argv + i, &err);
    }
    check_stdout(&err);
    int status = report(&c, &err);
    xen_close(&c.xen);
    return status;
}
