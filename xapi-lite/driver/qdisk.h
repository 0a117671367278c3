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
struct qmp;
/* QEMU's name of the one disk that is this file now, whatever QEMU calls the
 * file. A copy; NULL and err. */
char *qdisk_node(struct qmp *q, const char *path, struct err *err);
/* QEMU's name of the device that the guest has it as; NULL: none. A copy. */
char *qdisk_device(struct qmp *q, const char *path);
/* The process that serves the guest's disks in image files; 0: none. */
int qdisk_pid(uint32_t domid);
enum qdisk_answer { QDISK_YES, QDISK_NO, QDISK_SILENT };
/* From here on the guest writes into `overlay`, an empty qcow2 file that stands
 * on `path`. QEMU knows it under this name as long as it runs. QDISK_SILENT:
 * nobody knows into which of them it writes. */
enum qdisk_answer qdisk_snapshot(uint32_t domid, const char *path,
                                 const char *overlay, struct err *err);
/* Whether QEMU has opened a file of this name. */
enum qdisk_answer qdisk_opens(uint32_t domid, const char *file);
/* The guest's QEMU begins to copy `layers` images below the disk into it;
 * `below` is what it stands on then, NULL: nothing. Waits a second for the end.
 * One that is under way already goes on, which is no failure. */
int qdisk_merge(uint32_t domid, const char *path, unsigned layers,
                const char *below, struct err *err);
/* Ends every such merge of this guest; what is copied stays valid. A guest
 * without QEMU is fine. */
void qdisk_quiet(uint32_t domid);
/* Makes the disk larger while the guest runs, and tells the guest. */
int qdisk_resize(uint32_t domid, const char *path, uint64_t size,
                 struct err *err);

#endif
