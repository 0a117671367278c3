/* Which image of a folder stands on which. Private to driver/.
 *
 * A split makes a base with two images on it. So a base has lost a disk for
 * good only when there is a mark of it: NAME.gone, the head of an image that we
 * have removed, which tells what it stood on. An image that is missing without
 * a mark may come back; what it needs stays as it is. */
#ifndef XAPI_SR_LINKS_H
#define XAPI_SR_LINKS_H

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

#define LINKS_GONE ".gone"    /* an image that was removed */
#define LINKS_LIFT ".merging" /* a guest's QEMU takes in what it stands on */

struct image_link {
    char *name, *backing; /* backing: a name without folder; NULL: none */
    bool foreign;         /* the backing is in another folder */
    bool mark;            /* not an image, what is left of one */
    ino_t inode;
};
/* Array of struct image_link; caller frees with g_array_unref. NULL when an
 * image cannot be read: then nothing may be taken for unused. */
GArray *links_read(const char *dir);
/* NULL: no such image. */
const struct image_link *links_find(const GArray *links, const char *name);
/* How many stand on this base, or how many have left it; the last of them in
 * *one unless that is NULL. */
unsigned links_count(const GArray *links, const char *base, bool marks,
                     const struct image_link **one);
/* base-UUID.qcow2: other names are those of disks. */
bool links_is_base(const char *name);
/* new-UUID.ENDING or new-top-UUID.ENDING: begun and not finished. */
bool links_is_new(const char *name);
/* Removes an image and leaves its mark when it stands on a base. Fails with
 * errno; an image that is not there is fine. */
int links_discard(const char *dir, const char *name);

#endif
