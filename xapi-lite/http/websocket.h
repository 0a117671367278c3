/* WebSocket (RFC 6455) over a request's connection, frames by wslay. */
#ifndef HTTP_WEBSOCKET_H
#define HTTP_WEBSOCKET_H

#include <stdbool.h>

#include "http/handler.h"

bool websocket_is_asked(const struct http_head *h);
/* Sec-WebSocket-Accept for a client's key. Caller frees. */
char *websocket_accept_key(const char *key);
/* Answers 101; picks the subprotocol "binary" when it is offered. */
int websocket_accept(struct http_request *r);
/* Copies bytes of fd into binary messages and messages into bytes, until one
 * side ends. */
void websocket_pump(struct http_request *r, int fd);

#endif
