/* /metrics over HTTP, for a Prometheus server. */
#ifndef TOP_LISTEN_H
#define TOP_LISTEN_H

#include "top/options.h"

/* Serves until SIGINT or SIGTERM: 0; -1 with err when it cannot start. Each
 * request takes a sample; a second within it waits. */
int listen_run(const struct options *o, struct err *err);
/* "PORT", "ADDR:PORT", "[ADDR6]:PORT" or ":PORT" (loopback where no address is
 * given). Pure but for the resolving of numeric addresses. */
struct sockaddr_storage;
int listen_parse(const char *text, struct sockaddr_storage *out,
                 struct err *err);

#endif
