/* HTTP requests that the server asks xe for while a command runs: files up and
 * down, and a console to the terminal. */
#ifndef XE_TRANSFER_H
#define XE_TRANSFER_H

#include "xe/conn.h"

/* Who to ask (the server of the command), and how to show it. */
struct transfer {
    struct conn_target target;
    bool progress; /* a bar on standard error */
};

/* Downloads url to a new file ("" is standard output). url is a path, or
 * https://HOST/path. An existing file is refused; a broken download leaves no
 * file. */
int transfer_get(const struct transfer *t, const char *file, const char *url,
                 struct err *err);
/* Uploads a file ("" is standard input). */
int transfer_put(const struct transfer *t, const char *file, const char *url,
                 struct err *err);
/* Joins the terminal with a console until the server ends it or Ctrl-] is
 * typed. */
int transfer_connect(const struct transfer *t, const char *url,
                     struct err *err);

#endif
