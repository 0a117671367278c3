/* The command line of xentop: rows of options, and what may be said together.
 */
#include "top/options.h"

#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DELAY_DEFAULT = 3, DELAY_MAX = 86400 };

/* Options that have no letter. */
enum long_only {
    OPT_JSON = 256,
    OPT_PROMETHEUS,
    OPT_LISTEN,
    OPT_RECORD,
    OPT_REPLAY,
    OPT_SORT,
    OPT_REVERSE,
    OPT_FILTER,
    OPT_PLAIN,
};

static const struct {
    int letter;
    const char *name, *argument, *help;
} rows[] = {
    { 'h', "help", NULL, "this text" },
    { 'V', "version", NULL, "version" },
    { 'd', "delay", "SECONDS", "time between two samples (3)" },
    { 'i', "iterations", "N", "end after N samples; 0: never (0)" },
    { 'b', "batch", NULL, "print the table again and again, without a screen" },
    { 'n', "networks", NULL, "show each network interface" },
    { 'x', "vbds", NULL, "show each disk" },
    { 'v', "vcpus", NULL, "show each VCPU" },
    { 'p', "pcpus", NULL, "show each physical CPU" },
    { 'r', "repeat-header", NULL, "header before each domain" },
    { 'f', "full-name", NULL, "do not cut names" },
    { 'z', "dom0-first", NULL, "Domain-0 stands first" },
    { OPT_SORT, "sort", "COLUMN", "sort by this column (NAME)" },
    { OPT_REVERSE, "reverse", NULL, "sort the other way round" },
    { OPT_FILTER, "filter", "TEXT",
      "only domains whose name or uuid has TEXT" },
    { OPT_PLAIN, "no-color", NULL, "no colours on the screen" },
    { OPT_JSON, "json", NULL, "one JSON object per sample" },
    { OPT_PROMETHEUS, "prometheus", NULL, "metrics for Prometheus, once" },
    { OPT_LISTEN, "listen", "ADDR:PORT", "serve /metrics (127.0.0.1:9617)" },
    { OPT_RECORD, "record", "FILE", "keep all samples in FILE" },
    { OPT_REPLAY, "replay", "FILE", "show the samples of FILE; needs no Xen" },
};

void options_help(FILE *f)
{
    fputs("usage: xentop [OPTION...]\n"
          "Shows what the domains of a Xen host use: CPU, memory, networks, "
          "disks.\n\n",
          f);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        char left[40];
        g_snprintf(left, sizeof left, "--%s%s%s", rows[i].name,
                   rows[i].argument ? "=" : "",
                   rows[i].argument ? rows[i].argument : "");
        if (rows[i].letter < 256)
            fprintf(f, "  -%c, %-22s %s\n", rows[i].letter, left, rows[i].help);
        else
            fprintf(f, "      %-22s %s\n", left, rows[i].help);
    }
    fputs("\nThe screen explains its keys when ? is pressed.\n", f);
}

static int bad_value(struct err *err, const char *option, const char *text,
                     const char *wanted)
{
    return err_set(err, ERR_USAGE, "--%s takes %s, not \"%s\"", option, wanted,
                   text);
}

static int parse_delay(struct options *o, const char *text, struct err *err)
{
    char *end;
    o->delay = g_ascii_strtod(text, &end);
    if (end == text || *end || !(o->delay >= 0 && o->delay <= DELAY_MAX))
        return bad_value(err, "delay", text,
                         "seconds between 0 and 86400, as 3 or 0.5");
    return 0;
}

static int parse_iterations(struct options *o, const char *text,
                            struct err *err)
{
    char *end;
    o->iterations = g_ascii_strtoull(text, &end, 10);
    if (!g_ascii_isdigit(*text) || *end)
        return bad_value(err, "iterations", text, "a number");
    return 0;
}

static int parse_sort(struct options *o, const char *text, struct err *err)
{
    o->sort = column_find(text);
    if (o->sort != COLUMN_COUNT)
        return 0;
    bad_value(err, "sort", text, "the name of a column");
    g_autoptr(GString) names = g_string_new(NULL);
    for (int i = 0; i < COLUMN_COUNT; i++)
        g_string_append_printf(names, "%s%s", i ? " " : "", columns[i].id);
    return err_hint(err, "Columns: %s.", names->str);
}

