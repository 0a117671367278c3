/* Splits of a disk that nobody has written to since the last one. Private to
 * driver/.
 *
 * Its overlay is empty, so that the new disk may stand on the same base: no
 * further layer, and a disk that is cloned a hundred times keeps its one. That
 * the base has more than the two images of a split is told by a mark for each,
 * NAME.more (see driver/sr_links.h); new-NAME.more until the disk is there. */
#ifndef XAPI_SR_MORE_H
#define XAPI_SR_MORE_H

#include "driver/sr_header.h"

/* Whether an image stands on a base of its folder without data of its own; then
 * its head is in *head_out. */
bool more_fits(const char *path, struct image_header *head_out);
/* Makes `made`, new-NAME, an overlay of the same base and size as the image at
 * path, whose head this is. Of a failure links_discard and more_tidy remove
 * what is left. */
int more_make(const char *path, const struct image_header *head,
              const char *made, struct err *err);
/* Of one file of a folder, whatever its name: gives the mark its name when the
 * disk is there, removes it when the disk was never made or has gone again. */
void more_tidy(const char *dir, const char *name);

#endif
