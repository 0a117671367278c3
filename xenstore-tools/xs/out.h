/* What a command prints: collected and written in large pieces. */
#ifndef XS_OUT_H
#define XS_OUT_H

#include <stdbool.h>
#include <stddef.h>

struct out {
    int fd;
    bool tty;    /* a person is watching: nothing unsafe goes out raw */
    int width;   /* columns of the terminal, 0 when not a terminal */
    bool failed; /* memory or write failure; errnum says which */
    int errnum;
    char *buf;
    size_t len, cap;
};

enum { OUT_FULL = 16384 }; /* flush when more than this has been collected */

void out_init(struct out *o, int fd);
void out_dispose(struct out *o);
/* Forgets what was collected (a transaction starts over). */
void out_reset(struct out *o);
/* Writes what was collected. 0, or -1 when this or anything before failed. */
int out_flush(struct out *o);
/* Whether a flush would begin without waiting for the reader. */
bool out_ready(const struct out *o);

/* The caller may write up to `len` bytes at the address returned and then adds
 * them with out_commit. NULL on failure (remembered in o->failed). */
char *out_reserve(struct out *o, size_t len);
void out_commit(struct out *o, size_t len);

void out_bytes(struct out *o, const void *data, size_t len);
void out_text(struct out *o, const char *s);
void out_char(struct out *o, char c);
void out_number(struct out *o, unsigned long n);
/* Bytes as they are, but quoted when they go to a terminal. */
void out_raw(struct out *o, const void *data, size_t len);
/* Always quoted. */
void out_quoted(struct out *o, const void *data, size_t len);
/* A JSON string with its quotation marks; bytes that are not UTF-8 become
 * U+FFFD. Returns false when there were such bytes. */
bool out_json(struct out *o, const void *data, size_t len);
/* `"value":"..."`, and behind it `,"hex":"..."` when the value is not UTF-8. */
void out_json_value(struct out *o, const void *data, size_t len);

#endif