static int set_mode(struct options *o, enum mode mode, struct err *err)
{
    bool taken = o->mode != MODE_SCREEN && o->mode != mode;
    /* `--json -b` says the same thing twice. */
    if (taken && mode == MODE_TEXT && o->mode == MODE_JSON)
        return 0;
    if (taken && !(o->mode == MODE_TEXT && mode == MODE_JSON))
        return err_set(err, ERR_USAGE,
                       "only one of --batch, --json, --prometheus and --listen "
                       "can be asked for");
    o->mode = mode;
    return 0;
}

static int take(struct options *o, int letter, const char *arg, struct err *err)
{
    switch (letter) {
    case 'd':
        return parse_delay(o, arg, err);
    case 'i':
        return parse_iterations(o, arg, err);
    case 'b':
        return set_mode(o, MODE_TEXT, err);
    case OPT_SORT:
        return parse_sort(o, arg, err);
    case OPT_JSON:
        return set_mode(o, MODE_JSON, err);
    case OPT_PROMETHEUS:
        return set_mode(o, MODE_PROMETHEUS, err);
    case OPT_LISTEN:
        o->listen = arg;
        return set_mode(o, MODE_LISTEN, err);
    case OPT_FILTER:
        o->filter = arg;
        return 0;
    case OPT_RECORD:
        o->record = arg;
        return 0;
    case OPT_REPLAY:
        o->replay = arg;
        return 0;
    default:
        return 0;
    }
}

/* The options that are a yes. */
static bool *flag(struct options *o, int letter)
{
    switch (letter) {
    case 'n':
        return &o->text.nets;
    case 'x':
        return &o->text.vbds;
    case 'v':
        return &o->text.vcpus;
    case 'r':
        return &o->text.repeat_header;
    case 'f':
        return &o->text.full_name;
    case 'p':
        return &o->pcpus;
    case 'z':
        return &o->dom0_first;
    case OPT_REVERSE:
        return &o->reverse;
    case OPT_PLAIN:
        return &o->plain;
    default:
        return NULL;
    }
}

static int refused(struct err *err, int c, char **argv)
{
    if (c == ':')
        err_set(err, ERR_USAGE, "option \"%s\" needs a value",
                argv[optind - 1]);
    else if (optopt && optopt < 256)
        err_set(err, ERR_USAGE, "there is no option \"-%c\"", optopt);
    else
        err_set(err, ERR_USAGE, "there is no option \"%s\"", argv[optind - 1]);
    return err_hint(err, "xentop --help lists the options.");
}

static void prepare(struct option *longs, GString *letters)
{
    g_string_assign(letters, ":");
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        bool argument = rows[i].argument;
        longs[i] =
            (struct option){ rows[i].name, argument, NULL, rows[i].letter };
        if (rows[i].letter < 256)
            g_string_append_printf(letters, "%c%s", rows[i].letter,
                                   argument ? ":" : "");
    }
}

static int check_together(const struct options *o, struct err *err)
{
    if (o->record && o->replay)
        return err_set(err, ERR_USAGE,
                       "--record and --replay cannot be asked for together");
    if (o->mode == MODE_LISTEN && o->record)
        return err_set(err, ERR_USAGE,
                       "--listen and --record cannot be asked for together");
    return 0;
}

int top_options_parse(struct options *o, int argc, char **argv, struct err *err)
{
    struct option longs[G_N_ELEMENTS(rows) + 1] = { 0 };
    g_autoptr(GString) letters = g_string_new(NULL);
    *o = (struct options){ .delay = DELAY_DEFAULT, .sort = COLUMN_NAME };
    prepare(longs, letters);
    optind = 0; /* start anew, also in a test that calls this twice */
    opterr = 0;
    int c;
    while ((c = getopt_long(argc, argv, letters->str, longs, NULL)) != -1) {
        bool *yes = flag(o, c);
        if (c == '?' || c == ':')
            return refused(err, c, argv);
        if (c == 'h' || c == 'V') {
            o->mode = c == 'h' ? MODE_HELP : MODE_VERSION;
            return 0;
        }
        if (yes)
            *yes = true;
        else if (take(o, c, optarg, err))
            return -1;
    }
    if (optind < argc)
        return err_set(err, ERR_USAGE, "\"%s\" is one word too many",
                       argv[optind]);
    return check_together(o, err);
}
