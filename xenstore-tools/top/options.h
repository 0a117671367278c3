/* The command line of xentop. */
#ifndef TOP_OPTIONS_H
#define TOP_OPTIONS_H

#include "top/columns.h"
#include "top/text.h"

enum mode {
    MODE_SCREEN,
    MODE_TEXT,
    MODE_JSON,
    MODE_PROMETHEUS,
    MODE_LISTEN,
    MODE_HELP,
    MODE_VERSION,
};

struct options {
    enum mode mode;
    double delay;        /* seconds */
    uint64_t iterations; /* 0: without end */
    struct text_options text;
    bool pcpus;      /* -p */
    bool dom0_first; /* -z */
    bool plain;      /* no colours */
    bool reverse;
    enum column_id sort;
    const char *filter; /* borrowed from argv, as all texts here; or NULL */
    const char *listen; /* ADDR:PORT */
    const char *record, *replay;
};

/* Fills o; 0, or -1 with err (usage). */
int top_options_parse(struct options *o, int argc, char **argv,
                      struct err *err);
void options_help(FILE *f);

#endif
