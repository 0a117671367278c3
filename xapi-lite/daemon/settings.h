/* What the command line and /etc/xapi-lite.conf say. */
#ifndef DAEMON_SETTINGS_H
#define DAEMON_SETTINGS_H

#include <stdbool.h>

#include "base/err.h"

#define SETTINGS_FILE "/etc/xapi-lite.conf"

/* Texts are owned. See settings.def for meanings and defaults. */
struct settings {
#define TEXT(name, dflt, meaning) char *name;
#define NUMBER(name, dflt, min, max, meaning) int name;
#include "daemon/settings.def"
#undef TEXT
#undef NUMBER
    bool no_xen, debug, check, show_version, show_help;
    char *file; /* of the settings, NULL: the usual one if it is there */
};

/* Command line first, then the file, then defaults. Mistakes in the file are
 * shown on standard error with their places. */
int settings_read(struct settings *s, int argc, char **argv, struct err *err);
void settings_dispose(struct settings *s);
/* The text of --help. */
void settings_usage(void);

#endif
