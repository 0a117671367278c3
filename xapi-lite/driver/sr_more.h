/* Splits of a disk that nobody has written to since the last one. Private to
 * driver/.
 *
 * Its overlay is empty, so that the new disk may stand on the same base: no
 * further layer, and a disk that is cloned a hundred times keeps its one. That
 * the base has more than the two images of a split is told by a mark for each,
 * NAME.more (see driver/sr_links.h); new-NAME.more until the disk is there. */
#ifndef XAPI_SR_MORE_H
#define XAPI_SR_MORE_H

#include "base/err.h"

/* The base in this folder that an image stands on without data of its own;
 * NULL: it is not so, or cannot be told. Caller frees. */
char *more_base(const char *path);
/* Makes `made`, new-NAME, an overlay of the same base and size as the image at
 * path. Of a failure nothing is left. */
int more_make(const char *dir, const char *path, const char *base,
              const char *made, struct err *err);
/* Of one file of a folder, whatever its name: gives the mark its name when the
 * disk is there, removes it when the disk was never made or has gone again. */
void more_tidy(const char *dir, const char *name);

#endif
