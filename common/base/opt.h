/* Command line options from rows: one row is the parser's, the help's and the
 * completion's only source. Words and options may be mixed; `--` ends the
 * options. */
#ifndef BASE_OPT_H
#define BASE_OPT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"

/* A letter below 32 stands for an option that has no short form: use
 * OPT_LONG(1) ... OPT_LONG(31) to name it. A table ends with an empty row. */
struct opt_row {
    char letter;
    const char *name; /* long name, or NULL */
    const char *arg;  /* name of its value in the help, or NULL: no value */
    const char *help; /* what it does; NULL hides it from the help */
};
#define OPT_LONG(n) ((char)(n))

/* What a command line said. {0} is "nothing given". Values are borrowed from
 * argv. The last value of a repeated option counts. */
struct opts {
    unsigned char count[128];
    const char *value[128];
    bool help; /* -h or --help: nothing else was looked at */
    char **words;
    int nr_words; /* words[nr_words] is NULL */
};

/* Parses argv[1..argc-1]; reorders argv so that `words` is its tail. err: an
 * unknown option, a missing or unwanted value (ERR_USAGE, exit 2). */
int opt_parse(const struct opt_row *rows, int argc, char **argv,
              struct opts *opts_out, struct err *err);

static inline bool opt_has(const struct opts *o, char letter)
{
    return o->count[(unsigned char)letter & 127] != 0;
}
/* Value of the option, or NULL when it was not given. */
static inline const char *opt_value(const struct opts *o, char letter)
{
    return o->value[(unsigned char)letter & 127];
}

/* One line per option that has a help text. */
void opt_print_help(FILE *f, const struct opt_row *rows);

#endif
