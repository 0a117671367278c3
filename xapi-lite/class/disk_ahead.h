/* A disk beside its archive: a thread reads or writes the disk while the caller
 * packs or unpacks, so that neither waits for the other. */
#ifndef XAPI_DISK_AHEAD_H
#define XAPI_DISK_AHEAD_H

#include "class/contents.h"

/* Reads t from its start in pieces of `piece` bytes, the last one may be
 * shorter; nobody else uses t meanwhile. Never NULL. */
struct read_ahead *read_ahead_open(struct contents *t, size_t piece);
struct ahead_piece {
    uint64_t offset;
    size_t len;
    const uint8_t *data; /* until the next call */
    bool hole;           /* zeros that were not read; data has them all the
                          * same */
};
/* 1; 0 at the end of the disk; -1 with the fault of reading. Not called again
 * after these two. */
int read_ahead_next(struct read_ahead *a, struct ahead_piece *out,
                    struct fault *f);
/* Waits for the piece that is being read. */
void read_ahead_close(struct read_ahead *a);

/* Writes to t, in the order of the calls; nobody else uses t meanwhile. Never
 * NULL. */
struct write_behind *write_behind_open(struct contents *t);
/* Copies the data. -1 with the fault of this or of an earlier piece. */
int write_behind_put(struct write_behind *w, uint64_t offset, const void *data,
                     size_t len, struct fault *f);
/* len bytes of zeros, where they are none yet. */
int write_behind_zero(struct write_behind *w, uint64_t offset, uint64_t len,
                      struct fault *f);
/* Waits for all of it, and frees. -1 with the fault of any piece. NULL is
 * fine. */
int write_behind_close(struct write_behind *w, struct fault *f);

#endif
