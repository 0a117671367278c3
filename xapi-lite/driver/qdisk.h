/* Disks in image files under running guests: QEMU is their back end. Private to
 * driver/. */
#ifndef XAPI_QDISK_H
#define XAPI_QDISK_H

#include "driver/driver.h"

/* Whether libxl gives such a disk to QEMU. */
bool qdisk_is(const struct disk_spec *disk);
/* Makes sure that a QEMU serves the disks of this guest. libxl starts one only
 * for guests that have such a disk from the beginning, and ends ours with the
 * guest as it ends its own. */
int qdisk_serve(uint32_t domid, struct err *err);
/* Waits until QEMU has opened the disk; fails after 10 s. */
int qdisk_wait(uint32_t domid, const char *vdev, struct err *err);
/* From here on the guest writes into `overlay`, an empty qcow2 file that stands
 * on `path`. QEMU knows the disk under either name, see sr_live.h. */
int qdisk_snapshot(uint32_t domid, const char *path, const char *overlay,
                   struct err *err);
/* Makes the disk larger while the guest runs, and tells the guest. */
int qdisk_resize(uint32_t domid, const char *path, const char *overlay,
                 uint64_t size, struct err *err);

#endif
