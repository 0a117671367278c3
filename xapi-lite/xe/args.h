/* What the user asked of xe: where to connect and which words to send. */
#ifndef XE_ARGS_H
#define XE_ARGS_H

#include <glib.h>
#include <stdbool.h>

#include "base/err.h"

/* {0} is valid. Texts are owned. */
struct xe_args {
    char *server; /* NULL: this host */
    int port;     /* 0: the usual one */
    char *username, *password;
    bool nossl, debug, debug_on_fail, version;
    char *traceparent;
    GPtrArray *words; /* char *: command, then its arguments as typed */
};

/* Reads the command line (argv without the program's name), then
 * `extra` (XE_EXTRA_ARGS: words between commas, "\," for a comma, or NULL),
 * then `file` (lines of ~/.xe, or NULL). What comes first wins. A password
 * file is read here: line 1 the user, line 2 the password. */
int xe_args_parse(struct xe_args *a, char *const *argv, const char *extra,
                  const char *file, struct err *err);
void xe_args_dispose(struct xe_args *a);

/* The body of the request: words, then user and password, one a line. */
char *xe_args_body(const struct xe_args *a);
/* Whether `name` is the value of one of the `key=value` words typed on the
 * command line: only such files may the server ask for. */
bool xe_args_names_file(const struct xe_args *a, const char *name);

#endif
