/* What the heads of disk images say, read without another program. Private to
 * driver/. */
#ifndef XAPI_SR_HEADER_H
#define XAPI_SR_HEADER_H

#include "driver/driver.h"

enum { HEADER_SIZE = 4096, FOOTER_SIZE = 512 };

struct image_header {
    uint64_t virtual_size; /* bytes */
    char backing[1024];    /* as written in the image; "": none */
};
/* QEMU's docs/interop/qcow2.txt; the first bytes of the file. A file whose data
 * are in another one is refused. */
int header_parse_qcow2(const uint8_t *head, size_t n, struct image_header *out,
                       struct err *err);
/* Whether a qcow2 file has no data of its own: no cluster is mapped, and no
 * snapshot, bitmap or unfinished change is in it. false too when it cannot be
 * read. */
bool header_is_empty(const char *path);
/* The last 512 bytes; Microsoft's Virtual Hard Disk Image Format
 * Specification. Differencing images are refused. */
int header_parse_vhd(const uint8_t *foot, size_t n, struct image_header *out,
                     struct err *err);
/* Of the file, by its format (raw, qcow2, vhd). */
int header_read(const char *path, const char *format, struct image_header *out,
                struct err *err);

#endif
