/* The thin-CLI protocol between `xe` and the daemon: framed messages after a
 * greeting of both sides. Format: XenServer's thin CLI, version 0.2: integers
 * of 32 bits, little-endian; each message is a length and a body of that many
 * bytes; strings are a length and bytes; lists a count and items. */
#ifndef BASE_THINCLI_H
#define BASE_THINCLI_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define THIN_MAGIC "XenSource thin CLI protocol"
enum {
    THIN_MAJOR = 0,
    THIN_MINOR = 2,
    THIN_GREETING = 27 + 8,              /* bytes: magic, major, minor */
    THIN_MESSAGE_MAX = 32 * 1024 * 1024, /* no body is longer */
};

/* The numbers are those of the wire. */
enum thin_tag {
    THIN_PRINT = 0,
    THIN_LOAD = 1,
    THIN_PROMPT = 3,
    THIN_EXIT = 4,
    THIN_OK = 5,
    THIN_FAILED = 6,
    THIN_CHUNK = 7, /* `number` raw bytes follow, outside of any frame */
    THIN_END = 8,
    THIN_HTTP_GET = 12,
    THIN_HTTP_PUT = 13,
    THIN_ERROR = 14,
    THIN_DEBUG = 15,
    THIN_PRINT_STDERR = 16,
    THIN_HTTP_CONNECT = 17,
    THIN_WAIT = 18,
};

/* {0} is valid. Which fields are used depends on the tag: text (print, debug,
 * stderr, load's and http's file name, connect's url, error's code), url (http
 * get and put), number (exit, chunk), list (error's parameters). Owned. */
struct thin_message {
    enum thin_tag tag;
    char *text, *url;
    int32_t number;
    GPtrArray *list; /* char * */
};

/* Appends the frame of a message: length and body. */
void thin_encode(GByteArray *out, const struct thin_message *m);
/* Decodes one body (without its length). On failure *out is {0}. */
int thin_decode(const uint8_t *body, size_t len, struct thin_message *out,
                struct err *err);
void thin_message_dispose(struct thin_message *m);

/* The greeting, and its check: 0 when it is a peer of our major version.
 * *minor_out tells whether it knows heartbeats (2 and later). */
void thin_greet(uint8_t out[THIN_GREETING]);
int thin_check_greeting(const uint8_t in[THIN_GREETING], int32_t *minor_out,
                        struct err *err);
/* Length of the next body from its four bytes. */
int thin_length(const uint8_t in[4], uint32_t *len_out, struct err *err);

#endif
