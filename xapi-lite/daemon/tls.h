/* TLS in front of the daemon: a stunnel4 process that ends in the socket where
 * a password is required. */
#ifndef DAEMON_TLS_H
#define DAEMON_TLS_H

#include "daemon/settings.h"

struct tls;

/* Path of the socket behind TLS. Caller frees. */
char *tls_socket_path(const struct settings *s);
/* Makes key and certificate when the file is missing, writes stunnel's
 * configuration, starts it and keeps it running. s must outlive it. */
struct tls *tls_open(const struct settings *s, struct err *err);
void tls_close(struct tls *t); /* NULL is fine */

#endif
