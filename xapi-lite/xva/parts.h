/* Between the files of xva/. */
#ifndef XAPI_XVA_PARTS_H
#define XAPI_XVA_PARTS_H

#include "xva/xva.h"

/* ---- tar.c: heads of members ------------------------------------------- */

enum { TAR_BLOCK = 512 };

struct xva_tar_head {
    char name[101]; /* without a leading "./" */
    uint64_t size;
    bool folder; /* to be skipped */
};
/* A regular file's head; name is shorter than 100 bytes. */
void xva_tar_format(uint8_t out[TAR_BLOCK], const char *name, uint64_t size);
/* 1: a head; 0: a block of zeros, the archive ends; -1: neither. */
int xva_tar_parse(const uint8_t block[TAR_BLOCK], struct xva_tar_head *out);
/* Bytes of zeros behind the contents. */
size_t xva_tar_padding(uint64_t size);

/* ---- sum.c: checksums of chunks ----------------------------------------- */

enum { XVA_SUM_MAX = 41 }; /* text of the longest one, with its 0 */

/* ".xxhash" or ".checksum": what follows the chunk's name. */
const char *xva_sum_ending(enum xva_sum sum);
/* XXH64 as 16 upper case digits, SHA-1 as 40 lower case ones. */
void xva_sum_format(enum xva_sum sum, char out[XVA_SUM_MAX], const void *data,
                    size_t len);
/* Whether the text of a member NAME.xxhash or NAME.checksum is that of the
 * data: 1, 0, or -1: the ending is neither. */
int xva_sum_check(const char *ending, const char *text, const void *data,
                  size_t len);

/* ---- pack.c, unpack.c -----------------------------------------------------
 */

struct xva_packer;
struct xva_packer *xva_packer_open(enum xva_pack pack, xva_write_fn *fn,
                                   void *user);
int xva_packer_write(struct xva_packer *p, const void *buf, size_t len,
                     struct fault *f);
int xva_packer_end(struct xva_packer *p, struct fault *f);
void xva_packer_close(struct xva_packer *p);

struct xva_unpacker;
struct xva_unpacker *xva_unpacker_open(xva_read_fn *fn, void *user);
/* Fills buf; less only at the end of the data; -1 with the fault. */
ssize_t xva_unpacker_read(struct xva_unpacker *u, void *buf, size_t len,
                          struct fault *f);
bool xva_unpacker_is_plain(const struct xva_unpacker *u);
/* The packed data have come to their own end, checksum included. */
bool xva_unpacker_is_whole(const struct xva_unpacker *u);
void xva_unpacker_close(struct xva_unpacker *u);

#endif
