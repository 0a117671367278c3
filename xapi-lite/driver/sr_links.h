/* Which image of a folder stands on which. Private to driver/.
 *
 * A split makes a base with two images on it. So a base has lost a disk for
 * good only when there is a mark of it: NAME.gone, the head of an image that we
 * have removed, which tells what it stood on. An image that is missing without
 * a mark may come back; what it needs stays as it is. A base with more images
 * than two has a mark NAME.more for each further one. */
#ifndef XAPI_SR_LINKS_H
#define XAPI_SR_LINKS_H

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

#define LINKS_GONE ".gone"    /* an image that was removed */
#define LINKS_LIFT ".merging" /* a guest's QEMU takes in what it stands on */
#define LINKS_MORE ".more"    /* it came to a base that had its two images */
#define LINKS_DONE ".done"    /* it has gone again: its .more does not count */

enum link_kind { LINK_IMAGE, LINK_GONE, LINK_MORE };

struct image_link {
    char *name, *backing; /* backing: a name without folder; NULL: none */
    bool foreign;         /* the backing is in another folder */
    enum link_kind kind;
    ino_t inode;
};
/* Array of struct image_link; caller frees with g_array_unref. NULL when an
 * image cannot be read: then nothing may be taken for unused. */
GArray *links_read(const char *dir);
/* NULL: no such image. */
const struct image_link *links_find(const GArray *links, const char *name);
/* How many of a kind stand, or stood, on this base; the last of them in *one
 * unless that is NULL. */
unsigned links_count(const GArray *links, const char *base, enum link_kind kind,
                     const struct image_link **one);
/* Whether just `left` images stand on the base and all others that ever did
 * have left it for good. */
bool links_left(const GArray *links, const char *base, unsigned left);
/* base-UUID.qcow2: other names are those of disks. */
bool links_is_base(const char *name);
/* new-UUID.ENDING or new-top-UUID.ENDING: begun and not finished. */
bool links_is_new(const char *name);
/* The first bytes of an image, what it stands on among them, as a new file that
 * is on the disk when 0 is returned. -1: there is no such file. */
int links_keep_head(const char *image, const char *path);
/* Removes an image and leaves its mark when it stands on a base. Fails with
 * errno; an image that is not there is fine. */
int links_discard(const char *dir, const char *name);

#endif
