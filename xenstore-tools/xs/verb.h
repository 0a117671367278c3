/* A verb of the program `xenstore` (and the link xenstore-VERB): its row in
 * verbs.def and the function behind it, one file each. */
#ifndef XS_VERB_H
#define XS_VERB_H

#include <stdbool.h>

#include "xs/client.h"
#include "xs/out.h"

struct options {
    bool flat, prefix, tidy, upto, recurse, raw, json, words, consistent;
    long number;  /* watch: events to wait for; -1: no limit */
    long depth;   /* ls: levels to show; -1: all */
    long timeout; /* watch: milliseconds; -1: no limit */
};

/* One call of a verb. */
struct job {
    const char *prog; /* for messages */
    struct client client;
    struct out out;
    struct options opt;
    char **args; /* what is left of the command line */
    int n_args;
};

/* Exit codes. */
enum { XS_OK = 0, XS_FAILED = 1, XS_TIMEOUT = 2 };

struct verb {
    const char *name;
    const char *options;  /* letters that it takes, see options.c */
    const char *synopsis; /* behind the name in the usage line */
    const char *help;     /* lines on its options */
    int min_args;
    int (*run)(struct job *job); /* returns an exit code; has said why */
};

/* NULL when there is no such verb. */
const struct verb *verb_find(const char *name);
/* Reads options and arguments into job. Returns 0, or -1 having said what is
 * wrong and how the verb is called. */
int options_parse(struct job *job, const struct verb *v, const char *called_as,
                  int argc, char **argv);
/* Says "PROG: what: reason" (see say.h) and returns XS_FAILED. */
int verb_failed(struct job *job, const char *what, const char *path);
/* The program: finds the verb, runs it, returns the exit code. */
int xenstore_run(int argc, char **argv);

#define VERB(name, function, options, min_args, synopsis, help)                \
    int function(struct job *job);
#include "xs/verbs.def"
#undef VERB

#endif
