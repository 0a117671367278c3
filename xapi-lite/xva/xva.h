/* The XVA archive, XenServer's format of an exported VM: a tar whose first
 * member is ova.xml and whose others are the disks, a chunk and its checksum at
 * a time; plain, or packed by gzip or zstd. Pure: bytes come and go through the
 * caller's functions, and what is read is hostile until it has been checked.
 * Layout after XenServer's exports; tar after POSIX.1-1988 (ustar). */
#ifndef XAPI_XVA_H
#define XAPI_XVA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/value.h"
#include "model/fault.h"

enum {
    XVA_CHUNK = 1 << 20,         /* bytes of a chunk that is written */
    XVA_CHUNK_MAX = 16 << 20,    /* of a chunk that is read */
    XVA_METADATA_MAX = 32 << 20, /* of ova.xml */
    XVA_DISK_NAME = 64,          /* bytes of a disk's name with its 0 */
};

enum xva_pack { XVA_PLAIN, XVA_GZIP, XVA_ZSTD };
/* "gzip", "zstd", "true" (gzip), "false", "" or NULL (plain); -1 for others. */
int xva_pack_parse(const char *word);

/* Up to len bytes; 0 at the end, -1 with the fault. */
typedef ssize_t xva_read_fn(void *user, void *buf, size_t len, struct fault *f);
/* All of them, or -1 with the fault. */
typedef int xva_write_fn(void *user, const void *buf, size_t len,
                         struct fault *f);

/* Checksums of chunks: XXH64 as XenServer writes them today; SHA-1 as older
 * ones did, which every reader knows (and which is nine times slower). */
enum xva_sum { XVA_XXH64, XVA_SHA1 };
/* "xxhash" or NULL, "sha1"; -1 for others. */
int xva_sum_parse(const char *word);

/* ---- reading --------------------------------------------------------- */

struct xva_reader;

/* Knows plain, gzip and zstd by their first bytes. Never NULL. */
struct xva_reader *xva_reader_open(xva_read_fn *fn, void *user);
void xva_reader_close(struct xva_reader *r);
/* Chunks whose checksum is wrong are given out all the same (--force). */
void xva_reader_trust(struct xva_reader *r);
/* ova.xml as a tree, which must be the first call. Caller frees; NULL with the
 * fault: IMPORT_ERROR_PREMATURE_EOF, IMPORT_ERROR_UNEXPECTED_FILE [wanted,
 * found] or IMPORT_ERROR [why]. */
struct value *xva_read_metadata(struct xva_reader *r, struct fault *f);

struct xva_chunk {
    char disk[XVA_DISK_NAME]; /* its id in ova.xml: Ref:4 */
    bool first;               /* of this disk */
    uint64_t offset;          /* in the disk */
    const uint8_t *data;      /* until the next call */
    size_t len;               /* may be 0 */
};
/* The next chunk, its checksum verified: 1; 0 at the end of the archive; -1
 * with the fault: those above or IMPORT_ERROR_SOME_CHECKSUMS_FAILED. The chunks
 * of a disk follow each other in rising order, the first one is at 0. */
int xva_read_chunk(struct xva_reader *r, struct xva_chunk *out,
                   struct fault *f);

/* ---- writing --------------------------------------------------------- */

struct xva_writer;

/* Never NULL. */
struct xva_writer *xva_writer_open(enum xva_pack pack, enum xva_sum sum,
                                   xva_write_fn *fn, void *user);
int xva_write_metadata(struct xva_writer *w, const struct value *ova,
                       struct fault *f);
/* Chunk `index` (byte index * XVA_CHUNK of the disk) with its checksum. Chunks
 * of zeros may be left out, except the first and the last one. */
int xva_write_chunk(struct xva_writer *w, const char *disk, uint64_t index,
                    const void *data, size_t len, struct fault *f);
/* The end of the archive; after this nothing is held back. */
int xva_writer_end(struct xva_writer *w, struct fault *f);
void xva_writer_close(struct xva_writer *w);

#endif
