/* The command line of every verb: getopt's rules, one table of letters. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "xs/say.h"
#include "xs/verb.h"

static const struct option long_options[] = {
    { "help", 0, NULL, 'h' },       { "flat", 0, NULL, 'f' },
    { "prefix", 0, NULL, 'p' },     { "socket", 0, NULL, 's' },
    { "tidy", 0, NULL, 't' },       { "upto", 0, NULL, 'u' },
    { "recurse", 0, NULL, 'r' },    { "number", 1, NULL, 'n' },
    { "raw", 0, NULL, 'R' },        { "verbose", 0, NULL, 'v' },
    { "consistent", 0, NULL, 'c' }, { "json", 0, NULL, 'j' },
    { "depth", 1, NULL, 'd' },      { "timeout", 1, NULL, 'T' },
    { NULL, 0, NULL, 0 },
};

static bool *flag(struct options *o, int letter)
{
    switch (letter) {
    case 'f':
        return &o->flat;
    case 'p':
        return &o->prefix;
    case 't':
        return &o->tidy;
    case 'u':
        return &o->upto;
    case 'r':
        return &o->recurse;
    case 'R':
        return &o->raw;
    case 'v':
        return &o->words;
    case 'c':
        return &o->consistent;
    case 'j':
        return &o->json;
    default:
        return NULL;
    }
}

static int usage(const struct verb *v, const char *called_as)
{
    struct out o;

    out_init(&o, STDERR_FILENO);
    out_text(&o, "usage: ");
    out_text(&o, called_as);
    out_char(&o, ' ');
    out_text(&o, v->synopsis);
    out_char(&o, '\n');
    out_text(&o, v->help);
    out_flush(&o);
    out_dispose(&o);
    return -1;
}

/* A number from 0 up, with a fraction when `scale` is over 1. -1: not one. */
static long number(const char *text, long scale)
{
    char *end;
    double d;

    if (*text < '0' || *text > '9' || text[strspn(text, "0123456789.")])
        return -1;
    errno = 0;
    if (scale == 1) {
        long n = strtol(text, &end, 10);

        return *end || errno ? -1 : n;
    }
    d = strtod(text, &end) * (double)scale;
    return *end || d > INT_MAX ? -1 : (long)(d + 0.5);
}

static int take_number(struct job *job, int letter, const char *text)
{
    struct options *o = &job->opt;
    long n = number(text, letter == 'T' ? 1000 : 1);

    if (letter == 'n')
        o->number = n;
    else if (letter == 'd')
        o->depth = n;
    else
        o->timeout = n;
    if (n >= 0)
        return 0;
    say(job->prog, "'%s' is not a number for %s", text,
        letter == 'n'   ? "-n"
        : letter == 'd' ? "--depth"
                        : "--timeout");
    return -1;
}

static int bad_option(struct job *job, const char *word, int letter)
{
    char one[3] = { '-', (char)letter, '\0' };

    if (letter && !strncmp(word, "--", 2))
        letter = 0;
    say(job->prog, "option %s is not known here or lacks its argument",
        letter ? one : word);
    return -1;
}

static int take(struct job *job, const struct verb *v, int letter, char **argv)
{
    bool *f = flag(&job->opt, letter);

    if (letter == '?')
        return bad_option(job, argv[optind - 1], optopt);
    if (!strchr(v->options, letter))
        return bad_option(job, argv[optind - 1], letter);
    if (letter == 'h')
        return -1;
    if (f)
        *f = true;
    if (strchr("ndT", letter))
        return take_number(job, letter, optarg);
    return 0;
}

int options_parse(struct job *job, const struct verb *v, const char *called_as,
                  int argc, char **argv)
{
    int letter;

    job->opt.number = job->opt.depth = job->opt.timeout = -1;
    opterr = 0;
    if (!*v->options) {
        optind = 1; /* its arguments are its own business */
    } else {
        while ((letter = getopt_long(argc, argv, "hfspturRvcn:d:", long_options,
                                     NULL)) != -1)
            if (take(job, v, letter, argv))
                return usage(v, called_as);
    }
    job->args = argv + optind;
    job->n_args = argc - optind;
    return job->n_args < v->min_args ? usage(v, called_as) : 0;
}
